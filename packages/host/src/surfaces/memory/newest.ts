import type { MemoryRecord } from "@synaps/sdk/protocol";

/** Most characters of lines that one answer holds: far below what a message to an extension may have. */
export const MAX_ANSWER_CHARS = 8 * 1024 * 1024;

interface Found {
  record: MemoryRecord;
  block: number;
  place: number;
  length: number;
}

/**
 * Keeps the newest records of what it is given: by time, and where that is the same, what stands later in the file.
 * Never more than `limit`, nor more than an answer can hold.
 */
export class Newest {
  #room: number;
  #chars = 0;
  /** Newest first. */
  readonly #found: Found[] = [];

  constructor(limit: number) {
    this.#room = limit;
  }

  /** Whether a block's records all come behind what is kept already, which leaves no room. */
  isBehind(newestMs: number, block: number): boolean {
    if (this.#found.length < this.#room) return false;
    const last = this.#found.at(-1);
    if (!last) return true;
    return (
      newestMs < last.record.timestamp_ms || (newestMs === last.record.timestamp_ms && block < last.block)
    );
  }

  add(found: Found): void {
    const at = this.#placeOf(found);
    if (at >= this.#room) return;
    this.#found.splice(at, 0, found);
    this.#chars += found.length;
    while (this.#found.length > this.#room) this.#drop();
    // What had to go for its length leaves no room for anything older either.
    while (this.#chars > MAX_ANSWER_CHARS && this.#found.length > 1) {
      this.#drop();
      this.#room = this.#found.length;
    }
  }

  records(): MemoryRecord[] {
    return this.#found.map(({ record }) => record);
  }

  #drop(): void {
    this.#chars -= this.#found.pop()?.length ?? 0;
  }

  #placeOf(found: Found): number {
    let from = 0;
    let to = this.#found.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const other = this.#found[middle];
      if (other && isNewer(other, found)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function isNewer(a: Found, b: Found): boolean {
  const difference = a.record.timestamp_ms - b.record.timestamp_ms;
  if (difference !== 0) return difference > 0;
  return a.block === b.block ? a.place > b.place : a.block > b.block;
}
