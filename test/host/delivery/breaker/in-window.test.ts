import { BREAKER_PRESETS, breakerPolicy, wrongBreaker, type OwnBreaker } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { BREAKER_MOVES } from "../../../../packages/host/src/delivery/breaker/breaker.js";
import { InWindow } from "../../../../packages/host/src/delivery/breaker/in-window.js";
import { SlidingCounts } from "../../../../packages/host/src/delivery/breaker/sliding-counts.js";
import { BEHAVIOURS, playPure, POLICIES, summaryOf } from "../../../helpers/breaker-behaviours.js";

const breaker = (own: OwnBreaker): InWindow =>
  new InWindow(
    breakerPolicy({ windowMs: 1_000, openMs: 500, successes: 2, ...own }) ?? BREAKER_PRESETS.standard,
  );

/** A breaker that opened at time 0. */
function opened(): InWindow {
  const one = breaker({ failures: 1 });
  one.ended("failed", 0, 0);
  return one;
}

describe("a breaker with a window", () => {
  it("opens at the given number of failures, and says which bound was passed", () => {
    const one = breaker({ failures: 3 });
    for (const ending of ["failed", "timed_out"] as const) one.ended(ending, 0, 0);
    expect([one.state, one.allows(0), one.why]).toEqual(["closed", true, undefined]);
    one.ended("crashed", 0, 0);
    expect([one.state, one.allows(0), one.why]).toEqual(["open", false, "3 calls failed within 1000 ms"]);
  });

  it("forgets what is older than its window", () => {
    const one = breaker({ failures: 2 });
    one.ended("failed", 0, 0);
    one.ended("failed", 0, 1_000);
    expect(one.state).toBe("closed");
    one.ended("failed", 0, 1_899);
    expect(one.state).toBe("open");
  });

  it("does not take an answer in between for the end of a row", () => {
    const one = breaker({ failures: 2 });
    for (const ending of ["failed", "answered", "failed"] as const) one.ended(ending, 0, 0);
    expect(one.state).toBe("open");
  });

  it.each<[string, OwnBreaker, number[], boolean]>([
    ["two slow answers", { slowMs: 50, slowCalls: 2 }, [50, 10, 50], true],
    ["one slow answer of two", { slowMs: 50, slowCalls: 2 }, [50, 49], false],
    ["a third that is slow", { slowMs: 50, slowRate: 0.3, minCalls: 3 }, [50, 1, 1], true],
    ["a quarter that is slow", { slowMs: 50, slowRate: 0.3, minCalls: 4 }, [1, 1, 1, 50], false],
    ["a third of too few calls", { slowMs: 50, slowRate: 0.3, minCalls: 4 }, [50, 1, 1], false],
    ["one of ten over the budget", { budgetMs: 20 }, [1, 1, 1, 1, 1, 1, 1, 1, 1, 21], true],
    ["ten in the budget to the millisecond", { budgetMs: 20 }, Array<number>(10).fill(20), false],
    [
      "one of ten, where a tenth may",
      { budgetMs: 20, budgetShare: 0.1 },
      [...Array<number>(9).fill(1), 21],
      false,
    ],
  ])("is or is not opened by %s", (_, own, tookMs, opens) => {
    const one = breaker(own);
    for (const ms of tookMs) one.ended("answered", ms, 0);
    expect(one.state).toBe(opens ? "open" : "closed");
  });

  it("counts failures for its failure rate from the least number of calls on", () => {
    const one = breaker({ failureRate: 0.5, minCalls: 4 });
    for (const ending of ["failed", "failed", "answered"] as const) one.ended(ending, 0, 0);
    expect(one.state).toBe("closed");
    one.ended("answered", 0, 0);
    expect([one.state, one.why]).toEqual(["open", "2 of 4 calls failed within 1000 ms"]);
  });

  it("opens at missed deadlines in a row whatever its policy says, where its host has a number for them", () => {
    const one = new InWindow({ ...BREAKER_PRESETS.standard, failures: 1_000 }, 3);
    for (const ending of ["timed_out", "timed_out", "answered", "timed_out", "timed_out"] as const)
      one.ended(ending, 0, 0);
    expect(one.state).toBe("closed");
    one.ended("timed_out", 0, 0);
    expect([one.state, one.why]).toEqual(["open", "3 missed deadlines in a row"]);
  });

  it("hears nothing of an end that says nothing about the extension", () => {
    const one = breaker({ failures: 1 });
    for (const ending of ["nothing", "cut_short"] as const) one.ended(ending, 0, 0);
    expect(one.state).toBe("closed");
  });

  it("lets one probe at a time through when its pause is over, and closes after enough of them", () => {
    const one = opened();
    expect([one.allows(499), one.allows(500), one.allows(500), one.state]).toEqual([
      false,
      true,
      false,
      "half_open",
    ]);
    one.ended("answered", 0, 500);
    expect([one.state, one.allows(500), one.allows(500)]).toEqual(["half_open", true, false]);
    one.ended("answered", 0, 500);
    expect([one.state, one.why, one.allows(500), one.allows(500)]).toEqual(["closed", undefined, true, true]);
  });

  it.each(["failed", "crashed", "timed_out", "cut_short"] as const)(
    "waits a whole pause again when a probe %s",
    (ending) => {
      const one = opened();
      one.allows(500);
      one.ended("answered", 0, 500);
      one.allows(600);
      one.ended(ending, 0, 600);
      expect([one.state, one.allows(1_099), one.allows(1_100)]).toEqual(["open", false, true]);
      // The successes before it count no more.
      one.ended("answered", 0, 1_100);
      expect(one.state).toBe("half_open");
    },
  );

  it.each(["answered", "failed", "nothing"] as const)(
    "does not take the end of an event from before it opened for that of its probe: %s",
    (ending) => {
      const one = opened();
      one.allows(500);
      one.ended(ending, 0, 510, false);
      expect([one.state, one.allows(520)]).toEqual(["half_open", false]);
    },
  );

  it("does not take a slow probe for a success", () => {
    const one = breaker({ slowMs: 50, slowCalls: 1, successes: 1 });
    one.ended("answered", 60, 0);
    one.allows(500);
    one.ended("answered", 60, 560);
    expect([one.state, one.why]).toEqual(["open", "its probe was slow"]);
  });

  it("repeats a probe at once that was not sent in the end", () => {
    const one = opened();
    one.allows(500);
    one.ended("nothing", 0, 500);
    expect(one.allows(500)).toBe(true);
  });

  it("gives a new process a probe at once", () => {
    const one = opened();
    one.probeSoon(10);
    expect([one.allows(10), one.allows(10)]).toEqual([true, false]);
  });

  it("takes a late answer to an earlier event for nothing while it is open", () => {
    const one = opened();
    one.ended("answered", 0, 100);
    expect([one.state, one.allows(100)]).toEqual(["open", false]);
  });

  it("makes the moves of its table and no other", () => {
    expect(BREAKER_MOVES).toEqual({ closed: ["open"], open: ["half_open"], half_open: ["open", "closed"] });
  });
});

