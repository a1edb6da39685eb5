import { messageOf } from "./errors.js";
import type { LogFields, Logger } from "./logger.js";

/** A function that is told of something. The returned value counts for nothing, unless it is a promise that rejects. */
export type Listener<Args extends readonly unknown[]> = (...args: Args) => unknown;

interface Registration<Args extends readonly unknown[]> {
  readonly call: Listener<Args>;
}

/**
 * Functions that are told of the same thing, in the order in which they began to listen. A listener that throws, or
 * returns a promise that rejects, hurts neither the caller nor the other listeners: the logger is told.
 */
export class Listeners<Args extends readonly unknown[]> {
  readonly #logger: Logger;
  readonly #what: string;
  readonly #registrations = new Set<Registration<Args>>();
  /** The same as an array that stays as it is while listeners come and go. */
  #inOrder: readonly Registration<Args>[] | undefined;
  #failures = 0;

  /** `what` names the listeners in the log: "a listener for <what> failed". */
  constructor(logger: Logger, what: string) {
    this.#logger = logger;
    this.#what = what;
  }

  get size(): number {
    return this.#registrations.size;
  }

  /** Returns how to stop listening. A function that listens twice is told twice. */
  listen(listener: Listener<Args>): () => void {
    const registration = { call: listener };
    this.#registrations.add(registration);
    this.#inOrder = undefined;
    return () => {
      if (this.#registrations.delete(registration)) this.#inOrder = undefined;
    };
  }

  /** Tells everybody who listens now. Never throws. */
  tell(...args: Args): void {
    if (this.#registrations.size === 0) return;
    this.#inOrder ??= [...this.#registrations];
    for (const registration of this.#inOrder) {
      // One listener may have stopped another.
      if (this.#registrations.has(registration)) this.tellOne(registration.call, ...args);
    }
  }

  /** Tells one function with the same care, for instance what it missed. Never throws. */
  tellOne(listener: Listener<Args>, ...args: Args): void {
    try {
      const returned = listener(...args);
      if (typeof returned === "object" && returned !== null && "then" in returned)
        Promise.resolve(returned).catch((error: unknown) => this.#failed(error));
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Warns of the 1st, the 10th, the 100th failure: a flood of events must not become a flood of warnings. */
  #failed(error: unknown): void {
    this.#failures += 1;
    if (!/^10*$/.test(String(this.#failures))) return;
    const fields: LogFields = { reason: messageOf(error), count: this.#failures };
    this.#logger.warn(`a listener for ${this.#what} failed`, fields);
  }
}
