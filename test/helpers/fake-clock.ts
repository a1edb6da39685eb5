import { setImmediate } from "node:timers/promises";
import type { Clock } from "@synaps/host";

interface Due {
  at: number;
  run: () => void;
}

/** A clock that stands still until it is moved. Both of its times start at 0. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #timers: Due[] = [];

  now(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): { cancel(): void } {
    const due = { at: this.#nowMs + Math.max(0, ms), run };
    this.#timers.push(due);
    return { cancel: () => void (this.#timers = this.#timers.filter((one) => one !== due)) };
  }

  /** How many timers are armed. */
  get armed(): number {
    return this.#timers.length;
  }

  /** Lets time pass, runs what comes due in order, and lets what it woke go as far as it can. */
  async pass(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    await setImmediate();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#nowMs = Math.max(this.#nowMs, next.at);
      this.#timers = this.#timers.filter((one) => one !== next);
      next.run();
      await setImmediate();
    }
    this.#nowMs = end;
  }

  /** Lets time pass until the next timer and runs that. False when none is armed. */
  async step(): Promise<boolean> {
    // The next tick comes when no promise has anything left to run: no turn of the event loop is needed for that.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const next = this.#next(Number.POSITIVE_INFINITY);
    if (!next) return false;
    this.#nowMs = Math.max(this.#nowMs, next.at);
    this.#timers = this.#timers.filter((one) => one !== next);
    next.run();
    return true;
  }

  /** Lets time pass without running anything on the way: what is overdue runs after it, as when the loop was blocked. */
  async jump(ms: number): Promise<void> {
    this.#nowMs += ms;
    await this.pass(0);
  }

  #next(end: number): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#timers) if (due.at <= end && (!first || due.at < first.at)) first = due;
    return first;
  }
}
