import type { Reply } from "./connection.js";

/** Who asked: our own lane, which is settled directly, or the library, by its own number. */
export type Pending = { lane: (reply: Reply) => void } | { library: number };

/** Gives every request to one process its number, from 1, and finds who waits for an answer. */
export class RequestTable {
  readonly #pending = new Map<number, Pending>();
  #last = 0;

  add(pending: Pending): number {
    this.#last += 1;
    this.#pending.set(this.#last, pending);
    return this.#last;
  }

  /** Whoever waits for this number; nobody waits for it afterwards. */
  take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending) this.#pending.delete(id);
    return pending;
  }

  /** Whether a request with this number was ever sent. */
  wasSent(id: number): boolean {
    return Number.isInteger(id) && id >= 1 && id <= this.#last;
  }
}
