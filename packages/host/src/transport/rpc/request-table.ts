import type { Reply } from "./reply.js";

/** Waits for the answer to a request. `settle` is called once. */
export interface Waiting {
  settle(reply: Reply): void;
  /** When the request is given up, on the host's clock. */
  readonly dueMs: number;
}

/** A power of two, well above the number of requests that are usually open. */
const SLOTS = 64;

/**
 * Gives every request to one process its number, from 1, and finds who waits for an answer. Numbers are handed out in
 * order, so nearly all find their place in a ring: a map makes garbage with each one that comes and goes.
 */
export class RequestTable {
  readonly #ids: number[] = Array.from({ length: SLOTS }, () => 0);
  readonly #ring: (Waiting | undefined)[] = Array.from({ length: SLOTS });
  /** Requests whose place in the ring was taken by one that takes long. */
  readonly #others = new Map<number, Waiting>();
  #last = 0;
  /** Number of requests that wait. */
  size = 0;

  add(waiting: Waiting): number {
    const id = (this.#last += 1);
    const slot = id % SLOTS;
    this.size += 1;
    if (this.#ring[slot] === undefined) {
      this.#ids[slot] = id;
      this.#ring[slot] = waiting;
    } else {
      this.#others.set(id, waiting);
    }
    return id;
  }

  /** The request of this number; nobody waits for it afterwards. */
  take(id: number): Waiting | undefined {
    const slot = id % SLOTS;
    let waiting: Waiting | undefined;
    if (this.#ids[slot] === id) {
      waiting = this.#ring[slot];
      this.#ring[slot] = undefined;
      this.#ids[slot] = 0;
    } else {
      waiting = this.#others.get(id);
      this.#others.delete(id);
    }
    if (waiting !== undefined) this.size -= 1;
    return waiting;
  }

  /** All that wait, with their numbers, in the order of asking. */
  waiting(): [number, Waiting][] {
    const all: [number, Waiting | undefined][] = this.#ids.map((id, slot) => [id, this.#ring[slot]]);
    return [...all, ...this.#others]
      .filter((entry): entry is [number, Waiting] => entry[1] !== undefined)
      .sort(([a], [b]) => a - b);
  }

  /** True if a request with this number was ever sent. */
  wasSent(id: number): boolean {
    return Number.isInteger(id) && id >= 1 && id <= this.#last;
  }
}
