import type { Clock } from "./clock.js";

/** Lets several wait for the next change of something. */
export class Waiters {
  #waiting = new Set<() => void>();

  /** Wakes everybody who waits. */
  wake(): void {
    if (this.#waiting.size === 0) return;
    const woken = this.#waiting;
    this.#waiting = new Set();
    for (const wake of woken) wake();
  }

  /** Resolves to true at the next `wake`, or to false after `ms`. */
  next(clock: Clock, ms: number): Promise<boolean> {
    if (ms <= 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.cancel();
        resolve(true);
      };
      const timer = clock.after(ms, () => {
        this.#waiting.delete(wake);
        resolve(false);
      });
      this.#waiting.add(wake);
    });
  }
}