describe("counts of a sliding window", () => {
  it("are those of a list of the last calls, however time passes", () => {
    const counts = new SlidingCounts(1_000);
    const times: number[] = [];
    let nowMs = 0;
    for (let call = 0; call < 2_000; call += 1) {
      nowMs += (call * 7_919) % 431;
      counts.add({ calls: 1 }, nowMs);
      times.push(Math.floor(nowMs / 100));
      const within = times.filter((slice) => slice > Math.floor(nowMs / 100) - 10);
      expect(counts.sum(nowMs).calls).toBe(within.length);
    }
  });

  it("take a time before the last one for the last one: a clock that jumps back loses nothing", () => {
    const counts = new SlidingCounts(1_000);
    counts.add({ calls: 1 }, 5_000);
    counts.add({ calls: 1 }, 10);
    expect([counts.sum(10).calls, counts.sum(5_999).calls, counts.sum(6_000).calls]).toEqual([2, 2, 0]);
  });
});

describe("a choice of a breaker", () => {
  it.each<[unknown, RegExp]>([
    ["conservativ", /there is no policy 'conservativ', only 'default', 'standard'/],
    [null, /must be 'default'.*or an object/],
    [[], /or an object/],
    [{ failure: 3 }, /did you mean 'failures'/],
    [{ like: "default" }, /'like' must be one of standard/],
    [{ failures: 0 }, /'failures' must be a whole number from 1/],
    [{ failures: 1.5 }, /'failures' must be a whole number/],
    [{ failureRate: 2 }, /'failureRate' must be a number from 0.000001 to 1/],
    [{ failureRate: Number.NaN }, /'failureRate' must be/],
    [{ windowMs: "30s", failures: 1 }, /'windowMs' must be a number/],
    [{ slowCalls: 2 }, /need 'slowMs'/],
    [{ slowMs: 20 }, /opens nothing without/],
    [{}, /never opens/],
    [{ openMs: 5 }, /never opens/],
  ])("%j is refused", (choice, why) => {
    expect(wrongBreaker(choice)).toMatch(why);
  });

  it.each([
    ["default"],
    ["standard"],
    [{ failures: 1 }],
    [{ like: "conservative", openMs: 5 }],
    [{ budgetMs: 25 }],
  ])("%j is taken", (choice) => {
    expect(wrongBreaker(choice)).toBeUndefined();
  });

  it("of one's own keeps what it does not change of the one that it is like", () => {
    expect(breakerPolicy({ like: "conservative", openMs: 5 })).toEqual({
      ...BREAKER_PRESETS.conservative,
      openMs: 5,
    });
  });
});

