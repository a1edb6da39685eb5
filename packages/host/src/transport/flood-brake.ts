import type { Clock, Timer } from "../time/clock.js";

/** Share of the host's time that one stream may take with what nobody asked for. */
const SHARE = 0.03;
/** Time it may take at once: some hundred notifications, or a stack trace, are no flood. */
const BURST_MS = 10;
/** Longest pause: its answers wait behind its own noise, but not for ever. */
const MAX_PAUSE_MS = 250;

/** A stream that can be held back, so that the pipe fills and its writer has to wait. */
export interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/**
 * Slows down one that writes what nobody asked for, faster than it can be looked at. Measures time, not bytes: that is
 * what its neighbours would lose. Loses nothing.
 */
export class FloodBrake {
  readonly #clock: Clock;
  readonly #stream: Pausable;
  #leftMs = BURST_MS;
  #sinceMs: number;
  #timer: Timer | undefined;

  constructor(clock: Clock, stream: Pausable) {
    this.#clock = clock;
    this.#stream = stream;
    this.#sinceMs = clock.now();
  }

  /** Notes what looking at some of it took, up to now. */
  charge(costMs: number, nowMs: number): void {
    const earnedMs = (nowMs - this.#sinceMs) * SHARE;
    this.#leftMs = Math.min(BURST_MS, this.#leftMs + earnedMs) - costMs;
    this.#sinceMs = nowMs;
    if (this.#leftMs >= 0 || this.#timer) return;
    this.#stream.pause();
    const pauseMs = Math.min(MAX_PAUSE_MS, -this.#leftMs / SHARE);
    this.#timer = this.#clock.after(pauseMs, () => this.release());
  }

  /** Lets it go on at once, for the last of what it wrote. */
  release(): void {
    if (!this.#timer) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.#stream.resume();
  }
}
