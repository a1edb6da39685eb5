import type { Clock, Timer } from "../time/clock.js";

/** Share of the host's time that one stream may take with output that nobody asked for. */
const SHARE = 0.03;
/** Time that a stream may take at once: some hundred notifications, or a stack trace, are no flood. */
const BURST_MS = 10;
/** Longest pause at a time while nobody waits for the stream. */
const MAX_PAUSE_MS = 2_000;
/** The same while somebody does: answers wait behind the stream's own noise, but not for ever. */
const MAX_AWAITED_PAUSE_MS = 250;

/** A stream that can be held back, so that the pipe fills and whoever writes into it has to wait. */
export interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/**
 * Slows down a stream of output that nobody asked for and that comes faster than the host can look at it. Measures
 * time, not bytes: time is what the stream's neighbours would lose. Loses nothing.
 */
export class FloodBrake {
  readonly #clock: Clock;
  readonly #stream: Pausable;
  #leftMs = BURST_MS;
  #sinceMs: number;
  #timer: Timer | undefined;
  /** True while the stream is held back. */
  active = false;
  #stopped = false;

  constructor(clock: Clock, stream: Pausable) {
    this.#clock = clock;
    this.#stream = stream;
    this.#sinceMs = clock.now();
  }

  /** Notes the time that a look at some of the output took, up to now. `awaited`: somebody waits for an answer. */
  charge(costMs: number, nowMs: number, awaited = false): void {
    const earnedMs = (nowMs - this.#sinceMs) * SHARE;
    this.#leftMs = Math.min(BURST_MS, this.#leftMs + earnedMs) - costMs;
    this.#sinceMs = nowMs;
    if (this.#leftMs >= 0 || this.#timer || this.#stopped) return;
    this.#stream.pause();
    this.active = true;
    const pauseMs = Math.min(awaited ? MAX_AWAITED_PAUSE_MS : MAX_PAUSE_MS, -this.#leftMs / SHARE);
    this.#timer = this.#clock.after(pauseMs, () => this.release());
  }

  /** Lets the stream go on at once. */
  release(): void {
    if (!this.#timer) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.active = false;
    this.#stream.resume();
  }

  /** Lets the stream go on and never holds it back again, for the last of what was written. */
  stop(): void {
    this.#stopped = true;
    this.release();
  }
}
