import { constants } from "node:fs";
import { access, readdir, realpath, stat } from "node:fs/promises";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";
import { readRegularFile } from "@synaps/host/tooling";

const MOST_PACKAGE_BYTES = 1024 * 1024;
/** Folders above a program in which its package.json is looked for. */
const MOST_STEPS = 4;
const VERSION = /^\d+\.\d+\.\d+(?:[-+].*)?$/;

/** The first program of a name in the folders of PATH. Folders that are not absolute do not count. */
export async function findProgram(name: string, path: string | undefined): Promise<string | undefined> {
  for (const folder of (path ?? "").split(delimiter).filter(isAbsolute)) {
    const file = join(folder, name);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/**
 * The version of an installed program, from the package.json that it came with or from the name of its folder; null where
 * neither tells. Nothing is run.
 */
export async function versionOf(program: string): Promise<string | null> {
  const real = await realpath(program).catch(() => program);
  if (VERSION.test(basename(real))) return basename(real);
  let folder = dirname(real);
  for (let step = 0; step < MOST_STEPS; step += 1, folder = dirname(folder)) {
    if (VERSION.test(basename(folder))) return basename(folder);
    const names: readonly string[] = await readdir(folder).catch(() => []);
    if (!names.includes("package.json")) continue;
    return packageVersion(join(folder, "package.json"));
  }
  return null;
}

async function packageVersion(file: string): Promise<string | null> {
  try {
    const { version } = JSON.parse((await readRegularFile(file, MOST_PACKAGE_BYTES)).toString()) as {
      version?: unknown;
    };
    return typeof version === "string" ? version : null;
  } catch {
    return null;
  }
}
