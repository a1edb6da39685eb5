/** A stored message. Its content is encrypted: the relay never looks into it, and no event has it. */
export interface Stored {
  seq: string;
  sender: string | null;
  channel: string;
  payload: string;
}

/** Messages that one recipient may have waiting. */
const MOST_WAITING = 20_000;

/** Messages by recipient and channel, in order, until they are fetched. Waits for those that are not there yet. */
export class Store {
  #seq = 0n;
  readonly #boxes = new Map<string, Stored[]>();
  readonly #waiting = new Map<string, Set<() => void>>();

  nextSeq(): string {
    return String((this.#seq += 1n));
  }

  /** False when the recipient has too many already. */
  hasRoom(recipient: string): boolean {
    return (this.#boxes.get(recipient)?.length ?? 0) < MOST_WAITING;
  }

  put(recipient: string, message: Stored): void {
    const box = this.#boxes.get(recipient) ?? [];
    this.#boxes.set(recipient, box);
    box.push(message);
    for (const wake of this.#waiting.get(recipient) ?? []) wake();
  }

  /** Takes at most `most` messages of one channel out. Waits up to `waitMs` for the first one. */
  async take(recipient: string, channel: string, most: number, waitMs: number): Promise<Stored[]> {
    const taken = this.#takeNow(recipient, channel, most);
    if (taken.length > 0 || waitMs === 0) return taken;
    await this.#arrival(recipient, waitMs);
    return this.#takeNow(recipient, channel, most);
  }

  /** Ends every wait. */
  wakeAll(): void {
    for (const waiting of this.#waiting.values()) for (const wake of waiting) wake();
  }

  #takeNow(recipient: string, channel: string, most: number): Stored[] {
    const box = this.#boxes.get(recipient) ?? [];
    const taken = box.filter((one) => one.channel === channel).slice(0, most);
    const gone = new Set(taken);
    const rest = box.filter((one) => !gone.has(one));
    if (rest.length > 0) this.#boxes.set(recipient, rest);
    else this.#boxes.delete(recipient);
    return taken;
  }

  #arrival(recipient: string, waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(recipient) ?? new Set();
      this.#waiting.set(recipient, waiting);
      const wake = (): void => {
        clearTimeout(timer);
        waiting.delete(wake);
        if (waiting.size === 0) this.#waiting.delete(recipient);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      waiting.add(wake);
    });
  }
}
