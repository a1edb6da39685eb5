import type { Stats } from "node:fs";

/**
 * Size, times and number of a file, and the time since the epoch before its content was hashed. A tuple, because thousands
 * of them are written and read.
 */
export type FileStamp = readonly [
  size: number,
  mtimeMs: number,
  ctimeMs: number,
  ino: number,
  hashedAtMs: number,
];

/** Kernels take times from a clock that may be behind by a tick; some file systems count whole seconds only. */
const TICK_MS = 20;
const COARSE_MS = 2_000;

/**
 * True if a file is still as it was when it was hashed. As with git, a file that is not older than its hash may have
 * changed within the same tick, and counts as changed. Pure.
 */
export function isUnchanged(stamp: FileStamp, { size, mtimeMs, ctimeMs, ino }: Stats): boolean {
  const isCoarse = mtimeMs % 1000 === 0 && ctimeMs % 1000 === 0;
  return (
    size === stamp[0] &&
    mtimeMs === stamp[1] &&
    ctimeMs === stamp[2] &&
    ino === stamp[3] &&
    Math.max(mtimeMs, ctimeMs) + (isCoarse ? COARSE_MS : TICK_MS) < stamp[4]
  );
}
