import { closeSync, openSync, readSync } from "node:fs";
import { basename, extname, relative, resolve, sep } from "node:path";
import { findProgram, isFile, shown, type Program } from "./program-file.js";

/** Bytes of a script that are looked through: more than authors write by hand. */
const MAX_SCRIPT_BYTES = 256 * 1024;
const MAX_LINE = 100;

/** The text file that a command runs. */
export interface Script {
  path: string;
  language: "javascript" | "typescript" | "python" | "other";
  lines: readonly string[];
}

const LANGUAGES: Readonly<Record<string, Script["language"]>> = {
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".py": "python",
};

/** Finds the script of a command inside its folder: the first argument that is a file there, or the command itself. */
export function scriptOf(program: Program): Script | undefined {
  const { args, cwd } = program;
  const named = args.map((arg) => resolve(cwd, arg)).find((path) => isInside(cwd, path) && isFile(path));
  const own = findProgram(program);
  const path = named ?? (own !== undefined && isInside(cwd, own) ? own : undefined);
  const text = path === undefined ? undefined : beginningOf(path);
  if (path === undefined || text === undefined || text.includes("\0")) return undefined;
  const lines = text.split("\n");
  const runner = `${basename(program.command)} ${lines[0]?.startsWith("#!") ? lines[0] : ""}`;
  const language =
    LANGUAGES[extname(path)] ??
    (/python/.test(runner) ? "python" : /node/.test(runner) ? "javascript" : "other");
  return { path, language, lines };
}

/** The first line that a pattern fits, as `main.py:12: text`. Lines that are comments do not count. */
export function lineWith({ path, lines }: Script, cwd: string, pattern: RegExp): string | undefined {
  const at = lines.findIndex((line) => !/^\s*(?:\/\/|\/?\*|#(?!!))/.test(line) && pattern.test(line));
  return at === -1 ? undefined : placeInFile(path, cwd, at + 1);
}

/** The first line of a program's script that a pattern fits; else says that there is none. */
export function lineInScript(program: Program, pattern: RegExp): string | undefined {
  const script = scriptOf(program);
  if (!script) return undefined;
  const word = pattern.source.replaceAll("\\b", "");
  return (
    lineWith(script, program.cwd, pattern) ?? `no "${word}" in ${shown(relative(program.cwd, script.path))}`
  );
}

/** A place as `main.mjs:3: text`, relative to the extension's folder, with the line that stands there. */
export function placeInFile(path: string, cwd: string, line: number): string {
  const text = beginningOf(path)?.split("\n")[line - 1]?.trim() ?? "";
  const place = `${shown(relative(cwd, path))}:${line}`;
  return text === "" ? place : `${place}: ${shown(text.slice(0, MAX_LINE))}`;
}

export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}

/** Undefined for what is no regular file, or cannot be read. */
function beginningOf(path: string): string | undefined {
  if (!isFile(path)) return undefined;
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    const bytes = Buffer.alloc(MAX_SCRIPT_BYTES);
    return bytes.toString("utf8", 0, readSync(fd, bytes, 0, MAX_SCRIPT_BYTES, 0));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
