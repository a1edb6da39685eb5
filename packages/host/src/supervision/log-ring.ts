import { Listeners } from "../listeners.js";
import type { Logger } from "../logger.js";

/** One line that an extension wrote to standard error, with its time in milliseconds since the epoch. */
export interface LogEntry {
  at: number;
  line: string;
}

/** Size of the log that is kept in memory for each extension; at most twice as much between two clearances. */
export const MAX_LOG_BYTES = 64 * 1024;

/** The last lines of an extension's standard error, over all its processes, for questions and for listeners. */
export class LogRing {
  #entries: LogEntry[] = [];
  #bytes = 0;
  readonly #listeners: Listeners<[LogEntry]>;

  constructor(logger: Logger) {
    this.#listeners = new Listeners(logger, "the log of an extension");
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    // One more for the line end: millions of empty lines count too.
    this.#bytes += entry.line.length + 1;
    if (this.#bytes > 2 * MAX_LOG_BYTES) this.#forget();
    this.#listeners.tell(entry);
  }

  /** The last lines, oldest first. */
  last(count: number): LogEntry[] {
    return count <= 0 ? [] : this.#entries.slice(-count);
  }

  /** Calls the listener for each line from now on. Returns how to stop listening. */
  listen(listener: (entry: LogEntry) => void): () => void {
    return this.#listeners.listen(listener);
  }

  /** Drops the oldest lines, many at a time: dropping costs as much as all that is kept. */
  #forget(): void {
    let first = 0;
    while (this.#bytes > MAX_LOG_BYTES) this.#bytes -= (this.#entries[first++]?.line.length ?? 0) + 1;
    this.#entries = this.#entries.slice(first);
  }
}
