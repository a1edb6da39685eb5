import type { Clock } from "../../time/clock.js";

/** A rate with room for a burst. Full at first. */
export class TokenBucket {
  readonly #clock: Pick<Clock, "now">;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledMs: number;

  constructor(clock: Pick<Clock, "now">, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledMs = clock.now();
  }

  /** Takes one token. Returns the milliseconds until there will be one, 0 when one was taken. */
  take(): number {
    const nowMs = this.#clock.now();
    const earned = ((nowMs - this.#filledMs) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#filledMs = nowMs;
    if (this.#tokens < 1) return Math.max(1, Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1_000));
    this.#tokens -= 1;
    return 0;
  }
}
