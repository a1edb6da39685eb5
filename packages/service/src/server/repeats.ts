import { createHash } from "node:crypto";
import type { Clock } from "@synaps/host";

/** Time for which the answer to an event is kept. */
const KEPT_MS = 60_000;
const MOST = 1_024;

/**
 * Answers of events that arrive twice, because an agent has the hook in two of its files: extensions are asked once. Only for
 * events that carry a number of their own.
 */
export class Repeats<T> {
  readonly #clock: Clock;
  readonly #answers = new Map<string, { answer: Promise<T>; atMs: number }>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Events that were answered from memory. */
  get count(): number {
    return this.#count;
  }

  /** The answer that was given to the same text, or a new one. */
  once(agent: string, text: string, make: () => Promise<T>): Promise<T> {
    const key = createHash("sha256").update(`${agent}\n`).update(text).digest("base64");
    const now = this.#clock.now();
    const known = this.#answers.get(key);
    if (known !== undefined && now - known.atMs < KEPT_MS) {
      this.#count += 1;
      return known.answer;
    }
    const answer = make();
    this.#answers.set(key, { answer, atMs: now });
    // A failure is no answer: the next one tries again.
    answer.catch(() => this.#answers.delete(key));
    this.#trim(now);
    return answer;
  }

  #trim(now: number): void {
    for (const [key, { atMs }] of this.#answers) {
      if (this.#answers.size <= MOST && now - atMs < KEPT_MS) return;
      this.#answers.delete(key);
    }
  }
}
