/** Bounds of `Failures`. */
export interface FailureBounds {
  /** Failures within the window that are too many. */
  readonly most: number;
  readonly windowMs: number;
  readonly maxKeys: number;
}

/** What came of one failure. */
export interface Counted {
  /** Failures within the window, this one included. Begins anew after `isTooMany`. */
  readonly failures: number;
  /** True once for each `most` failures. */
  readonly isTooMany: boolean;
  /** True if the key had no count of its own, because there are too many keys. */
  readonly isShared: boolean;
}

/** Keys that are looked at for one that can be forgotten: those whose last failure is longest ago. */
const LOOKED_AT = 8;

/**
 * Counts failures by key within a window that moves along. Pure: it knows no clock. Keys that come while `maxKeys` others have
 * failures within the window are counted together: a flood of keys takes no key's count away.
 */
export class Failures {
  readonly #bounds: FailureBounds;
  /** Times of failures, oldest first; the key that failed longest ago comes first. */
  readonly #times = new Map<string, number[]>();
  #shared: number[] = [];

  constructor(bounds: FailureBounds) {
    this.#bounds = bounds;
  }

  /** Keys that have a count of their own now. */
  get size(): number {
    return this.#times.size;
  }

  /** Counts one failure. `nowMs` of any clock that does not go back. */
  count(key: string, nowMs: number): Counted {
    const known = this.#times.get(key);
    if (known === undefined) this.#forgetOld(nowMs);
    else this.#times.delete(key);
    const isShared = known === undefined && this.#times.size >= this.#bounds.maxKeys;
    const times = this.#within(isShared ? this.#shared : (known ?? []), nowMs);
    times.push(nowMs);
    const failures = times.length;
    const isTooMany = failures >= this.#bounds.most;
    const kept = isTooMany ? [] : times;
    if (isShared) this.#shared = kept;
    else if (kept.length > 0) this.#times.set(key, kept);
    return { failures, isTooMany, isShared };
  }

  /** Failures of a key within the window that were not too many yet. */
  of(key: string, nowMs: number): number {
    return this.#within(this.#times.get(key) ?? [], nowMs).length;
  }

  #within(times: readonly number[], nowMs: number): number[] {
    return times.filter((atMs) => nowMs - atMs < this.#bounds.windowMs);
  }

  #forgetOld(nowMs: number): void {
    let left = LOOKED_AT;
    for (const [key, times] of this.#times) {
      if (left === 0) return;
      left -= 1;
      if (nowMs - (times.at(-1) ?? 0) >= this.#bounds.windowMs) this.#times.delete(key);
    }
  }
}
