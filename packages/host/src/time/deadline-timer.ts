import type { Clock, Timer } from "./clock.js";

/**
 * One timer for many deadlines. It is armed for the earliest one and left alone while later ones come and go: most of
 * what waits is answered long before, and a timer for each costs more than the rest of its bookkeeping.
 */
export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #expire: (nowMs: number) => number;
  #timer: Timer | undefined;
  #armedForMs = Number.POSITIVE_INFINITY;

  /** `expire` ends all that is due at that time and returns the earliest deadline that is left, or infinity. */
  constructor(clock: Clock, expire: (nowMs: number) => number) {
    this.#clock = clock;
    this.#expire = expire;
  }

  /** Sees to it that `expire` is called when this deadline has passed. */
  watch(dueMs: number): void {
    if (dueMs < this.#armedForMs) this.#arm(dueMs, this.#clock.now());
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#armedForMs = Number.POSITIVE_INFINITY;
  }

  #arm(dueMs: number, nowMs: number): void {
    this.#timer?.cancel();
    this.#armedForMs = dueMs;
    this.#timer = this.#clock.after(Math.max(0, dueMs - nowMs), () => this.#look());
  }

  #look(): void {
    this.cancel();
    const nowMs = this.#clock.now();
    const nextMs = this.#expire(nowMs);
    // Somebody who was told may have come back with an earlier one.
    if (nextMs < this.#armedForMs) this.#arm(nextMs, nowMs);
  }
}
