import { randomInt } from "node:crypto";
import { chmod, lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { refusals } from "./refusals.js";

/**
 * Makes the folder of the hook programs and records, for this user alone. Rejects with a HostError where that fails, or
 * where the folder is a link or another user's: whoever can write there decides what agents run.
 */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const stats = await lstat(path);
    if (!stats.isDirectory() || (process.geteuid && stats.uid !== process.geteuid()))
      throw new Error("it is a link, or belongs to another user");
    if ((stats.mode & 0o077) !== 0) await chmod(path, 0o700);
  } catch (error) {
    throw refusals.notAccessible(path, "written", error);
  }
}

/** Replaces a file of ours as a whole. It may be read by this user alone. Default mode 0600. */
export async function writePrivate(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}-${process.pid}-${randomInt(2 ** 47)}.tmp`);
  try {
    await writeFile(temporary, text, { flag: "wx", mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw refusals.notAccessible(path, "written", error);
  }
}
