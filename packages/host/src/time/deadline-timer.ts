import type { Clock, Timer } from "./clock.js";

/** Lateness of a timer from which the host counts as not having run. */
const LAG_MS = 250;

/**
 * One timer for many deadlines. It is armed for the earliest one and left alone while later ones come and go: most of
 * what waits is answered long before, and a timer for each costs more than the rest of its bookkeeping.
 */
export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #expire: (nowMs: number, lagged: boolean) => number;
  #timer: Timer | undefined;
  /** The deadline that the timer waits for: a later one needs no `watch`. */
  armedForMs = Number.POSITIVE_INFINITY;

  /**
   * `expire` ends all that is due at that time and returns the earliest deadline that is left, or infinity. `lagged` is
   * true when the timer came so late that the host cannot have run: nobody else is to blame for what is due then.
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
    this /** The deadline that the timer waits for: a later one needs no `watch`. */.armedForMs =
      Number.POSITIVE_INFINITY;
  }

  #arm(dueMs: number, nowMs: number): void {
    this.#timer?.cancel();
    this.armedForMs = dueMs;
    this.#timer = this.#clock.after(Math.max(0, dueMs - nowMs), () => this.#look());
  }

  #look(): void {
    const nowMs = this.#clock.now();
    const lagged = nowMs - this.armedForMs > LAG_MS;
    this.cancel();
    const nextMs = this.#expire(nowMs, lagged);
    // Somebody who was told may have come back with an earlier one.
    if (nextMs < this.armedForMs) this.#arm(nextMs, nowMs);
  }
}
