/** Slices of a window: it slides by a tenth of its length. */
const SLICES = 10;

/** The counts of a window. */
export interface Counts {
  calls: number;
  failed: number;
  /** Slow calls that succeeded, and all slow calls. */
  slowAnswers: number;
  slow: number;
  overBudget: number;
}

/** Names of all counts. */
const NAMES = ["calls", "failed", "slowAnswers", "slow", "overBudget"] as const satisfies (keyof Counts)[];

const nothing = (): Counts => ({ calls: 0, failed: 0, slowAnswers: 0, slow: 0, overBudget: 0 });

/** Counts of a sliding window in a bounded number of slices. A time before the last one counts as the last one. */
export class SlidingCounts {
  readonly #sliceMs: number;
  readonly #slices = Array.from({ length: SLICES }, nothing);
  readonly #sum = nothing();
  /** Number of the newest slice since the clock's beginning. */
  #newest = Number.NEGATIVE_INFINITY;

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / SLICES;
  }

  add(call: Partial<Counts>, nowMs: number): void {
    this.#slideTo(nowMs);
    const slice = this.#at(this.#newest);
    for (const name of NAMES) {
      const more = call[name] ?? 0;
      slice[name] += more;
      this.#sum[name] += more;
    }
  }

  /** The counts that the window holds at this time. */
  sum(nowMs: number): Readonly<Counts> {
    this.#slideTo(nowMs);
    return this.#sum;
  }

  clear(): void {
    for (const counts of [...this.#slices, this.#sum]) Object.assign(counts, nothing());
  }

  #slideTo(nowMs: number): void {
    const slice = Math.floor(nowMs / this.#sliceMs);
    const first = Math.max(this.#newest + 1, slice - SLICES + 1);
    for (let number = first; number <= slice; number += 1) this.#empty(this.#at(number));
    this.#newest = Math.max(this.#newest, slice);
  }

  #empty(slice: Counts): void {
    for (const name of NAMES) {
      this.#sum[name] -= slice[name];
      slice[name] = 0;
    }
  }

  #at(number: number): Counts {
    return this.#slices[((number % SLICES) + SLICES) % SLICES] as Counts;
  }
}
