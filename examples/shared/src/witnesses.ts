import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "@synaps/host";
import type { Catalog } from "@synaps/sdk/protocol";
import type { Scratch } from "./scratch.js";

/** The two extensions that are told of every kind of a catalog and count them: the same thing in two languages. */
export const WITNESSES = {
  python: {
    id: "witness-python",
    command: "python3",
    file: fileURLToPath(new URL("../witness/witness.py", import.meta.url)),
  },
  typescript: {
    id: "witness-typescript",
    command: "node",
    file: fileURLToPath(new URL("witness.js", import.meta.url)),
  },
} as const;

/** Writes the manifests of both for one catalog, and returns their folders for `createHost({ folders })`. */
export function witnesses(scratch: Scratch, catalog: Catalog): string[] {
  return Object.values(WITNESSES).map(({ id, command, file }) => {
    const folder = join(scratch.root, "witnesses", id);
    const manifest = { name: id, version: "0.1.0", extension: sectionFor(catalog, command, file) };
    mkdirSync(join(folder, ".synaps-plugin"), { recursive: true });
    writeFileSync(join(folder, ".synaps-plugin", "plugin.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    return folder;
  });
}

function sectionFor({ name, kinds }: Catalog, command: string, file: string): object {
  const permissions = new Set(Object.values(kinds).map(({ permission }) => permission));
  // Asked first, before anybody can stop an event, and once for each: a rewriter is not asked again about what others changed.
  const hooks = Object.entries(kinds).map(([hook, { delivery }]) =>
    delivery === "gate" ? { hook, priority: "highest", phase: "rewrite" } : { hook },
  );
  return {
    protocol_version: 3,
    runtime: "process",
    command,
    args: [file, name],
    permissions: ["tools.register", ...permissions],
    hooks,
  };
}

/** What a witness has counted, by kind; undefined if it does not run, for instance because there is no Python. */
export async function seenBy(
  host: Host,
  { id }: { id: string },
): Promise<ReadonlyMap<string, number> | undefined> {
  if (!host.tools.list().some(({ name }) => name === `${id}:seen`)) return undefined;
  const { content } = await host.tools.call(`${id}:seen`, {});
  return new Map(Object.entries(JSON.parse(content) as Record<string, number>));
}
