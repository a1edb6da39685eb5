import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readSync,
  statSync,
} from "node:fs";
import { basename, delimiter, resolve } from "node:path";
import type { SpawnRequest } from "./child.js";

/** The part of a file that systems read when they look for its interpreter. */
const HEAD_BYTES = 256;
/** Interpreters that are scripts themselves; Linux follows 4. */
const MAX_DEPTH = 5;
const DEFAULT_PATH = "/usr/bin:/bin";

type Program = Pick<SpawnRequest, "command" | "cwd" | "env">;

/** The reason for which a program that exists cannot run, and the remedy. */
export interface ProgramFault {
  why: string;
  hint: string;
}

/** Replaces control characters, so that a name cannot write on a terminal. */
export function shown(name: string): string {
  return name.replace(/\p{Cc}/gu, "?");
}

/** Finds the file of a program as the operating system does: by its path, or in the folders of PATH. */
export function findProgram({ command, cwd, env }: Program): string | undefined {
  if (/[/\\]/.test(command)) return isFile(resolve(cwd, command)) ? resolve(cwd, command) : undefined;
  const folders = (env["PATH"] ?? DEFAULT_PATH).split(delimiter);
  return folders.map((folder) => resolve(cwd, folder, command)).find(isFile);
}

/** Looks at the first line of a program that exists: the cause may be there when its start or its first step failed. */
export function programFault(program: Program): ProgramFault | undefined {
  let file = findProgram(program);
  for (let depth = 0; file !== undefined && depth < MAX_DEPTH; depth += 1) {
    const head = headOf(file);
    if (head.startsWith("\xef\xbb\xbf#!")) return BYTE_ORDER_MARK(shown(file));
    const line = /^#!([^\n]*)\n?/.exec(head)?.[1];
    if (line === undefined) return undefined;
    if (line.endsWith("\r")) return WINDOWS_LINE_END(shown(file), shown(line.slice(0, -1).trim()));
    const [interpreter = "", ...args] = line.trim().split(/[ \t]+/);
    const path = resolve(program.cwd, interpreter);
    if (!existsSync(path)) return noInterpreter(shown(file), path);
    if (!mayExecute(path)) return NOT_EXECUTABLE(shown(file), shown(path));
    const byEnv = basename(path) === "env" ? args.find((arg) => !/^-|=/.test(arg)) : undefined;
    const next = byEnv === undefined ? path : findProgram({ ...program, command: byEnv });
    if (next === undefined) return notOnPath(shown(file), shown(byEnv ?? interpreter));
    file = next;
  }
  return undefined;
}

/** True for a program of the machine's own kind, whose loader can be missing. */
export function isBinary(file: string): boolean {
  return headOf(file).startsWith("\x7fELF");
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export function mayExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const BYTE_ORDER_MARK = (file: string): ProgramFault => ({
  why: `'${file}' begins with a byte order mark, so that its first line names no interpreter`,
  hint: `Save '${file}' as UTF-8 without a byte order mark.`,
});

const WINDOWS_LINE_END = (file: string, interpreter: string): ProgramFault => ({
  why: `the first line of '${file}' ends with a carriage return (a Windows line end), which the system reads as part of '${interpreter}'`,
  hint: `Save '${file}' with Unix line ends; in a Git repository, '* text=auto eol=lf' in .gitattributes keeps them.`,
});

const NOT_EXECUTABLE = (file: string, interpreter: string): ProgramFault => ({
  why: `'${file}' names the interpreter '${interpreter}', which may not be executed`,
  hint: `Correct the first line of '${file}', or run: chmod +x ${interpreter}`,
});

function noInterpreter(file: string, path: string): ProgramFault {
  const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  const missing = link ? "which is a link to a file that does not exist" : "which does not exist";
  return {
    why: `'${file}' names the interpreter '${shown(path)}', ${missing}`,
    hint: `Install '${shown(path)}', or correct the first line of '${file}'.`,
  };
}

function notOnPath(file: string, name: string): ProgramFault {
  return {
    why: `'${file}' is run by '${name}', which is not on PATH`,
    hint: `Install '${name}', or correct the first line of '${file}'.`,
  };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The first bytes, one character each. Empty when the file cannot be read. */
function headOf(file: string): string {
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
