/** Times of one sort, as a reading shows them. All are in milliseconds; all are 0 while `count` is 0. */
export interface TimingReading {
  readonly count: number;
  readonly sumMs: number;
  /** The longest time, exactly. */
  readonly maxMs: number;
  /** Half of the times are at most this; like the others, at most a sixteenth (6.25 %) or 1 µs too large. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** For each of the reading's `boundsMs`, the number of times below it; `count` has all of them. */
  readonly buckets: readonly number[];
}

/** Steps within each doubling: the width of a step is at most a sixteenth of the time. */
const STEPS = 16;
const STEP_BITS = 4;
/** Doublings of one microsecond until the largest time: 2^26 µs are 67 s, and no deadline is longer than 60 s. */
const TOP_BITS = 26;
const OVER = (TOP_BITS - STEP_BITS + 1) * STEPS;
/** The first bound of a reading is 2^6 µs: nothing that crosses a pipe is faster. */
const FIRST_BOUND_BITS = 6;

/** Bounds of the buckets of a reading, in milliseconds: doubling from 0.064 to 67,108.864. */
export const BOUNDS_MS: readonly number[] = Object.freeze(
  Array.from({ length: TOP_BITS - FIRST_BOUND_BITS + 1 }, (_, n) => 2 ** (FIRST_BOUND_BITS + n) / 1000),
);

/**
 * A histogram of times: 369 steps whose width grows with the time, 3 KB whatever the number of times. Adding one allocates
 * nothing. A time that is no number counts as 0.
 */
export class Timing {
  readonly #counts = new Float64Array(OVER + 1);
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  add(ms: number): void {
    const time = ms > 0 ? Math.min(ms, Number.MAX_SAFE_INTEGER) : 0;
    const step = stepOf(time);
    this.#counts[step] = (this.#counts[step] as number) + 1;
    this.#count += 1;
    this.#sumMs += time;
    if (time > this.#maxMs) this.#maxMs = time;
  }

  /** Adds all times of another histogram. */
  addAll(other: Timing): void {
    for (let step = 0; step <= OVER; step += 1)
      this.#counts[step] = (this.#counts[step] as number) + (other.#counts[step] as number);
    this.#count += other.#count;
    this.#sumMs += other.#sumMs;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  read(): TimingReading {
    return {
      count: this.#count,
      sumMs: this.#sumMs,
      maxMs: this.#maxMs,
      p50Ms: this.#quantile(0.5),
      p99Ms: this.#quantile(0.99),
      p999Ms: this.#quantile(0.999),
      buckets: this.#below(),
    };
  }

  /** The end of the step that holds the time of this rank, and never more than the longest time. */
  #quantile(share: number): number {
    let left = Math.max(1, Math.ceil(this.#count * share));
    for (let step = 0; step < OVER; step += 1) {
      left -= this.#counts[step] as number;
      if (left <= 0) return Math.min(endOf(step), this.#maxMs);
    }
    return this.#maxMs;
  }

  #below(): number[] {
    let sum = 0;
    let step = 0;
    return BOUNDS_MS.map((boundMs) => {
      for (; step < OVER && endOf(step) <= boundMs; step += 1) sum += this.#counts[step] as number;
      return sum;
    });
  }
}

/** The step of a time. Exported for its test. */
export function stepOf(ms: number): number {
  const us = ms * 1000;
  if (us < STEPS) return Math.floor(us);
  if (us >= 2 ** TOP_BITS) return OVER;
  const top = 31 - Math.clz32(us);
  return ((top - STEP_BITS + 1) << STEP_BITS) + ((us >> (top - STEP_BITS)) & (STEPS - 1));
}

/** The time in milliseconds at which a step ends and the next one begins. Exported for its test. */
export function endOf(step: number): number {
  if (step < STEPS) return (step + 1) / 1000;
  const shift = (step >> STEP_BITS) - 1;
  return ((STEPS + (step & (STEPS - 1)) + 1) * 2 ** shift) / 1000;
}
