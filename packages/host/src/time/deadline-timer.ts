import type { Clock, Timer } from "./clock.js";
import { graceFor } from "./lag.js";

/**
 * One timer for many deadlines. It is armed for the earliest one and left alone while later ones come and go: most of
 * what waits is answered long before, and a timer for each costs more than the rest of its bookkeeping.
 */
export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #expire: (nowMs: number, lagged: boolean) => number;
  #timer: Timer | undefined;
  /** When the timer could run at the earliest. */
  #expectedMs = 0;
  /** Until then nobody's time is over: the host had lost that much to a lag. */
  #graceUntilMs = Number.NEGATIVE_INFINITY;
  /** The deadline that the timer waits for: a later one needs no `watch`. */
  armedForMs = Number.POSITIVE_INFINITY;

  /**
   * `expire` ends all that is due at that time and returns the earliest deadline that is left, or infinity. `lagged` is
   * true when the timer came so late that the host cannot have run: everybody then gets the time that was lost, and
   * nobody is to blame for what is due after that.
   */
  constructor(clock: Clock, expire: (nowMs: number, lagged: boolean) => number) {
    this.#clock = clock;
    this.#expire = expire;
  }

  /** Sees to it that `expire` is called when this deadline has passed. */
  watch(dueMs: number): void {
    if (dueMs < this.armedForMs) this.#arm(dueMs, this.#clock.now());
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.armedForMs = Number.POSITIVE_INFINITY;
  }

  #arm(dueMs: number, nowMs: number): void {
    this.#timer?.cancel();
    this.armedForMs = dueMs;
    this.#expectedMs = Math.max(dueMs, nowMs);
    this.#timer = this.#clock.after(Math.max(0, dueMs - nowMs), () => this.#look());
  }

  #look(): void {
    const nowMs = this.#clock.now();
    const graceMs = graceFor(nowMs - this.#expectedMs);
    const lastGraceMs = this.#graceUntilMs;
    this.cancel();
    let nextMs: number;
    if (graceMs > 0) {
      // A second lag in a row gives nothing to those that the first one gave more time.
      if (Number.isFinite(lastGraceMs) && lastGraceMs <= nowMs) this.#expire(lastGraceMs, true);
      nextMs = this.#graceUntilMs = Math.max(nowMs + graceMs, lastGraceMs);
    } else if (nowMs < lastGraceMs) {
      nextMs = lastGraceMs;
    } else {
      this.#graceUntilMs = Number.NEGATIVE_INFINITY;
      nextMs = this.#expire(nowMs, Number.isFinite(lastGraceMs));
    }
    // Somebody who was told may have come back with an earlier one.
    if (nextMs < this.armedForMs) this.#arm(nextMs, nowMs);
  }
}
