import { existsSync } from "node:fs";
import { PROTOCOL_VERSIONS, SYNAPS_VERSION } from "@synaps/sdk/protocol";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { cliVersion } from "../package-version.js";
import { placesOf } from "../places.js";
import { jsonDocument, plain } from "../text.js";

/** Says what this is and which paths it uses: the first thing to look at when something is not found. */
export async function version({ stdout }: Io, flags: { json?: boolean; baseDir?: string }): Promise<number> {
  const { baseDir, userExtensions, projectExtensions, lockFile, globalConfig } = placesOf(flags);
  const paths = { baseDir, userExtensions, projectExtensions, lockFile, globalConfig };
  const versions = {
    version: cliVersion(),
    node: process.version,
    synapsVersion: SYNAPS_VERSION,
    protocols: PROTOCOL_VERSIONS,
  };
  if (flags.json) {
    await stdout.write(jsonDocument({ schemaVersion: 1, ...versions, paths }));
    return EXIT.ok;
  }
  const lines: [string, string][] = [
    ["synaps-ext", versions.version],
    ["node", versions.node],
    ["protocols", PROTOCOL_VERSIONS.join(", ")],
    ["compatible with", `SynapsCLI ${SYNAPS_VERSION}`],
    ["base folder", place(baseDir)],
    ["user extensions", place(userExtensions)],
    [
      "project extensions",
      projectExtensions === null
        ? "switched off by SYNAPS_DISABLE_PROJECT_PLUGINS"
        : place(projectExtensions),
    ],
    ["approvals", place(lockFile)],
    ["configuration", place(globalConfig)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  await stdout.write(lines.map(([name, value]) => `${name.padEnd(width)}  ${plain(value)}\n`).join(""));
  return EXIT.ok;
}

function place(path: string): string {
  return existsSync(path) ? path : `${path} (not there yet)`;
}
