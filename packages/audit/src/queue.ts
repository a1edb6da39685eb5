/** One event that waits to be written. */
export interface EventEntry {
  readonly type: "event";
  readonly head: string;
  /** Told once: true when the line is with the operating system, false when it could not be written yet. */
  told: ((written: boolean) => void) | undefined;
}

/** Events in a row that had no room. */
export interface GapEntry {
  readonly type: "gap";
  readonly sinceMs: number;
  readonly reason: string;
  lost: number;
}

/** A line of the log itself. */
export interface OwnEntry {
  readonly type: "own";
  readonly head: string;
  readonly written: () => void;
}

export type Entry = EventEntry | GapEntry | OwnEntry;

/** Entries in the order in which they will be written. Bounded: what has no room leaves a gap that counts. */
export class WaitingLines {
  readonly #maxLines: number;
  readonly #maxChars: number;
  #entries: Entry[] = [];
  /** Entries that are being written. */
  #taken: Entry[] = [];
  #events = 0;
  #chars = 0;

  constructor(maxLines: number, maxChars: number) {
    this.#maxLines = maxLines;
    this.#maxChars = maxChars;
  }

  /** Events that wait or are being written. */
  get events(): number {
    return this.#events;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Returns false when there is no room. */
  push(entry: EventEntry): boolean {
    const isFull = this.#events >= this.#maxLines || this.#chars + entry.head.length > this.#maxChars;
    if (isFull && !(this.#events === 0)) return false;
    this.#entries.push(entry);
    this.#events += 1;
    this.#chars += entry.head.length;
    return true;
  }

  pushOwn(entry: OwnEntry): void {
    this.#entries.push(entry);
  }

  /** Counts one event that has no room, at its place in the order. */
  lose(sinceMs: number, reason: string): void {
    const last = this.#entries.at(-1);
    if (last?.type === "gap") last.lost += 1;
    else this.#entries.push({ type: "gap", sinceMs, reason, lost: 1 });
  }

  /** All entries. They count as waiting until they are `done`. */
  take(): Entry[] {
    this.#taken = this.#entries;
    this.#entries = [];
    return this.#taken;
  }

  /** Entries that were taken and could not be written, before all others. */
  putBack(entries: Entry[]): void {
    this.#entries = [...entries, ...this.#entries];
    this.#taken = [];
  }

  /** One of the entries that were taken is written. */
  done(entry: Entry): void {
    if (entry.type !== "event") return;
    this.#events -= 1;
    this.#chars -= entry.head.length;
  }

  /** Tells all who wait for their line that it is not written. The lines wait on. */
  tellUnwritten(): void {
    for (const entry of [...this.#taken, ...this.#entries]) {
      if (entry.type !== "event" || entry.told === undefined) continue;
      entry.told(false);
      entry.told = undefined;
    }
  }
}
