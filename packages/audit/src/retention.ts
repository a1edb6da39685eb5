import { stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "@synaps/sdk/protocol";
import { readMarker } from "./marker.js";
import { runsIn, type Run } from "./run-files.js";

/**
 * Removes the oldest ended files until `keep` of them are left. Returns what is to be written about it: the removed files,
 * and for every run that now begins later, its first file. Undefined when nothing was removed.
 */
export async function removeOldest(
  folder: string,
  keep: number,
  own: string,
): Promise<JsonObject | undefined> {
  const runs = await runsIn(folder);
  const ended = await Promise.all(
    runs
      .flatMap((run) => endedFiles(folder, run))
      .filter((file) => file !== own)
      .map(async (file) => ({ file, atMs: await changedMs(join(folder, file)) })),
  );
  const oldest = ended.sort((a, b) => a.atMs - b.atMs).slice(0, Math.max(0, ended.length - keep));
  const removed: string[] = [];
  for (const { file } of oldest) {
    const isGone = await unlink(join(folder, file)).then(
      () => true,
      () => false,
    );
    if (isGone) removed.push(file);
  }
  return removed.length === 0 ? undefined : { removed, first: await firstFiles(folder) };
}

/** The files that nobody writes to any more. */
function endedFiles(folder: string, { files, marker }: Run): string[] {
  const isOpen = marker !== undefined && readMarker(folder, marker).isAlive;
  return (isOpen ? files.slice(0, -1) : files).map(({ file }) => file);
}

async function firstFiles(folder: string): Promise<JsonObject> {
  const later = (await runsIn(folder)).flatMap(({ id, files: [first] }) =>
    first !== undefined && first.n > 1 ? [[id, first.n] as const] : [],
  );
  return Object.fromEntries(later);
}

async function changedMs(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
