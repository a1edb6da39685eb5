import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import {
  findProgram,
  HEAD_BYTES,
  headOf,
  isFile,
  isFolder,
  isLink,
  mayExecute,
  shown,
  type Program,
} from "./program-file.js";

/** Interpreters that are scripts themselves; Linux follows 4. */
const MAX_DEPTH = 5;

/** The reason for which a program that exists cannot run, and the remedy. */
export interface ProgramFault {
  why: string;
  hint: string;
}

/** Looks at the first line of a program that exists: the cause may be there when its start or its first step failed. */
export function programFault(program: Program): ProgramFault | undefined {
  let file = findProgram(program);
  for (let depth = 0; file !== undefined && depth < MAX_DEPTH; depth += 1) {
    const head = headOf(file);
    const unread = unreadFirstLine(shown(file), head);
    if (unread) return unread;
    const line = /^#!([^\n]*)/.exec(head)?.[1];
    if (line === undefined) return undefined;
    if (line.endsWith("\r")) return WINDOWS_LINE_END(shown(file), shown(line.trim()));
    const [interpreter = "", ...words] = line.trim().split(/[ \t]+/);
    const path = resolve(program.cwd, interpreter);
    if (!existsSync(path)) return noInterpreter(shown(file), path);
    if (isFolder(path)) return FOLDER(shown(file), shown(path));
    if (!mayExecute(path)) return NOT_EXECUTABLE(shown(file), shown(path));
    const byEnv = basename(path) === "env" ? programOfEnv(words) : undefined;
    const next = byEnv === undefined ? path : findProgram({ ...program, command: byEnv });
    if (next === undefined) return notOnPath(shown(file), shown(byEnv ?? interpreter));
    file = next;
  }
  return undefined;
}

/**
 * Looks for the cause of an exit with this code in the program's files. A system hands a file that it cannot run to the
 * shell, so that a binary or a script with an odd first line may end in any way.
 */
export function exitFault(program: Program, code: number): ProgramFault | undefined {
  const file = findProgram(program);
  if (file === undefined) return undefined;
  const head = headOf(file);
  if (code === 0) return unreadFirstLine(shown(file), head);
  const script = scriptOf(program, file, head);
  const misread = SHELL_GAVE_UP.has(code) ? foreignBinary(shown(file), head) : undefined;
  return programFault(program) ?? misread ?? windowsScript(script);
}

/** A file whose first line names an interpreter for people only. */
function unreadFirstLine(file: string, head: string): ProgramFault | undefined {
  if (head.startsWith("\xef\xbb\xbf#!")) return BYTE_ORDER_MARK(file);
  if (/^(?:\xff\xfe|\xfe\xff)/.test(head) && head.replaceAll("\0", "").startsWith("#!", 2))
    return UTF_16(file);
  const cut = head.startsWith("#!") && head.length === HEAD_BYTES && !head.includes("\n");
  return cut ? LONG_LINE(file) : undefined;
}

/** Beginnings of programs for systems and machines: ELF, Mach-O, and Windows but not its portable cousin; archives. */
const BINARY = /^(?:\x7fELF|\xcf\xfa\xed\xfe|\xce\xfa\xed\xfe|\xca\xfe\xba\xbe|MZ(?!qFpD)|PK)/;
/** Exit codes of shells for a file of which they can make nothing. */
const SHELL_GAVE_UP: ReadonlySet<number> = new Set([2, 126, 127]);
/** Class, byte order and machine of an ELF file. */
const ELF_KIND = [4, 5, 18, 19] as const;

function foreignBinary(file: string, head: string): ProgramFault | undefined {
  if (!BINARY.test(head)) return undefined;
  const own = headOf(process.execPath);
  const ours = head.startsWith(own.slice(0, 4)) && (!own.startsWith("\x7fELF") || sameKind(head, own));
  return ours ? undefined : FOREIGN(file);
}

function sameKind(head: string, own: string): boolean {
  return ELF_KIND.every((at) => head[at] === own[at]);
}

/** The shell script that a command runs: its own file when the system left that to a shell, or its first argument. */
function scriptOf({ command, args, cwd }: Program, file: string, head: string): string | undefined {
  if (/^(?:ba|da|z|k)?sh$/.test(basename(command))) {
    const named = args.find((arg) => !/^[-+]/.test(arg));
    const path = named === undefined || args.includes("-c") ? undefined : resolve(cwd, named);
    return path !== undefined && isFile(path) ? path : undefined;
  }
  return head.includes("\0") ? undefined : file;
}

function windowsScript(script: string | undefined): ProgramFault | undefined {
  if (script === undefined || !/^[^\n]*\r\n/.test(headOf(script))) return undefined;
  const file = shown(script);
  return {
    why: `the lines of '${file}' end with a carriage return (a Windows line end), which a shell reads as part of each command`,
    hint: UNIX_LINE_ENDS(file),
  };
}

/** The program that `env` runs, by its words in a first line. Undefined when quotes or variables hide it. */
function programOfEnv(words: readonly string[]): string | undefined {
  const [first = "", ...rest] = words;
  const all = [first.replace(/^(?:-v?S|--split-string=)/, ""), ...rest].filter((word) => word !== "");
  if (all.some((word) => /['"$\\]/.test(word))) return undefined;
  for (let at = 0; at < all.length; at += 1) {
    const word = all[at] ?? "";
    if (/^(?:-[i0v]*[uCP]|--unset|--chdir)$/.test(word)) at += 1;
    else if (!/^-|=/.test(word)) return word;
  }
  return undefined;
}

const UNIX_LINE_ENDS = (file: string): string =>
  `Save '${file}' with Unix line ends; in a Git repository, '* text=auto eol=lf' in .gitattributes keeps them.`;

const BYTE_ORDER_MARK = (file: string): ProgramFault => ({
  why: `'${file}' begins with a byte order mark, so that its first line names no interpreter`,
  hint: `Save '${file}' as UTF-8 without a byte order mark.`,
});

const UTF_16 = (file: string): ProgramFault => ({
  why: `'${file}' is saved as UTF-16, so that its first line names no interpreter`,
  hint: `Save '${file}' as UTF-8 without a byte order mark.`,
});

const LONG_LINE = (file: string): ProgramFault => ({
  why: `the first line of '${file}' is longer than the ${HEAD_BYTES - 1} bytes that systems read of it`,
  hint: `Shorten the first line of '${file}'.`,
});

const FOREIGN = (file: string): ProgramFault => ({
  why: `'${file}' is a program for another system, or damaged, so that a shell tried to read it`,
  hint: "Install a build for this system.",
});

const FOLDER = (file: string, path: string): ProgramFault => ({
  why: `'${file}' names the interpreter '${path}', which is a folder`,
  hint: `Correct the first line of '${file}'.`,
});

const WINDOWS_LINE_END = (file: string, interpreter: string): ProgramFault => ({
  why: `the first line of '${file}' ends with a carriage return (a Windows line end), which the system reads as part of '${interpreter}'`,
  hint: UNIX_LINE_ENDS(file),
});

const NOT_EXECUTABLE = (file: string, interpreter: string): ProgramFault => ({
  why: `'${file}' names the interpreter '${interpreter}', which may not be executed`,
  hint: `Correct the first line of '${file}', or run: chmod +x ${interpreter}`,
});

function noInterpreter(file: string, path: string): ProgramFault {
  const missing = isLink(path) ? "which is a link to a file that does not exist" : "which does not exist";
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
