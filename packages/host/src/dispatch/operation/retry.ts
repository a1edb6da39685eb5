import type { Clock } from "../../time/clock.js";
import { delay } from "../../time/clock.js";
import { onAbort } from "../../time/abort.js";
import type { RetryPlan } from "../outcome.js";

/** Runs of one operation, whatever is asked for. */
export const MAX_ATTEMPTS = 5;
/** Time for all runs of one operation and the pauses between, in milliseconds. */
export const MAX_RETRY_MS = 60_000;

/**
 * The pause before the next run. `done`: runs so far, from 1. `last`: the pause before, for `decorrelated`. `random`: from 0
 * to below 1.
 */
export function pauseMs(plan: RetryPlan, done: number, last: number, random: number): number {
  const { delayMs, jitter } = plan;
  const whole = delayMs * growth(plan.backoff, done);
  switch (jitter) {
    case "none":
      return whole;
    case "full":
      return whole * random;
    case "equal":
      return whole / 2 + (whole / 2) * random;
    case "decorrelated":
      return delayMs + Math.max(0, 3 * Math.max(last, delayMs) - delayMs) * random;
  }
}

function growth(backoff: RetryPlan["backoff"], done: number): number {
  switch (backoff) {
    case "fixed":
      return 1;
    case "linear":
      return done;
    case "exponential":
      return 2 ** (done - 1);
    case "fibonacci":
      return fibonacci(done);
  }
}

function fibonacci(n: number): number {
  let [now, next] = [1, 1];
  for (let i = 1; i < n; i += 1) [now, next] = [next, now + next];
  return now;
}

/** Something that ends all runs of an operation, and the reason to tell then. */
export interface EndOfRuns {
  readonly signal: AbortSignal | undefined;
  readonly reason: string;
}

/** The runs of one operation: how many there were, and the pause before the next one if there may be one. */
export class Attempts {
  count = 0;
  readonly #clock: Clock;
  readonly #ends: readonly EndOfRuns[];
  readonly #untilMs: number;
  readonly #random: () => number;
  #lastMs = 0;

  /** `ends`: each of these ends the runs when its signal is aborted. */
  constructor(clock: Clock, random: () => number, ends: readonly EndOfRuns[]) {
    this.#clock = clock;
    this.#random = random;
    this.#ends = ends;
    this.#untilMs = clock.now() + MAX_RETRY_MS;
  }

  /** Waits for the pause of the plan. Resolves to the reason when the operation may not run again, at once or later. */
  async again(plan: RetryPlan): Promise<string | undefined> {
    const { count } = this;
    if (count >= MAX_ATTEMPTS) return `nothing runs more than ${MAX_ATTEMPTS} times`;
    if (count >= plan.maxAttempts) return `'${plan.by}' asked for ${plan.maxAttempts} runs in all`;
    const ms = pauseMs(plan, count, this.#lastMs, this.#random());
    if (this.#clock.now() + ms > this.#untilMs)
      return `the next run would begin more than ${MAX_RETRY_MS} ms after the first`;
    if (this.#ended !== undefined) return this.#ended;
    this.#lastMs = ms;
    const over = new AbortController();
    const forget = this.#ends.map(({ signal }) => onAbort(signal, () => over.abort()));
    await delay(this.#clock, ms, over.signal);
    for (const stop of forget) stop();
    return this.#ended;
  }

  get #ended(): string | undefined {
    return this.#ends.find(({ signal }) => signal?.aborted === true)?.reason;
  }
}
