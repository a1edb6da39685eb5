import { msToFill, rateOf, TokenBuckets, type Rate } from "@synaps/builtins";
import { describe, expect, it } from "vitest";
import { numbers } from "../helpers/random.js";
import { verifies } from "../requirements/verifies.js";

/** A bucket by the book, with whole numbers of any size. */
class Model {
  #parts: bigint;
  #atMs: number;
  readonly #rate: Rate;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#parts = this.#full;
    this.#atMs = nowMs;
  }

  get #full(): bigint {
    return BigInt(this.#rate.capacity + this.#rate.burst) * BigInt(this.#rate.perMs);
  }

  take(cost: number, nowMs: number) {
    const { refill, perMs } = this.#rate;
    const passed = BigInt(Math.max(0, Math.floor(nowMs) - this.#atMs));
    const filled = this.#parts + passed * BigInt(refill);
    this.#parts = filled > this.#full ? this.#full : filled;
    this.#atMs = Math.floor(nowMs);
    const missing = BigInt(cost) * BigInt(perMs) - this.#parts;
    if (missing <= 0n) this.#parts = -missing;
    const up = (parts: bigint): number => Number((parts + BigInt(refill) - 1n) / BigInt(refill));
    return {
      allowed: missing <= 0n,
      remaining: Number(this.#parts / BigInt(perMs)),
      retryAfterMs: missing <= 0n ? 0 : up(missing),
      resetMs: up(this.#full - this.#parts),
    };
  }
}

function drawRate(below: (limit: number) => number): Rate {
  const refill = [5, 0.001, 1_000_000, 100, 1 / 3, 1 + below(999) / 1_000][below(6)] ?? 1;
  const capacity = [1, 30, 1 + below(1_000), 1_000_000][below(4)] ?? 1;
  return rateOf(capacity, [0, 50, 1_000_000][below(3)] ?? 0, refill, [1_000, 60_000][below(2)] ?? 1_000);
}

/** Steps of a clock: mostly forward, sometimes far, sometimes back, with parts of a millisecond. */
function drawStep(below: (limit: number) => number): number {
  const steps = [0, below(10), below(5_000) / 7, below(100_000), -below(1_000_000), below(2 ** 31) * 1_000];
  return steps[below(steps.length)] ?? 0;
}

describe(verifies("BUILTIN-001") + "a token bucket", () => {
  it("counts as whole numbers of any size do, over any time and under a clock that jumps back", () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const below = numbers(seed);
      const rate = drawRate(below);
      let nowMs = [0, Date.UTC(2026, 0, 1), 2 ** 52][below(3)] ?? 0;
      const [buckets, model] = [new TokenBuckets(rate), new Model(rate, nowMs)];
      for (let event = 0; event < 200; event += 1) {
        const cost = below(Math.min(rate.capacity + rate.burst, 40) + 1);
        const { limit, shared, ...taken } = buckets.take("key", cost, nowMs);
        expect({ seed, event, ...taken }).toEqual({ seed, event, ...model.take(cost, nowMs) });
        expect([limit, shared]).toEqual([rate.capacity + rate.burst, false]);
        nowMs = Math.min(Math.max(0, nowMs + drawStep(below)), 2 ** 53 - 1);
      }
    }
  });

  it("allows what was refused after just the time that it named, and not a millisecond earlier", () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const below = numbers(seed);
      const rate = rateOf(1 + below(50), below(20), 1 + below(1_000) / 100, 1_000);
      const cost = 1 + below(rate.capacity + rate.burst);
      const drained = (): TokenBuckets => {
        const buckets = new TokenBuckets(rate);
        while (buckets.take("key", 1, 0).allowed);
        return buckets;
      };
      const { retryAfterMs, allowed } = drained().take("key", cost, 0);
      expect([seed, allowed]).toEqual([seed, false]);
      expect(drained().take("key", cost, retryAfterMs - 1).allowed).toBe(false);
      expect(drained().take("key", cost, retryAfterMs)).toMatchObject({ allowed: true, retryAfterMs: 0 });
    }
  });

  it("lets 100 through in each minute, exactly, for a year", () => {
    const buckets = new TokenBuckets(rateOf(100, 0, 100, 60_000));
    let allowed = 0;
    const minutes = 365 * 24 * 60;
    for (let minute = 0; minute < minutes; minute += 1) {
      // Until the first refusal: each further one would be refused as well.
      while (buckets.take("key", 10, minute * 60_000 + 59_999.9).allowed) allowed += 10;
    }
    expect(allowed).toBe(minutes * 100);
  });

  it("ignores a time that is no number", () => {
    const buckets = new TokenBuckets(rateOf(1, 0, 1, 1_000));
    expect(buckets.take("key", 1, 5_000).allowed).toBe(true);
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY, undefined as never])
      expect(buckets.take("key", 1, broken)).toMatchObject({ allowed: false, retryAfterMs: 1_000 });
    expect(buckets.take("key", 1, 6_000).allowed).toBe(true);
  });
});

