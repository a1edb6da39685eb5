import type { Session } from "./session.js";

/** Finds the session whose items have most text, or one with at least half of that: looking at all takes too long. */
export class Heaviest {
  #session: Session | undefined;
  /** Text of the session when it was the heaviest of all. */
  #peak = 0;

  /** A session below the last peak may still be the heaviest: `find` looks for it. */
  grown(session: Session): void {
    if (session.size > this.#peak) this.#note(session);
  }

  find(sessions: Iterable<Session>): Session | undefined {
    if (this.#session && this.#session.size * 2 >= this.#peak) return this.#session;
    this.#session = undefined;
    this.#peak = 0;
    for (const session of sessions) this.grown(session);
    return this.#session;
  }

  #note(session: Session): void {
    this.#session = session;
    this.#peak = session.size;
  }
}
