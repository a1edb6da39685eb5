import { existsSync, realpathSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname, relative, sep } from "node:path";
import type { Clock, Timer } from "../time/clock.js";

/** Quiet after which a change counts as finished: programs write a file in several steps. */
const QUIET_MS = 50;

/** Longest wait for that quiet. */
const MOST_MS = 1_000;

/** Pause between two looks at the file where the system offers no watching, or no more of it. */
const POLL_MS = 2_000;

/**
 * Says when one file may have changed: written, replaced by a rename, removed or made, also in a folder that is not
 * there yet, and also the file that a link in its place leads to. It may say so for nothing. Does not keep the process alive by itself.
 */
export class FileWatch {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #watchers: FSWatcher[] = [];
  #timer: Timer | undefined;
  #firstMs = 0;
  #closed = false;

  constructor(path: string, clock: Clock, changed: () => void) {
    this.#path = path;
    this.#clock = clock;
    this.#changed = changed;
    this.#arm();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#disarm();
  }

  #disarm(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  #arm(): void {
    this.#disarm();
    const target = targetOf(this.#path);
    for (const path of target === this.#path ? [target] : [this.#path, target]) this.#armFor(path);
  }

  /** Watches the file's folder, or the nearest one above it that exists. */
  #armFor(path: string): void {
    const watched = nearestFolder(dirname(path));
    try {
      const watcher = watch(watched, { persistent: false }, (_, name) => this.#heard(name, path, watched));
      watcher.on("error", () => this.#settleAfter(QUIET_MS));
      this.#watchers.push(watcher);
    } catch {
      this.#settleAfter(POLL_MS);
    }
  }

  #heard(name: string | null, path: string, watched: string): void {
    // The file, or the next folder on the way to it. The folder's own name comes when it is moved or removed.
    const [next] = relative(watched, path).split(sep);
    if (name !== null && name !== next && name !== basename(watched)) return;
    const now = this.#clock.now();
    if (!this.#timer) this.#firstMs = now;
    this.#settleAfter(Math.max(0, Math.min(QUIET_MS, this.#firstMs + MOST_MS - now)));
  }

  #settleAfter(ms: number): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = undefined;
      // The folder may be another one now, or there for the first time. Armed before it is looked at: nothing is missed.
      this.#arm();
      this.#changed();
    });
  }
}

function nearestFolder(from: string): string {
  let folder = from;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** The file behind links; the path itself while there is none. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