describe(verifies("BUILTIN-002") + "the table of buckets", () => {
  it("never holds more keys than it may, and gives a million keys together no more than one rate beyond those", () => {
    const rate = rateOf(3, 0, 1, 3_600_000);
    const buckets = new TokenBuckets(rate, { maxKeys: 100 });
    let [sharing, beyond] = [0, 0];
    for (let key = 0; key < 1_000_000; key += 1) {
      const { allowed, shared } = buckets.take(`key ${key}`, 1, 0);
      if (shared) sharing += 1;
      if (shared && allowed) beyond += 1;
    }
    expect([buckets.size, sharing, beyond]).toEqual([100, 1_000_000 - 100, 3]);
  });

  it("keeps the tokens of a key that has a bucket, whatever flood comes by", () => {
    const buckets = new TokenBuckets(rateOf(5, 0, 1, 3_600_000), { maxKeys: 10 });
    for (let call = 0; call < 5; call += 1) expect(buckets.take("mine", 1, call).allowed).toBe(true);
    for (let key = 0; key < 10_000; key += 1) buckets.take(`flood ${key}`, 1, 10 + key);
    // Neither forgotten, which would fill it, nor shared with the flood.
    expect(buckets.take("mine", 1, 20_000)).toMatchObject({ allowed: false, shared: false });
  });

  it("forgets buckets that are full again, and nobody can tell", () => {
    let most = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const below = numbers(seed);
      const rate = rateOf(1 + below(5), below(3), 1 + below(3), 1_000);
      const buckets = new TokenBuckets(rate);
      const models = new Map<string, Model>();
      let nowMs = 0;
      for (let event = 0; event < 500; event += 1) {
        nowMs += below(300);
        const key = `key ${below(40)}`;
        const model = models.get(key) ?? new Model(rate, nowMs);
        models.set(key, model);
        const { limit: _, shared: __, ...taken } = buckets.take(key, 1, nowMs);
        expect({ seed, event, ...taken }).toEqual({ seed, event, ...model.take(1, nowMs) });
      }
      most = Math.max(most, buckets.size);
    }
    expect(most).toBeLessThan(40);
  });

  it("gives a place to a new key as soon as a bucket is full again", () => {
    const buckets = new TokenBuckets(rateOf(1, 0, 1, 1_000), { maxKeys: 1 });
    buckets.take("first", 1, 0);
    expect(buckets.take("second", 1, 999).shared).toBe(true);
    expect(buckets.take("third", 1, 1_000)).toMatchObject({ shared: false, allowed: true });
    expect(buckets.size).toBe(1);
  });

  it("forgets a bucket that nobody used for its time, and by default never before it is full", () => {
    const slow = rateOf(2, 0, 1, 24 * 3_600_000);
    const kept = new TokenBuckets(slow);
    const forgotten = new TokenBuckets(slow, { ttlMs: 1_000 });
    for (const buckets of [kept, forgotten]) for (const _ of [1, 2]) buckets.take("key", 1, 0);
    for (const buckets of [kept, forgotten]) buckets.take("other", 1, 3_600_000);
    expect([kept.size, forgotten.size]).toEqual([2, 1]);
    expect(kept.take("key", 1, 3_600_000).allowed).toBe(false);
    // The other one is full by now, and the first is not.
    kept.take("third", 1, 30 * 3_600_000);
    expect(kept.size).toBe(2);
    expect([1, 2].map(() => kept.take("key", 1, 30 * 3_600_000).allowed)).toEqual([true, false]);
    expect(msToFill(slow)).toBe(48 * 3_600_000);
  });
});
