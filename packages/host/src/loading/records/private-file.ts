import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { systemCode } from "../../errors.js";
import { Activity } from "../../time/activity.js";
import { delay, systemClock } from "../../time/clock.js";
import { Serial } from "../../time/serial.js";
import { readRegularFile } from "../regular-file.js";

/** A lock is held for one reading and one writing. An older lock belongs to a program that was killed or stopped. */
const STALE_LOCK_MS = 10_000;
/** Pause before the next attempt to get a lock. */
const LOCK_PAUSE_MS = 20;
/** Longest wait for a lock: time enough for a stale lock to be found. */
const LOCK_PATIENCE_MS = 20_000;

/** The content of a file is not what its writers write. */
export class MalformedFile extends Error {}

/**
 * A JSON file that only the user may read, and that several programs change. Readers see the old content or the new
 * content, never a part. A change reads the newest content and holds a lock, so that no program undoes another's change.
 */
export class PrivateJson<T> {
  readonly path: string;
  readonly #parse: (value: unknown) => T;
  readonly #changes = new Serial();

  /** `parse` checks the shape of what stands in the file, and throws for a wrong one. */
  constructor(path: string, parse: (value: unknown) => T) {
    this.path = path;
    this.#parse = parse;
  }

  /** Undefined when there is no file. Rejects with MalformedFile, or with the operating system's error. */
  async read(): Promise<T | undefined> {
    let text: string;
    try {
      text = (await readRegularFile(this.path)).toString("utf8");
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
    try {
      return this.#parse(JSON.parse(text));
    } catch (cause) {
      throw new MalformedFile("it is not what this host writes", { cause });
    }
  }

  /**
   * Changes the content, after the changes before. `change` returns the new content, or undefined to leave the file as
   * it is. Rejects as `read` does, and writes nothing then.
   */
  update(change: (content: T | undefined) => T | undefined): Promise<void> {
    return this.#changes.run(() =>
      withFileLock(this.path, async () => {
        const next = change(await this.read());
        if (next !== undefined) await replacePrivateFile(this.path, `${JSON.stringify(next, null, 2)}\n`);
      }),
    );
  }

  /** Resolves when every change so far is written, or could not be. */
  settled(): Promise<void> {
    return this.#changes.settled();
  }
}

/**
 * Replaces a file that only the user may read, and makes its folder when it is missing. The new content is on the disk
 * before the old content is gone, unless `flush` is false.
 */
export async function replacePrivateFile(
  path: string,
  text: string,
  temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`,
  flush = true,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(text);
      if (flush) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Runs the work while no other program that asks for the same lock runs its own. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const mark = `${process.pid} ${hostname()} ${randomBytes(6).toString("hex")}\n`;
  if (!(await tryLock(lock, mark))) await waitForLock(lock, mark);
  try {
    return await work();
  } finally {
    // A lock that was taken away as stale belongs to somebody else.
    if ((await contentOf(lock)) === mark) await rm(lock, { force: true });
  }
}

async function waitForLock(lock: string, mark: string): Promise<void> {
  const activity = new Activity();
  const endMs = systemClock.now() + LOCK_PATIENCE_MS;
  activity.begin();
  try {
    for (;;) {
      await removeStaleLock(lock);
      if (await tryLock(lock, mark)) return;
      if (systemClock.now() > endMs) throw new Error(`another program holds '${lock}'`);
      await delay(systemClock, LOCK_PAUSE_MS);
    }
  } finally {
    activity.end();
  }
}

async function tryLock(lock: string, mark: string): Promise<boolean> {
  try {
    const file = await open(lock, "wx", 0o600);
    try {
      await file.writeFile(mark);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function removeStaleLock(lock: string): Promise<void> {
  const content = await contentOf(lock);
  if (content === undefined || !(isOfDeadProgram(content) || (await isOld(lock)))) return;
  const aside = `${lock}.${randomBytes(6).toString("hex")}`;
  try {
    await rename(lock, aside);
    // Another program may have removed the stale lock first: then the lock that was moved is a new one.
    if ((await contentOf(aside)) !== content) await link(aside, lock);
  } catch {
    // Another program was faster, or the folder is read-only: then the next attempt to lock rejects, or the wait ends.
  }
  await rm(aside, { force: true });
}

async function isOld(lock: string): Promise<boolean> {
  const mtimeMs = await stat(lock).then(
    (stats) => stats.mtimeMs,
    () => undefined,
  );
  return mtimeMs !== undefined && Math.abs(systemClock.wallMs() - mtimeMs) > STALE_LOCK_MS;
}

function isOfDeadProgram(content: string): boolean {
  const [pid, host] = content.trimEnd().split(" ");
  return host === hostname() && /^[1-9]\d*$/.test(pid ?? "") && !isRunning(Number(pid));
}

/** True unless no process of this machine has the id. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  // A lock that is gone or cannot be read is not ours: nothing is removed then, and the wait for it has an end.
  return readFile(path, "utf8").catch(() => undefined);
}
