import type { Reply } from "./connection.js";

/** Waits for the answer to a request on our own lane. `settle` is called once. */
export interface Waiting {
  settle(reply: Reply): void;
  /** When it is given up, on the host's clock. */
  readonly dueMs: number;
}

/** Who asked: our own lane, or the library, by its own number. */
export type Pending = Waiting | number;

/** A power of two, well above what is usually under way. */
const SLOTS = 64;

/**
 * Gives every request to one process its number, from 1, and finds who waits for an answer. Numbers are handed out in
 * order, so nearly all find their place in a ring: a map makes garbage with each one that comes and goes.
 */
export class RequestTable {
  readonly #ids: number[] = Array.from({ length: SLOTS }, () => 0);
  readonly #ring: (Pending | undefined)[] = Array.from({ length: SLOTS });
  /** Those whose place in the ring was taken by one that takes long. */
  readonly #others = new Map<number, Pending>();
  #last = 0;

  add(pending: Pending): number {
    const id = (this.#last += 1);
    const slot = id % SLOTS;
    if (this.#ring[slot] === undefined) {
      this.#ids[slot] = id;
      this.#ring[slot] = pending;
    } else {
      this.#others.set(id, pending);
    }
    return id;
  }

  /** Whoever waits for this number; nobody waits for it afterwards. */
  take(id: number): Pending | undefined {
    const slot = id % SLOTS;
    if (this.#ids[slot] === id) {
      const pending = this.#ring[slot];
      this.#ring[slot] = undefined;
      this.#ids[slot] = 0;
      return pending;
    }
    const pending = this.#others.get(id);
    if (pending !== undefined) this.#others.delete(id);
    return pending;
  }

  /** All on our own lane that still wait, with their numbers, in the order of asking. */
  waiting(): [number, Waiting][] {
    const all: [number, Pending | undefined][] = this.#ids.map((id, slot) => [id, this.#ring[slot]]);
    const ours = [...all, ...this.#others].filter((entry): entry is [number, Waiting] => isOurs(entry[1]));
    return ours.sort(([a], [b]) => a - b);
  }

  /** Whether a request with this number was ever sent. */
  wasSent(id: number): boolean {
    return Number.isInteger(id) && id >= 1 && id <= this.#last;
  }
}

function isOurs(pending: Pending | undefined): pending is Waiting {
  return pending !== undefined && typeof pending !== "number";
}
