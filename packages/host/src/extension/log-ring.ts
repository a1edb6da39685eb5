/** One line that an extension wrote to standard error, with when it came (milliseconds since the epoch). */
export interface LogEntry {
  at: number;
  line: string;
}

/** How much of an extension's log is kept in memory. */
export const MAX_LOG_BYTES = 64 * 1024;

/** The last lines of an extension's standard error, over all its processes, for whoever asks or listens. */
export class LogRing {
  #entries: LogEntry[] = [];
  #bytes = 0;
  readonly #listeners = new Set<(entry: LogEntry) => void>();

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#bytes += entry.line.length;
    while (this.#bytes > MAX_LOG_BYTES) this.#bytes -= this.#entries.shift()?.line.length ?? 0;
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
}
