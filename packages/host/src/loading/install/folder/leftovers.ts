import { randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../../../errors.js";
import { isNotCode } from "./left-out.js";
import { isRunning } from "../../records/lock-owner.js";
import { withFolderLock } from "../../records/change-file.js";

/**
 * Folders on their way in or out, beside the extensions under a name that no host loads: `new` is being copied, `replaced`
 * was exchanged by a new version, `removed` was uninstalled, `waste` only waits for its deletion.
 */
type Kind = "new" | "replaced" | "removed" | "waste";

const NAME = /^\.(.+)\.(\d+)-[0-9a-f]{12}\.(new|replaced|removed|waste)\.tmp$/;

/** A process id may be given to another program, so that an old leftover counts as abandoned anyway. */
const ABANDONED_MS = 3_600_000;

export function passingName(id: string, kind: Kind): string {
  return `.${id}.${process.pid}-${randomBytes(6).toString("hex")}.${kind}.tmp`;
}

/** True for state of the user that outlives the code: configuration, and data that the extension wrote beside its code. */
export function isUserState(name: string): boolean {
  return isNotCode(name) && !["__pycache__", ".git", ".DS_Store", "cache", ".cache", "logs"].includes(name);
}

/** Runs the work while no other program installs, removes or tidies up. */
export function whileNobodyInstalls<T>(baseDir: string, work: () => Promise<T>): Promise<T> {
  return withFolderLock(baseDir, "plugins", work);
}

/** Moves the state of the user to a folder, as far as there is none of the same name. Returns the names that moved. */
export async function carryState(from: string, to: string): Promise<string[]> {
  const names = (await readdir(from)).filter(isUserState).sort();
  const moved: string[] = [];
  for (const name of names) {
    await mkdir(to, { recursive: true, mode: 0o700 });
    if (await isThere(join(to, name))) continue;
    await rename(join(from, name), join(to, name));
    moved.push(name);
  }
  return moved;
}

/**
 * Finishes what a killed program left half done: a version that was moved away and not replaced comes back, state of the
 * user goes where it belongs, and the rest is deleted. Leaves alone what a running program works on.
 */
export async function tidyUp(baseDir: string, nowMs: number): Promise<void> {
  const plugins = join(baseDir, "plugins");
  if ((await abandonedIn(plugins, nowMs)).length === 0) return;
  const waste = await whileNobodyInstalls(baseDir, async () => {
    const found = await abandonedIn(plugins, nowMs);
    const gone: string[] = [];
    for (const { name, id, kind } of found) {
      const [leftover, target] = [join(plugins, name), join(plugins, id)];
      if (kind === "replaced" && !(await isThere(target))) {
        await rename(leftover, target);
        continue;
      }
      if (kind === "replaced" || kind === "removed") await carryState(leftover, target);
      gone.push(leftover);
    }
    return gone;
  });
  for (const path of waste) await rm(path, { recursive: true, force: true });
}

interface Leftover {
  name: string;
  id: string;
  kind: Kind;
}

async function abandonedIn(plugins: string, nowMs: number): Promise<Leftover[]> {
  let names: string[];
  try {
    names = await readdir(plugins);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
  const found: Leftover[] = [];
  for (const name of names) {
    const [, id, pid, kind] = NAME.exec(name) ?? [];
    if (id === undefined) continue;
    const isOld = async (): Promise<boolean> =>
      Math.abs(nowMs - (await lstat(join(plugins, name))).ctimeMs) > ABANDONED_MS;
    if (!isRunning(Number(pid)) || (await isOld())) found.push({ name, id, kind: kind as Kind });
  }
  return found;
}

export function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (systemCode(error) === "ENOENT") return false;
      throw error;
    },
  );
}
