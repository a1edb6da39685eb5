import { createHash } from "node:crypto";
import { join } from "node:path";
import { nullLogger } from "@synaps/host";
import { runCommand, settingsOf, type InstallOptions } from "@synaps/host/tooling";
import { section } from "../../../helpers/manifests.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";

export const HERE = { platform: "linux", arch: "x64" } as const;
export const KEY = "linux-x86_64";

export interface Installed {
  base: string;
  root: string;
  options: InstallOptions;
}

/** An extension in the user's folder, not set up yet. */
export function installed(
  change: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>> = {},
  options: Partial<InstallOptions> = {},
): Installed {
  const base = tempDir();
  const root = writeExtension(join(base, "plugins"), "tool", section({ command: "sh", ...change }), files);
  const settings = settingsOf({ baseDir: base, projectDir: base, logger: nullLogger });
  return { base, root, options: { settings, run: runCommand, ...HERE, ...options } };
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
