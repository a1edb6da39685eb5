import { expect, test } from "vitest";
import { Failures } from "../src/failures.js";

const bounds = { most: 3, windowMs: 1_000, maxKeys: 4 };

test("each third failure within the window is too many, and older ones do not count", () => {
  const failures = new Failures(bounds);
  const seen = [0, 100, 200, 300, 400, 1_299, 1_300, 2_299, 2_300].map((atMs) => failures.count("ada", atMs));
  expect(seen.map(({ failures: count, isTooMany }) => [count, isTooMany])).toEqual([
    [1, false],
    [2, false],
    [3, true],
    [1, false],
    [2, false],
    [3, true],
    [1, false],
    [2, false],
    [2, false],
  ]);
});

test("a flood of names takes no name's count away, is counted together, and ends with the window", () => {
  const failures = new Failures(bounds);
  failures.count("ada", 0);
  failures.count("ada", 1);
  const flood = Array.from({ length: 10_000 }, (_, n) => failures.count(`name${n}`, 2));
  expect(failures.size).toBe(4);
  expect(flood.filter(({ isShared }) => isShared)).toHaveLength(10_000 - 3);
  expect(flood.filter(({ isTooMany }) => isTooMany)).toHaveLength(Math.floor((10_000 - 3) / 3));
  expect(failures.of("ada", 3)).toBe(2);
  expect(failures.count("ada", 3)).toEqual({ failures: 3, isTooMany: true, isShared: false });
  expect(failures.count("bob", 1_002)).toEqual({ failures: 1, isTooMany: false, isShared: false });
  expect(failures.size).toBe(1);
});