it("what each policy does with slow, failing, flapping and healing extensions", () => {
  const table = Object.entries(BEHAVIOURS).map(([name, behaviour]) => [
    name,
    Object.fromEntries(
      Object.entries(POLICIES).map(([policy, choice]) => [policy, summaryOf(playPure(choice, behaviour))]),
    ),
  ]);
  expect(Object.fromEntries(table)).toMatchInlineSnapshot(`
    {
      "failing": {
        "conservative": "opens at 2.5 s, asks 6 of 120",
        "default": "never opens",
        "half of all calls fail": "opens at 5 s, asks 15 of 120",
        "p99 of 100 ms": "never opens",
        "production_optimized": "opens at 1 s, asks 7 of 120",
        "standard": "opens at 1.5 s, asks 6 of 120",
      },
      "flapping": {
        "conservative": "opens at 6.5 s, asks 26 of 120",
        "default": "never opens",
        "half of all calls fail": "opens at 8 s, asks 44 of 120",
        "p99 of 100 ms": "never opens",
        "production_optimized": "opens at 3 s, asks 26 of 120",
        "standard": "opens at 3.5 s, asks 14 of 120",
      },
      "hanging": {
        "conservative": "opens at 1.5 s, asks 4 of 120",
        "default": "opens at 1.5 s, asks 4 of 120",
        "half of all calls fail": "opens at 1.5 s, asks 8 of 120",
        "p99 of 100 ms": "opens at 1.5 s, asks 8 of 120",
        "production_optimized": "opens at 1 s, asks 7 of 120",
        "standard": "opens at 1.5 s, asks 6 of 120",
      },
      "hanging for 20 s": {
        "conservative": "opens at 1.5 s, asks 60 of 120, well at the end",
        "default": "opens at 1.5 s, asks 60 of 120, well at the end",
        "half of all calls fail": "opens at 1.5 s, asks 80 of 120, well at the end",
        "p99 of 100 ms": "opens at 1.5 s, asks 80 of 120, well at the end",
        "production_optimized": "opens at 1 s, asks 80 of 120, well at the end",
        "standard": "opens at 1.5 s, asks 60 of 120, well at the end",
      },
      "healing after 20 s": {
        "conservative": "opens at 2.5 s, asks 61 of 120, well at the end",
        "default": "never opens",
        "half of all calls fail": "opens at 5 s, asks 82 of 120, well at the end",
        "p99 of 100 ms": "never opens",
        "production_optimized": "opens at 1 s, asks 82 of 120, well at the end",
        "standard": "opens at 1.5 s, asks 62 of 120, well at the end",
      },
      "quick": {
        "conservative": "never opens",
        "default": "never opens",
        "half of all calls fail": "never opens",
        "p99 of 100 ms": "never opens",
        "production_optimized": "never opens",
        "standard": "never opens",
      },
      "slow": {
        "conservative": "never opens",
        "default": "never opens",
        "half of all calls fail": "never opens",
        "p99 of 100 ms": "never opens",
        "production_optimized": "opens at 0.5 s, asks 6 of 120",
        "standard": "opens at 1 s, asks 5 of 120",
      },
      "slow at times": {
        "conservative": "opens at 15 s, asks 60 of 120",
        "default": "never opens",
        "half of all calls fail": "never opens",
        "p99 of 100 ms": "opens at 5 s, asks 46 of 120",
        "production_optimized": "opens at 5 s, asks 40 of 120",
        "standard": "opens at 10 s, asks 60 of 120",
      },
    }
  `);
});
