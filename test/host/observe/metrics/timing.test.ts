import fc from "fast-check";
import { expect, it } from "vitest";
import { BOUNDS_MS, endOf, stepOf, Timing } from "../../../../packages/host/src/observe/metrics/timing.js";

/** Times as they occur: microseconds to minutes, each order of magnitude as likely as the others. */
const times = fc.array(
  fc.double({ min: -4, max: 5.5, noNaN: true }).map((power) => 10 ** power),
  { minLength: 1, maxLength: 400 },
);

function timingOf(all: readonly number[]): Timing {
  const timing = new Timing();
  for (const ms of all) timing.add(ms);
  return timing;
}

/** The time that the share of all times does not exceed, from the times themselves. */
function exactly(share: number, all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * all.length) - 1)] ?? 0;
}

it("quantiles are those of the times themselves, within one step of a sixteenth", () => {
  fc.assert(
    fc.property(times, (all) => {
      const read = timingOf(all).read();
      const longest = Math.max(...all);
      for (const [share, found] of [
        [0.5, read.p50Ms],
        [0.99, read.p99Ms],
        [0.999, read.p999Ms],
      ] as const) {
        const exact = exactly(share, all);
        const over = exact >= 2 ** 26 / 1000;
        expect(found).toBe(over ? longest : Math.min(endOf(stepOf(exact)), longest));
        if (!over) expect(found).toBeLessThanOrEqual(exact * (1 + 1 / 16) + 0.001);
        expect(found).toBeGreaterThanOrEqual(Math.min(exact, longest));
      }
      expect(read).toMatchObject({ count: all.length, maxMs: longest });
      expect(read.sumMs).toBeCloseTo(
        all.reduce((sum, ms) => sum + ms, 0),
        3,
      );
    }),
  );
});

it("buckets hold the number of times below each bound", () => {
  fc.assert(
    fc.property(times, (all) => {
      const us = all.map((ms) => Math.floor(ms * 1000));
      const below = BOUNDS_MS.map((bound) => us.filter((one) => one < Math.round(bound * 1000)).length);
      expect(timingOf(all).read().buckets).toEqual(below);
    }),
  );
});

it("the sum of two histograms is the histogram of all their times", () => {
  fc.assert(
    fc.property(times, times, (one, other) => {
      const sum = timingOf(one);
      sum.addAll(timingOf(other));
      const { sumMs, ...read } = sum.read();
      const { sumMs: wholeMs, ...whole } = timingOf([...one, ...other]).read();
      expect(read).toEqual(whole);
      expect(sumMs).toBeCloseTo(wholeMs, 3);
    }),
  );
});

it("steps follow each other without a gap, from 1 µs to 67 s", () => {
  for (let step = 0; endOf(step) < BOUNDS_MS.at(-1)!; step += 1) {
    const us = Math.round(endOf(step) * 1000);
    expect([stepOf((us - 0.5) / 1000), stepOf((us + 0.5) / 1000)]).toEqual([step, step + 1]);
  }
  expect([BOUNDS_MS[0], BOUNDS_MS.at(-1)]).toEqual([0.064, 67_108.864]);
});

it.each([[Number.NaN], [-1], [Number.NEGATIVE_INFINITY]])("a time of %s counts as 0", (ms) => {
  expect(timingOf([ms]).read()).toMatchObject({ count: 1, sumMs: 0, maxMs: 0, p50Ms: 0, p999Ms: 0 });
});

it("a time without an end leaves numbers that JSON can carry", () => {
  const read = timingOf([Number.POSITIVE_INFINITY]).read();
  expect(JSON.parse(JSON.stringify(read))).toEqual(read);
  expect(read.buckets.at(-1)).toBe(0);
});

it("nothing is there while nothing was added", () => {
  const { buckets, ...read } = new Timing().read();
  expect(read).toEqual({ count: 0, sumMs: 0, maxMs: 0, p50Ms: 0, p99Ms: 0, p999Ms: 0 });
  expect(buckets.every((below) => below === 0)).toBe(true);
});
