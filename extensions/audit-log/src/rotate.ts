import { closeSync, openSync, readdirSync, renameSync, statSync, unlinkSync } from "node:fs";
import { basename, dirname, join, parse } from "node:path";

export interface RotateOptions {
  /** Full files to keep; 0: all. */
  maxFiles: number;
  now: Date;
  note(message: string): void;
}

interface RotatedFile {
  name: string;
  stamp: string;
  n: number;
}

/**
 * Gives the file a name of its own and removes the oldest ones. Safe while other processes do the same: a name is
 * reserved before it is used, so that no rename can fall on a file with records. If another process was faster,
 * nothing happens, or a file is rotated that is not full yet. Throws when the file cannot be renamed.
 */
export function rotate(path: string, options: RotateOptions): void {
  const reserved = reserveName(path, options.now);
  try {
    renameSync(path, reserved);
  } catch (error) {
    unlinkSync(reserved);
    if (!isCode(error, "ENOENT")) throw error;
  }
  if (options.maxFiles > 0) prune(path, options);
}

/** Full files of this log, oldest first. */
export function rotatedFiles(path: string): RotatedFile[] {
  const { name, ext } = parse(path);
  return readdirSync(dirname(path))
    .map((file) => parseRotated(file, name, ext))
    .filter((file) => file !== undefined)
    .sort(byAge);
}

/** Creates an empty file under the next free name, later than all that exist even if the clock was set back. */
function reserveName(path: string, now: Date): string {
  const { name, ext } = parse(path);
  const last = rotatedFiles(path).at(-1);
  const current = stampOf(now);
  const follows = last !== undefined && last.stamp >= current;
  const stamp = follows ? last.stamp : current;
  for (let n = follows ? last.n + 1 : 1; ; n += 1) {
    const candidate = join(dirname(path), `${name}.${stamp}-${n}${ext}`);
    try {
      closeSync(openSync(candidate, "wx", 0o600));
      return candidate;
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
    }
  }
}

function prune(path: string, { maxFiles, note }: RotateOptions): void {
  const files = rotatedFiles(path);
  // An empty file is a name that another process has reserved, or left behind when it was killed: not one to count.
  const full = files.filter((file) => sizeOf(join(dirname(path), file.name)) > 0);
  const oldestKept = full.at(-maxFiles);
  if (full.length <= maxFiles || !oldestKept) return;
  for (const file of files.filter((candidate) => byAge(candidate, oldestKept) < 0)) {
    try {
      unlinkSync(join(dirname(path), file.name));
    } catch (error) {
      if (!isCode(error, "ENOENT")) note(`${file.name} cannot be removed: ${(error as Error).message}`);
    }
  }
}

/** `2025-03-01T08:30:00.123Z` becomes `20250301T083000Z`. */
function stampOf(now: Date): string {
  return `${now.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

function parseRotated(file: string, name: string, ext: string): RotatedFile | undefined {
  if (!file.startsWith(`${name}.`) || !file.endsWith(ext)) return undefined;
  const middle = file.slice(name.length + 1, file.length - ext.length);
  const [, stamp, n] = /^(\d{8}T\d{6}Z)-(\d{1,9})$/.exec(middle) ?? [];
  return stamp === undefined || n === undefined ? undefined : { name: basename(file), stamp, n: Number(n) };
}

function byAge(a: RotatedFile, b: RotatedFile): number {
  if (a.stamp !== b.stamp) return a.stamp < b.stamp ? -1 : 1;
  return a.n - b.n;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
