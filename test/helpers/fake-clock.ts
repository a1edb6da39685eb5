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

  /** Lets time pass without running anything on the way: what is overdue runs after it, as when the loop was blocked. */
  async jump(ms: number): Promise<void> {
    this.#nowMs += ms;
    await this.pass(0);
  }

  #next(end: number): Due | undefined {
    return this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
