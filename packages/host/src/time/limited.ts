import pTimeout from "p-timeout";
import type { Clock, Timer } from "./clock.js";
import { graceFor } from "./lag.js";

/** The result of `limited` when the time was over first. */
export const LATE = Symbol("late");

/**
 * Waits for a promise, but not longer than `ms` on the given clock: resolves to LATE then. Rejects as the promise does.
 * Time in which the host could not run is given once more: whatever runs in the host lost it as well.
 * For starts, stops and handlers; a timer of its own for each event costs too much.
 */
export function limited<T>(clock: Clock, ms: number, promise: PromiseLike<T>): Promise<T | typeof LATE> {
  const customTimers = {
    setTimeout: ((run: () => void, afterMs: number): Timer =>
      afterFairly(clock, afterMs, run)) as unknown as typeof setTimeout,
    clearTimeout: ((timer: Timer | undefined) => timer?.cancel()) as unknown as typeof clearTimeout,
  };
  // p-timeout refuses 0, and an infinite time means no timer at all.
  return pTimeout(promise, { milliseconds: Math.max(1, ms), fallback: () => LATE, customTimers });
}

/** Runs something after `ms`, and later by the time that the host lost to a lag. */
export function afterFairly(clock: Clock, ms: number, run: () => void): Timer {
  const dueMs = clock.now() + ms;
  let timer = clock.after(ms, () => {
    const graceMs = graceFor(clock.now() - dueMs);
    if (graceMs === 0) return run();
    timer = clock.after(graceMs, run);
  });
  return { cancel: () => timer.cancel() };
}
