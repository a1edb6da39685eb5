interface Kept<T> {
  readonly value: T;
  readonly bytes: number;
}

/** What is kept of events until their outcome is known, bounded by number and bytes: the oldest goes first. */
export class Pending<T> {
  readonly #most: number;
  readonly #mostBytes: number;
  readonly #events = new Map<string, Kept<T>>();
  #bytes = 0;
  #lost = 0;

  constructor(most: number, mostBytes: number) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  get size(): number {
    return this.#events.size;
  }

  /** Events that went before their outcome came. */
  get lost(): number {
    return this.#lost;
  }

  /** Keeps something of an event. `bytes`: about what it takes. */
  add(eventId: string, value: T, bytes: number): void {
    this.take(eventId);
    this.#events.set(eventId, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#events.keys()) {
      if (this.#events.size <= this.#most && this.#bytes <= this.#mostBytes) return;
      this.take(oldest);
      this.#lost += 1;
    }
  }

  /** Gives away what was kept of an event; undefined if nothing was. */
  take(eventId: string | undefined): T | undefined {
    const kept = eventId === undefined ? undefined : this.#events.get(eventId);
    if (eventId === undefined || kept === undefined) return undefined;
    this.#events.delete(eventId);
    this.#bytes -= kept.bytes;
    return kept.value;
  }
}
