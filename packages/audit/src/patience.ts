import type { AuditClock } from "./options.js";

/**
 * Tells when a piece of work has taken too long. One piece at a time, and thousands in a second: a timer of its own for each
 * would cost as much as a line, so one timer looks from time to time if there is reason to wait on.
 */
export class Patience {
  readonly #clock: AuditClock;
  readonly #ms: number;
  readonly #isOver: () => void;
  /** Moment at which the patience with the work under way ends; undefined while there is none. */
  #endMs: number | undefined;
  #timer: { cancel(): void } | undefined;
  #timerMs = 0;

  /** `isOver` is called once for each piece of work that takes longer than `ms`. */
  constructor(clock: AuditClock, ms: number, isOver: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#isOver = isOver;
  }

  get nowMs(): number {
    return this.#clock.now?.() ?? this.#clock.wallMs();
  }

  /** A piece of work begins. `sinceMs`: moment from which somebody waits for it, if that was before. */
  begin(sinceMs: number | undefined): void {
    const { nowMs } = this;
    // A clock that jumps must make the wait neither longer nor begin in the future.
    const waitedMs = Math.min(this.#ms, Math.max(0, nowMs - (sinceMs ?? nowMs)));
    this.#endMs = nowMs + this.#ms - waitedMs;
    if (this.#timer === undefined || this.#timerMs > this.#endMs) this.#look(this.#endMs - nowMs);
  }

  /** The work has ended. */
  end(): void {
    this.#endMs = undefined;
  }

  #look(afterMs: number): void {
    this.#timer?.cancel();
    this.#timerMs = this.nowMs + afterMs;
    this.#timer = this.#clock.after?.(afterMs, () => {
      this.#timer = undefined;
      if (this.#endMs === undefined) return;
      const leftMs = this.#endMs - this.nowMs;
      if (leftMs > 0) return this.#look(leftMs);
      this.#endMs = undefined;
      this.#isOver();
    });
  }
}
