import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { repo } from "../../helpers/paths.js";
import { until } from "../../helpers/wait.js";

/** Packing takes seconds, on a busy machine a minute; a lock that is this old belongs to a test that was killed. */
const STALE_MS = 300_000;

/** What goes into the tarballs. */
const PARTS = [
  ...["sdk", "audit", "builtins", "host", "metrics", "service", "cli"].map((name) => `packages/${name}`),
  "extensions",
  "scripts/pack.mjs",
];
const LEFT_OUT = ["node_modules", "src", "test", "data", ".tsbuildinfo"];

/** Beside what other tools keep, and never packed or committed. */
const CACHE = repo("node_modules/.cache");
const PREFIX = "synaps-packed-";

/**
 * Packs the packages, once for each content of them, and returns the folder that holds `artifacts/*.tgz`. Several test
 * files may ask for it at the same time.
 */
export async function packed(): Promise<string> {
  const name = `${PREFIX}${contentHash()}`;
  const folder = join(CACHE, name);
  // All packing passes through the same folder beside the command, whatever the content.
  await madeOnce(folder, repo("packages/cli/.packing"), (fresh) => {
    execFileSync(process.execPath, [repo("scripts/pack.mjs"), join(fresh, "artifacts")], { stdio: "pipe" });
  });
  forgetOthers(name);
  return folder;
}

/**
 * Has a folder made by the first who asks for it, of several processes too; the others wait for it. What fails leaves no
 * folder, and the next one tries again. `lock`: a folder that stands there meanwhile.
 */
export async function madeOnce(
  folder: string,
  lock: string,
  make: (fresh: string) => void | Promise<void>,
): Promise<void> {
  while (!existsSync(folder)) {
    if (tryLock(lock)) {
      try {
        if (existsSync(folder)) return;
        const fresh = `${folder}.${process.pid}`;
        await make(fresh);
        renameSync(fresh, folder);
      } finally {
        rmdirSync(lock);
      }
    } else
      await until(`${folder} is made`, () => existsSync(folder) || !existsSync(lock), {
        patienceMs: STALE_MS,
        everyMs: 50,
      });
  }
}

/** Only the newest content is asked for again. */
function forgetOthers(name: string): void {
  for (const other of readdirSync(CACHE))
    if (other.startsWith(PREFIX) && other !== name) rmSync(join(CACHE, other), { recursive: true });
}

function tryLock(lock: string): boolean {
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (since !== undefined && Date.now() - since > STALE_MS) rmdirSync(lock);
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function contentHash(): string {
  const hash = createHash("sha256");
  for (const part of PARTS) {
    const files = statSync(repo(part)).isDirectory() ? filesIn(repo(part)) : [repo(part)];
    for (const file of files) hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.includes(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return path === repo("packages/cli/extensions") ? [] : filesIn(path);
      return entry.isFile() ? [path] : [];
    });
}
