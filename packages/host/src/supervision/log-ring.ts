/** One line that an extension wrote to standard error, with when it came (milliseconds since the epoch). */
export interface LogEntry {
  at: number;
  line: string;
}

/** How much of an extension's log is kept in memory, and at most twice as much between two clearances. */
export const MAX_LOG_BYTES = 64 * 1024;

/** The last lines of an extension's standard error, over all its processes, for whoever asks or listens. */
export class LogRing {
  #entries: LogEntry[] = [];
  #bytes = 0;
  readonly #listeners = new Set<(entry: LogEntry) => void>();

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    // One more for the line end: millions of empty lines count too.
    this.#bytes += entry.line.length + 1;
    if (this.#bytes > 2 * MAX_LOG_BYTES) this.#forget();
    for (const listener of this.#listeners) listener(entry);
  }

  /** The last ones, oldest first. */
  last(count: number): LogEntry[] {
    return count <= 0 ? [] : this.#entries.slice(-count);
  }

  /** Calls the listener for each line from now on. Returns how to stop that. */
  listen(listener: (entry: LogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Drops the oldest lines, many at a time: each time costs as much as all that is kept. */
  #forget(): void {
    let first = 0;
    while (this.#bytes > MAX_LOG_BYTES) this.#bytes -= (this.#entries[first++]?.line.length ?? 0) + 1;
    this.#entries = this.#entries.slice(first);
  }
}
