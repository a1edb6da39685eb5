import { randomBytes, randomInt } from "node:crypto";
import {
  constants,
  copyFile,
  link,
  lstat,
  open,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemCode } from "../../errors.js";
import { Activity } from "../../time/activity.js";
import { delay, systemClock } from "../../time/clock.js";
import { isRunning, ownLockText, parseLockOwner, standingOf, type LockOwner } from "./lock-owner.js";
import { Refusal } from "./refusal.js";

/** Longest wait for a lock that another program holds. */
export const LOCK_PATIENCE_MS = 10_000;
/** Time for which a lock has to stand unchanged before it is taken over, when its file names nobody. */
const NAMELESS_MS = 500;
/** The same when its owner cannot be asked. A lock is held for some milliseconds. */
const UNKNOWN_MS = 5_000;
/** Pauses between two attempts are random, so that programs that wait do not move in step. */
const PAUSE_MS = [2, 12] as const;
/** Bytes of a lock file that are looked at. */
const MOST_BYTES = 4_096;
/** Age from which the file of a waiting program that is gone is removed. */
const LITTER_MS = 60_000;
const LITTER = /\.(\d+)-[0-9a-f]{12}\.tmp$/;

/** Errors of `link` on file systems that have no hard links. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EACCES", "EXDEV", "EINVAL"];

/** A lock while it is held. */
export interface HeldLock {
  /** True if the owner before died while it held the lock, and may have left something half done. */
  readonly tookOver: boolean;
  /** Throws if somebody else took the lock over: then nothing may be changed any more. */
  check(): Promise<void>;
}

/**
 * Runs the work while nobody else that asks for the same lock file runs its own, in this program or another. The folder
 * of the lock file must exist. A lock whose owner is dead is taken over at once. Rejects with a Refusal that names the
 * owner when a living owner keeps the lock for `patienceMs` (default 10 s). Waiting costs timers only, never the event loop.
 */
export async function withLock<T>(
  lock: string,
  work: (held: HeldLock) => Promise<T>,
  patienceMs = LOCK_PATIENCE_MS,
): Promise<T> {
  const held = await take(lock, systemClock.now() + patienceMs);
  try {
    if (held.tookOver) await removeLitter(dirname(lock));
    return await work(held);
  } finally {
    await held.release();
  }
}

async function take(lock: string, endMs: number): Promise<HeldLock & { release(): Promise<void> }> {
  const text = await ownLockText();
  const own = `${lock}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`;
  const isOurs = async (): Promise<boolean> => (await contentOf(lock)) === text;
  try {
    await writeFile(own, text, { flag: "wx", mode: 0o600 });
    const tookOver = await win(lock, own, endMs);
    return {
      tookOver,
      async check() {
        if (!(await isOurs())) throw new Refusal("its lock was taken over by another program", "Try again.");
      },
      async release() {
        if (await isOurs()) await rm(lock, { force: true });
      },
    };
  } finally {
    // A file that stays is removed by a later takeover.
    await rm(own, { force: true }).catch(() => {});
  }
}

/** Resolves when the lock file is ours: true if it was taken over, false if there was none. */
async function win(lock: string, own: string, endMs: number): Promise<boolean> {
  if (await claim(own, lock)) return false;
  const activity = new Activity();
  activity.begin();
  try {
    let [seen, sinceMs]: [string | undefined, number] = [undefined, 0];
    for (;;) {
      const content = await contentOf(lock);
      const now = systemClock.now();
      if (content !== seen) [seen, sinceMs] = [content, now];
      const owner = content === undefined ? undefined : parseLockOwner(content);
      if (content !== undefined && now - sinceMs >= (await graceMs(owner))) {
        if (await takeOver(lock, own, content, endMs)) return true;
      } else if (now >= endMs) throw heldBy(lock, owner);
      await delay(systemClock, randomInt(...PAUSE_MS));
      if (await claim(own, lock)) return false;
    }
  } finally {
    activity.end();
  }
}

/** Makes the lock file with its whole content, unless there is one. */
export async function claim(own: string, lock: string): Promise<boolean> {
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    if (!NO_LINKS.includes(systemCode(error) ?? "")) throw error;
  }
  try {
    await copyFile(own, lock, constants.COPYFILE_EXCL);
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
  // A copy has no content for a moment: a program that stood still in it may have lost the lock again.
  return (await contentOf(lock)) === (await contentOf(own));
}

/**
 * Puts our lock in the place of an abandoned one. A lock of its own lets one program at a time do that: of an abandoned
 * lock, nobody else changes the content, so that two programs cannot both win.
 */
async function takeOver(lock: string, own: string, content: string, endMs: number): Promise<boolean> {
  const turn = await take(`${lock}.next`, endMs);
  try {
    if ((await contentOf(lock)) !== content) return false;
    await rename(own, lock);
    return true;
  } catch (error) {
    if (!["EISDIR", "ENOTEMPTY", "EEXIST"].includes(systemCode(error) ?? "")) throw error;
    throw new Refusal(`its lock '${lock}' is a folder`, "Remove that folder.");
  } finally {
    await turn.release();
  }
}

/** Time for which a lock has to stand unchanged before it counts as abandoned. */
async function graceMs(owner: LockOwner | undefined): Promise<number> {
  if (!owner) return NAMELESS_MS;
  const standing = await standingOf(owner);
  if (standing === "dead") return 0;
  return standing === "unknown" ? UNKNOWN_MS : Infinity;
}

function heldBy(lock: string, owner: LockOwner | undefined): Refusal {
  const who = owner
    ? `process ${owner.pid} (${owner.program}) on '${owner.host}' has its lock since ${owner.since}`
    : "another program has its lock";
  return new Refusal(
    `${who}, and waiting did not help`,
    `Wait for that program or end it, and try again. If there is no such program, remove '${lock}'.`,
  );
}

/** Undefined for a file that is not there. A folder, a pipe or a broken link in its place has an empty content. */
async function contentOf(path: string): Promise<string | undefined> {
  let file;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } catch {
    return await lstat(path).then(
      () => "",
      () => undefined,
    );
  } finally {
    await file?.close();
  }
}

/** Removes the files of programs that were killed while they waited. Never rejects. */
async function removeLitter(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = LITTER.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(folder, name);
    const mtimeMs = await stat(path).then(
      (stats) => stats.mtimeMs,
      () => Infinity,
    );
    if (systemClock.wallMs() - mtimeMs > LITTER_MS) await rm(path, { force: true }).catch(() => {});
  }
}
