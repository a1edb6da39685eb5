import pTimeout from "p-timeout";
import type { Clock, Timer } from "./clock.js";

/** The result of `limited` when the time was over first. */
export const LATE = Symbol("late");

/**
 * Waits for a promise, but not longer than `ms` on the given clock: resolves to LATE then. Rejects as the promise does.
 * For starts, stops and handlers; a timer of its own for each event costs too much.
 */
export function limited<T>(clock: Clock, ms: number, promise: PromiseLike<T>): Promise<T | typeof LATE> {
  const customTimers = {
    setTimeout: ((run: () => void, afterMs: number): Timer =>
      clock.after(afterMs, run)) as unknown as typeof setTimeout,
    clearTimeout: ((timer: Timer | undefined) => timer?.cancel()) as unknown as typeof clearTimeout,
  };
  // p-timeout refuses 0, and an infinite time means no timer at all.
  return pTimeout(promise, { milliseconds: Math.max(1, ms), fallback: () => LATE, customTimers });
}
