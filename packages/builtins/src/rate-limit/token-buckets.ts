import { ceilOf, floorOf, msToFill, type Rate } from "./rate.js";

/** Bounds of `TokenBuckets`. */
export interface BucketBounds {
  /** Keys that have a bucket of their own. Default 10,000. */
  readonly maxKeys?: number;
  /** Time without use after which a bucket is forgotten, in milliseconds. Default 1 h, or longer if it takes longer to fill. */
  readonly ttlMs?: number;
}

/** The answer of a bucket. */
export interface Taken {
  readonly allowed: boolean;
  /** Tokens of a full bucket. */
  readonly limit: number;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Milliseconds until the bucket has enough for what was refused; 0 when it was allowed. */
  readonly retryAfterMs: number;
  /** Milliseconds until the bucket is full again. */
  readonly resetMs: number;
  /** True if the key had no bucket of its own, because there are too many keys. */
  readonly shared: boolean;
}

interface Bucket {
  /** Tokens times `perMs` of the rate, so that each millisecond adds a whole number. */
  parts: number;
  atMs: number;
}

/** Keys that have a bucket of their own unless said otherwise: as in rs-llmspell. */
const MAX_KEYS = 10_000;
/** Least time for which an unused bucket is kept: as in rs-llmspell. */
const TTL_MS = 3_600_000;
/** Buckets that are looked at for one that can be forgotten: those that were not used for longest. */
const LOOKED_AT = 8;

/**
 * A token bucket for each key. Pure: it knows no clock and counts with whole numbers, so that nothing is lost over any time.
 * A bucket that is full again is forgotten, because a new one is the same. Keys beyond `maxKeys` that come while no bucket
 * can be forgotten have one bucket together: a flood of keys gives nobody more than its rate, and keys with a bucket of their
 * own notice nothing. A time before the one of the last call adds nothing and takes nothing; counting goes on from it.
 */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #maxKeys: number;
  readonly #ttlMs: number;
  readonly #full: number;
  readonly #msToFill: number;
  /** The bucket that was not used for longest comes first. */
  readonly #buckets = new Map<string, Bucket>();
  readonly #shared: Bucket;
  #lastMs = 0;

  constructor(rate: Rate, { maxKeys = MAX_KEYS, ttlMs }: BucketBounds = {}) {
    this.#rate = rate;
    this.#maxKeys = maxKeys;
    this.#msToFill = msToFill(rate);
    this.#ttlMs = ttlMs ?? Math.max(TTL_MS, this.#msToFill);
    this.#full = (rate.capacity + rate.burst) * rate.perMs;
    this.#shared = { parts: this.#full, atMs: Number.POSITIVE_INFINITY };
  }

  /** Keys that have a bucket now. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes `cost` whole tokens from the bucket of a key if it has so many, and none if not. `nowMs` of any clock. */
  take(key: string, cost: number, nowMs: number): Taken {
    const { perMs, refill } = this.#rate;
    if (Number.isFinite(nowMs)) this.#lastMs = Math.floor(nowMs);
    const bucket = this.#bucketOf(key);
    bucket.parts = this.#partsNow(bucket);
    bucket.atMs = this.#lastMs;
    const missing = cost * perMs - bucket.parts;
    if (missing <= 0) bucket.parts -= cost * perMs;
    return {
      allowed: missing <= 0,
      limit: this.#full / perMs,
      remaining: floorOf(bucket.parts, perMs),
      retryAfterMs: missing <= 0 ? 0 : ceilOf(missing, refill),
      resetMs: ceilOf(this.#full - bucket.parts, refill),
      shared: bucket === this.#shared,
    };
  }

  #bucketOf(key: string): Bucket {
    const known = this.#buckets.get(key);
    if (known) this.#buckets.delete(key);
    else this.#forgetFull();
    if (!known && this.#buckets.size >= this.#maxKeys) return this.#shared;
    const bucket = known ?? { parts: this.#full, atMs: this.#lastMs };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #partsNow({ parts, atMs }: Bucket): number {
    const passedMs = this.#passedSince(atMs);
    // Longer would leave the whole numbers that a number can hold.
    if (passedMs >= this.#msToFill) return this.#full;
    return Math.min(this.#full, parts + passedMs * this.#rate.refill);
  }

  #passedSince(atMs: number): number {
    return Math.max(0, this.#lastMs - atMs);
  }

  #forgetFull(): void {
    let left = LOOKED_AT;
    for (const [key, bucket] of this.#buckets) {
      if (left === 0) return;
      left -= 1;
      if (this.#partsNow(bucket) === this.#full || this.#passedSince(bucket.atMs) >= this.#ttlMs)
        this.#buckets.delete(key);
    }
  }
}
