import { cp, lstat, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

interface Step {
  readonly path: string;
  readonly place: string;
  /** The new file, and the file that it replaces, beside the place. */
  readonly fresh: string;
  readonly old: string;
}

/**
 * Puts files into a folder: all of them, or none. Every file is first brought beside its place, so that a full disk or a
 * missing right shows before the folder changes; each is then exchanged at once, so that a program that runs from the old
 * file keeps the old file. Throws the system's error, with the folder as it was.
 */
export async function placeFiles(paths: readonly string[], from: string, to: string): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  const steps = paths.map((path, index) => stepOf(path, join(to, path), index));
  try {
    for (const { path, place, fresh } of steps) {
      const made = await mkdir(dirname(place), { recursive: true });
      if (made !== undefined) undo.push(() => rm(made, { recursive: true, force: true }));
      undo.push(() => rm(fresh, { force: true }));
      await bring(join(from, path), fresh);
    }
    for (const step of steps) await exchange(step, undo);
  } catch (error) {
    // The newest step first: a folder that was made goes after the files in it. An old file is never removed here.
    for (const step of undo.reverse()) await step().catch(() => {});
    throw error;
  }
  for (const { old } of steps) await rm(old, { force: true });
}

async function exchange({ place, fresh, old }: Step, undo: (() => Promise<unknown>)[]): Promise<void> {
  if (await exists(place)) {
    await rename(place, old);
    undo.push(() => rename(old, place));
  } else undo.push(() => rm(place, { force: true }));
  await rename(fresh, place);
}

/** The base folder and the extension may stand on different disks. */
async function bring(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch {
    await cp(from, to, { verbatimSymlinks: true, recursive: false });
  }
}

/** Names of their own length: a long name of a file must not become too long. */
function stepOf(path: string, place: string, index: number): Step {
  const beside = join(dirname(place), `.synaps-${process.pid}-${index}`);
  return { path, place, fresh: `${beside}.new`, old: `${beside}.old` };
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
