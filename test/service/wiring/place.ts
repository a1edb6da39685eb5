import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { wire, type Surroundings, type WireOptions, type WireReport } from "@synaps/service/wiring";
import { tempDir } from "../../helpers/temp.js";
import type { Configuration } from "./configurations.js";

/** A home, a project and a base folder of their own. */
export function place(): Surroundings {
  const root = tempDir();
  for (const folder of ["home", "project"]) mkdirSync(join(root, folder));
  return {
    env: { PATH: process.env["PATH"] },
    home: join(root, "home"),
    project: join(root, "project"),
    baseDir: join(root, "base"),
  };
}

/** Writes a configuration below the home folder, and returns its path. */
export function write({ home }: Surroundings, { path, text, mode, linkTo }: Configuration): string {
  const file = join(home, path);
  if (text === undefined) return file;
  const target = linkTo === undefined ? file : join(home, linkTo);
  for (const one of [file, target]) mkdirSync(dirname(one), { recursive: true });
  writeFileSync(target, text);
  chmodSync(target, mode ?? 0o644);
  if (target !== file) symlinkSync(target, file);
  return file;
}

/** The content and the rights of a file; undefined when there is none. */
export function stateOf(path: string): { text: string; mode: string } | undefined {
  if (!existsSync(path)) return undefined;
  return { text: readFileSync(path, "latin1"), mode: (statSync(path).mode & 0o777).toString(8) };
}

export function wiredWith(
  surroundings: Surroundings,
  agent: WireOptions["agent"],
  options: Partial<WireOptions> = {},
): Promise<WireReport> {
  return wire(surroundings, {
    agent,
    scope: "user",
    mode: "open",
    http: false,
    allEvents: false,
    dryRun: false,
    node: process.execPath,
    cli: "/nowhere/synaps-ext.js",
    ...options,
  });
}
