/** Bounds of a `Ring`. */
export interface RingBounds {
  readonly maxItems: number;
  /** Bytes of all texts together. */
  readonly maxBytes: number;
}

interface Held<T> {
  readonly text: string;
  readonly bytes: number;
  readonly index: T;
}

/** JSON texts in the order in which they came, bounded by number and bytes: the oldest goes first. Pure. */
export class Ring<T> {
  readonly #bounds: RingBounds;
  readonly #held = new Map<number, Held<T>>();
  #next = 0;
  #bytes = 0;
  #dropped = 0;
  #tooLarge = 0;

  constructor(bounds: RingBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#held.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Items that went to make room for newer ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Items that were larger than the whole ring. */
  get tooLarge(): number {
    return this.#tooLarge;
  }

  /** Adds a text, and what it is found by. */
  add(text: string, index: T): void {
    const bytes = Buffer.byteLength(text);
    if (bytes > this.#bounds.maxBytes) {
      this.#tooLarge += 1;
      return;
    }
    this.#held.set(this.#next++, { text, bytes, index });
    this.#bytes += bytes;
    for (const [number, oldest] of this.#held) {
      if (this.#held.size <= this.#bounds.maxItems && this.#bytes <= this.#bounds.maxBytes) return;
      this.#held.delete(number);
      this.#bytes -= oldest.bytes;
      this.#dropped += 1;
    }
  }

  /** The newest texts whose index fits, at most so many, the oldest of them first. */
  newest(limit: number, fits: (index: T) => boolean): string[] {
    const found: string[] = [];
    for (const { text, index } of this.#held.values()) if (fits(index)) found.push(text);
    return found.slice(-limit);
  }

  /** The keys by which items are found, the oldest first. */
  indexes(): T[] {
    return [...this.#held.values()].map(({ index }) => index);
  }

  clear(): void {
    this.#held.clear();
    this.#bytes = 0;
  }
}
