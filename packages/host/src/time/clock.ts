/** Node's timers take no more; a longer one would run out at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/** A timer of a `Clock`. Cancelling it after it ran, or twice, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time as the host sees it. Policies take one, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds on a clock that never jumps. Only differences mean something. */
  now(): number;
  /** Milliseconds since the Unix epoch; for what is written down, never for deadlines. */
  wallMs(): number;
  /**
   * Runs once after `ms`, and after what had arrived on pipes by then was read: time is judged after reading. The timer
   * does not keep the program alive; pending work does (`Activity`).
   */
  after(ms: number, run: () => void): Timer;
}

/** The time of the machine, and timers that do not keep the program alive. The default of `createHost`. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallMs: () => Date.now(),
  after(ms, run) {
    let reading: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      // A loop that was busy runs its timers before it reads: the check phase comes after the reading.
      reading = setImmediate(run);
    }, ms).unref();
    return {
      cancel: () => {
        clearTimeout(timer);
        clearImmediate(reading);
      },
    };
  },
};

/** Resolves after `ms`, or at once when the signal is aborted. */
export function delay(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = clock.after(ms, done);
    function done(): void {
      timer.cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done, { once: true });
  });
}
