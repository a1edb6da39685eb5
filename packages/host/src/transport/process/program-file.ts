import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { delimiter, resolve } from "node:path";
import type { SpawnRequest } from "./child.js";

/** The part of a file that systems read when they look for its interpreter. */
export const HEAD_BYTES = 256;
const DEFAULT_PATH = "/usr/bin:/bin";

export type Program = Pick<SpawnRequest, "command" | "args" | "cwd" | "env">;

/** Replaces control characters, so that a name cannot write on a terminal. */
export function shown(name: string): string {
  return name.replace(/\p{Cc}/gu, "?");
}

/** Finds the file of a program as the operating system does: by its path, or in the folders of PATH. */
export function findProgram({ command, cwd, env }: Omit<Program, "args">): string | undefined {
  if (/[/\\]/.test(command)) return isFile(resolve(cwd, command)) ? resolve(cwd, command) : undefined;
  const folders = (env["PATH"] ?? DEFAULT_PATH).split(delimiter);
  return folders.map((folder) => resolve(cwd, folder, command)).find(isFile);
}

/** True for a program of the machine's own kind, whose loader can be missing. */
export function isBinary(file: string): boolean {
  return headOf(file).startsWith("\x7fELF");
}

export function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() ?? false;
}

export function isFile(path: string): boolean {
  return statsOf(path)?.isFile() ?? false;
}

/** Undefined for what is not there, and for what this user may not look at, as in a folder of PATH that is another's. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** True for a link whose target does not exist. The caller has found that nothing is there. */
export function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    // The path leads nowhere, or through something that is no folder: nothing is there.
    return false;
  }
}

export function mayExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first bytes, one character each. Empty when the file cannot be read. */
export function headOf(file: string): string {
  let fd: number | undefined;
  try {
    fd = openSync(file, "r");
    const head = Buffer.alloc(HEAD_BYTES);
    return head.toString("latin1", 0, readSync(fd, head, 0, HEAD_BYTES, 0));
  } catch {
    return "";
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
