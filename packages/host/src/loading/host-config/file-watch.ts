import { stat } from "node:fs/promises";
import type { Clock, Timer } from "../../time/clock.js";

export interface FileWatchOptions {
  /** Files that may come, change, be replaced and go. */
  readonly paths: readonly string[];
  readonly clock: Clock;
  /** Time between two looks, in milliseconds. */
  readonly everyMs: number;
  /** Called when a change is complete. Must not throw. */
  readonly onChange: () => void;
}

/**
 * Looks at files again and again, on any file system. A change counts when two looks in a row saw the same, so that a
 * file that is being written is left alone. Does not keep the program alive.
 */
export class FileWatch {
  readonly #options: FileWatchOptions;
  #timer: Timer | undefined;
  /** The state that was told. */
  #told: string | undefined;
  #last: string | undefined;
  #stopped = false;

  constructor(options: FileWatchOptions) {
    this.#options = options;
  }

  /** The first state counts as a change, too: the files may have changed since they were read. */
  start(): void {
    this.#again();
  }

  /** Nothing is told after this. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #again(): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(this.#options.everyMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const state = await stateOf(this.#options.paths);
    if (this.#stopped) return;
    if (state === this.#last && state !== this.#told) {
      this.#told = state;
      this.#options.onChange();
    }
    this.#last = state;
    this.#again();
  }
}

/** Tells apart the states of files that differ in content, and perhaps others. Never rejects. */
async function stateOf(paths: readonly string[]): Promise<string> {
  const states = paths.map(async (path) => {
    try {
      const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
      return [ino, size, mtimeNs, ctimeNs].join(" ");
    } catch (error) {
      return String((error as NodeJS.ErrnoException).code);
    }
  });
  return (await Promise.all(states)).join("\n");
}
