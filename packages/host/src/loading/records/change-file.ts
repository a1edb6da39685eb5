import { randomInt } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { systemCode } from "../../errors.js";
import { MAX_FILE_BYTES, readRegularFile } from "../regular-file.js";
import { systemClock } from "../../time/clock.js";
import { SerialByKey } from "../../time/serial.js";
import { LOCK_PATIENCE_MS, withLock, type HeldLock } from "./file-lock.js";
import { lockPlace, placeOf } from "./place.js";
import { notWritten, Refusal, type FileWords } from "./refusal.js";

/** Errors of `fsync` on file systems that have none, and on folders where the system cannot flush a folder. */
const NO_SYNC = ["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR", "EPERM", "EACCES"];

const PLAIN: FileWords = { code: "FILE_NOT_WRITTEN", what: "The file" };

/** Changes of this program take turns by file, so that the lock is asked for in order. */
const queues = new SerialByKey<string>();

/** The content of a file is not what its writers write. */
export class MalformedFile extends Error {}

/** A file under the base folder that several programs change. */
export interface SharedFile {
  baseDir: string;
  path: string;
  /** Words and code of its errors. Default: "The file", FILE_NOT_WRITTEN. */
  words?: FileWords;
  /** Largest content that is read or written. Default 4 MiB. */
  mostBytes?: number;
}

/**
 * Returns the new content, or undefined to leave the file as it is. `bytes` is undefined when there is no file. `target`
 * is the real path: the file may be renamed, for instance to keep it aside.
 */
export type Change = (
  bytes: Buffer | undefined,
  target: string,
) => string | undefined | Promise<string | undefined>;

/**
 * Changes a file under the base folder, in the one way in which the host changes any: under a lock that every program
 * asks for, after the changes of this program before, from the content of that moment, through a temporary file that nobody else can have made, flushed to the disk
 * and then renamed. Readers see the old content or the new content, never a part. The file is for this user alone, and a
 * link is not followed out of the base folder. Resolves when the new content is on the disk. A HostError or MalformedFile
 * of `change` passes through; every other failure rejects with a HostError. The file stays as it was then.
 */
export async function changeFile(file: SharedFile, change: Change): Promise<void> {
  const { baseDir, path, words = PLAIN, mostBytes = MAX_FILE_BYTES } = file;
  const fromMs = systemClock.now();
  await queues.run(resolve(path), async () => {
    try {
      const { target, lock } = await placeOf(baseDir, path);
      const patienceMs = LOCK_PATIENCE_MS - (systemClock.now() - fromMs);
      await withLock(lock, (held) => changeHeld(held, target, mostBytes, change), patienceMs);
    } catch (error) {
      throw error instanceof MalformedFile ? error : notWritten(path, words, error);
    }
  });
}

async function changeHeld(held: HeldLock, target: string, mostBytes: number, change: Change): Promise<void> {
  if (held.tookOver) await removeTemporaries(target);
  const next = await change(await readIfThere(target, mostBytes), target);
  if (next !== undefined) await replace(target, next, mostBytes, () => held.check());
}

/**
 * Writes a file under the base folder that no other program writes: as `changeFile` does, without a lock. `flush` false
 * leaves the time of the writing to the system.
 */
export async function replaceFile(file: SharedFile, text: string, flush = true): Promise<void> {
  const { baseDir, path, words = PLAIN, mostBytes = MAX_FILE_BYTES } = file;
  try {
    const { target } = await placeOf(baseDir, path);
    await replace(target, text, mostBytes, undefined, flush);
  } catch (error) {
    throw notWritten(path, words, error);
  }
}

/**
 * Runs the work while no other program works on the same folder under the base folder. Errors of the work pass through;
 * a lock that cannot be had rejects with a HostError.
 */
export async function withFolderLock<T>(baseDir: string, name: string, work: () => Promise<T>): Promise<T> {
  const path = join(baseDir, name);
  const words: FileWords = { code: "FILE_NOT_WRITTEN", what: "The folder" };
  const lock = await lockPlace(baseDir, name).catch((error: unknown) => {
    throw notWritten(path, words, error);
  });
  let isHeld = false;
  const held = withLock(lock, () => {
    isHeld = true;
    return work();
  });
  return held.catch((error: unknown) => {
    throw isHeld ? error : notWritten(path, words, error);
  });
}

/** Returns undefined when there is no file. */
export async function readIfThere(path: string, mostBytes: number): Promise<Buffer | undefined> {
  try {
    return await readRegularFile(path, mostBytes);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function replace(
  target: string,
  text: string,
  mostBytes: number,
  check: () => Promise<void> = () => Promise.resolve(),
  flush = true,
): Promise<void> {
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes)
    throw new Refusal(`it would have ${bytes} bytes, and may have ${mostBytes}`, "Remove entries first.");
  const temporary = join(dirname(target), `.${basename(target)}-${process.pid}-${randomInt(2 ** 47)}.tmp`);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      if (flush) await file.sync().catch(unlessNoSync);
    } finally {
      await file.close();
    }
    await check();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  if (flush) await flushFolder(dirname(target));
}

/** Flushes the new name to the disk, as far as the system can do that. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    unlessNoSync(error);
  }
}

function unlessNoSync(error: unknown): void {
  if (!NO_SYNC.includes(systemCode(error) ?? "")) throw error;
}

/** Removes temporary files of a program that was killed while it wrote this file. Nobody else has any under the lock. */
async function removeTemporaries(target: string): Promise<void> {
  const [before, after] = [`.${basename(target)}-`, ".tmp"];
  for (const name of await readdir(dirname(target))) {
    const isTemporary = name.startsWith(before) && name.endsWith(after);
    if (isTemporary && /^\d+-\d+$/.test(name.slice(before.length, -after.length)))
      await rm(join(dirname(target), name), { force: true });
  }
}
