import { breakerPolicy } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { History } from "../../../packages/host/src/delivery/history.js";
import type { DeliveryResult } from "../../../packages/host/src/delivery/request.js";
import { DEFAULT_LIMITS } from "../../../packages/host/src/options.js";
import { TestEvent } from "../../helpers/scripted-process.js";

const history = (): History => new History(DEFAULT_LIMITS);
const event = (input = "x", subscription = "one"): TestEvent => new TestEvent(input, { subscription });
const ended = (reason?: (DeliveryResult & { answered: false })["reason"]): DeliveryResult =>
  reason === undefined
    ? { answered: true, result: null, queueMs: 0, runMs: 1 }
    : { answered: false, reason, queueMs: 0, runMs: 1 };
const BREAKER = { reason: "breaker", detail: "3 missed deadlines in a row" };
const call = (): TestEvent => {
  const request = event();
  Object.assign(request, { event: undefined, subscription: undefined });
  return request;
};

const STRICT = breakerPolicy({ failures: 1, minCalls: 1 });

const openOf = (past: History): string[] => past.breakers().map(({ subscription }) => subscription);

/** A history whose breaker for `one` is open since the given time. */
function opened(nowMs = 0): History {
  const past = history();
  for (let n = 0; n < DEFAULT_LIMITS.breakerTimeouts; n += 1)
    past.ended(event(), ended("timeout"), true, 0, nowMs);
  return past;
}

describe("breakers", () => {
  it("have closed when somebody is told so, who may forgive once more", () => {
    const told: unknown[] = [];
    const past: History = new History(DEFAULT_LIMITS, ({ open }) => {
      told.push([open, openOf(past)]);
      if (!open) past.forgive();
    });
    for (let n = 0; n < DEFAULT_LIMITS.breakerTimeouts; n += 1)
      past.ended(event(), ended("timeout"), true, 0, 0);
    past.forgive();
    expect(told).toEqual([
      [true, ["one"]],
      [false, []],
    ]);
  });

  it("begin without a past when the subscription gets another policy, and close", () => {
    const told: boolean[] = [];
    const past = new History(DEFAULT_LIMITS, ({ open }) => void told.push(open));
    const strict = (): TestEvent => Object.assign(event(), { breaker: { ...STRICT } });
    past.ended(strict(), ended("timeout"), true, 0, 0);
    expect([past.refuses(strict(), 1), told]).toMatchObject([{ reason: "breaker" }, [true]]);
    // The same policy in another object is the same.
    expect(past.refuses(strict(), 2)).toMatchObject({ reason: "breaker" });
    expect([past.refuses(event(), 3), past.clean, told]).toEqual([undefined, true, [true, false]]);
    // An event of the new policy began a new past; the end of one of the old policy does not count there.
    past.ended(event(), ended("timeout"), true, 0, 4);
    past.ended(strict(), ended("timeout"), true, 0, 5);
    expect(openOf(past)).toEqual([]);
  });

  it("belong to a subscription, and concern no call", () => {
    const past = opened();
    expect([openOf(past), past.clean]).toEqual([["one"], false]);
    expect(past.refuses(event(), 1)).toMatchObject({ reason: "breaker" });
    expect(past.refuses(event("x", "two"), 1)).toBeUndefined();
    expect(past.refuses(call(), 1)).toBeUndefined();
    past.ended(call(), ended("timeout"), true, 0, 1);
    expect(openOf(past)).toEqual(["one"]);
  });

  it("hear of no end that counts against nobody while none is open", () => {
    const past = history();
    past.ended(event(), ended("error"), false, 0, 0);
    expect([past.clean, openOf(past)]).toEqual([true, []]);
  });

  it.each([
    [undefined, []],
    ["error", []],
    ["invalid", []],
    ["budget", ["one"]],
    ["overloaded", ["one"]],
    ["crash", ["one"]],
  ] as const)("take %s for the verdict of a probe, or not", (reason, open) => {
    const past = opened();
    const dueMs = DEFAULT_LIMITS.breakerProbeMs;
    const probe = event();
    expect(past.refuses(probe, dueMs)).toBeUndefined();
    expect(past.refuses(event(), dueMs)).toMatchObject({ reason: "breaker" });
    past.ended(probe, ended(reason), false, 0, dueMs);
    expect(openOf(past)).toEqual(open);
    // After the end of the chain's time the next probe waits; after any other end that says nothing it does not.
    if (open.length > 0)
      expect(past.refuses(event(), dueMs)).toEqual(reason === "budget" ? BREAKER : undefined);
  });

  it("let a new process have a probe at once, and are gone when the user forgives", () => {
    const past = opened();
    past.exited([], true, 5);
    expect(past.refuses(event(), 5)).toBeUndefined();
    past.forgive();
    expect([past.clean, openOf(past), past.refuses(event(), 5)]).toEqual([true, [], undefined]);
  });
});

describe("suspects", () => {
  it("are events that were with a process that crashed by itself; an answer clears them", () => {
    const past = history();
    past.exited([event("a"), call()], true, 0);
    expect([past.clean, past.standing(event("a").event, 0)]).toEqual([false, "suspect"]);
    expect([past.standing(event("b").event, 0), past.standing(undefined, 0)]).toEqual(["clean", "clean"]);
    expect(past.refuses(call(), 0)).toBeUndefined();
    past.answered(call());
    expect(past.clean).toBe(false);
    past.answered(event("a"));
    expect([past.clean, past.standing(event("a").event, 0)]).toEqual([true, "clean"]);
    past.exited([event("a")], false, 0);
    expect(past.clean).toBe(true);
  });

  it("that were suspected before, or sent again, are blamed before all others", () => {
    const past = history();
    past.exited([event("a"), event("b")], true, 0);
    past.exited([event("b"), event("c")], true, 1);
    expect(["a", "b", "c"].map((name) => past.standing(event(name).event, 1))).toEqual([
      "suspect",
      "poison",
      "clean",
    ]);
    expect(past.refuses(event("b"), 1)).toEqual({ reason: "poison" });
    expect(past.poisoned(1).map(({ crashes }) => crashes)).toEqual([2]);
    const again = event("d");
    again.attempt = 2;
    past.exited([again, event("e")], true, 2);
    expect(["d", "e"].map((name) => past.standing(event(name).event, 2))).toEqual(["suspect", "clean"]);
    past.forgive();
    expect([past.clean, past.poisoned(2)]).toEqual([true, []]);
  });
});

describe("what is held against events", () => {
  it("is nothing when a deadline passed for nobody, and something when it passed for a subscription", () => {
    const past = history();
    past.ended(event(), ended("timeout"), true, 0, 0);
    expect([past.clean, openOf(past)]).toEqual([false, []]);
    past.answered(event());
    expect(past.clean).toBe(false);
  });

  it("is the same after a crash as before it where the process had no event", () => {
    const past = history();
    past.exited([call()], true, 0);
    expect([past.clean, past.poisoned(0)]).toEqual([true, []]);
  });

  it("blames those that were suspected before, not those that were sent once beside them", () => {
    const past = history();
    const sent = (name: string): TestEvent => Object.assign(event(name), { attempt: 1 });
    past.exited([sent("a"), sent("b")], true, 0);
    past.exited([sent("b"), sent("c")], true, 1);
    expect(["a", "b", "c"].map((name) => past.standing(event(name).event, 1))).toEqual([
      "suspect",
      "poison",
      "clean",
    ]);
  });

  it("is over with the embargo", () => {
    const past = history();
    for (const nowMs of [0, 10]) past.exited([event("a")], true, nowMs);
    const end = 10 + DEFAULT_LIMITS.poisonMs;
    expect([past.refuses(event("a"), end - 1)?.reason, past.standing(event("a").event, end - 1)]).toEqual([
      "poison",
      "poison",
    ]);
    expect(past.poisoned(end)).toEqual([]);
    expect(past.refuses(event("a"), end)).toBeUndefined();
    expect(past.standing(event("a").event, end)).toBe("clean");
  });
});

describe("silence", () => {
  it("is three deadlines in a row without a byte", () => {
    const past = history();
    expect([
      past.deadlinePassed(0, 1_000),
      past.deadlinePassed(0, 2_000),
      past.deadlinePassed(0, 3_000),
    ]).toEqual([false, false, true]);
  });

  it("is over with a byte in the same millisecond as the last deadline", () => {
    const past = history();
    past.deadlinePassed(0, 1_000);
    past.deadlinePassed(999, 2_000);
    expect(past.deadlinePassed(1_999, 3_000)).toBe(true);
    expect(past.deadlinePassed(3_000, 4_000)).toBe(false);
  });

  it("ends with a byte, with the process, and when the user forgives", () => {
    for (const end of [
      (past: History) => past.deadlinePassed(2_500, 2_600),
      (past: History) => past.exited([], true, 2_500),
      (past: History) => past.forgive(),
    ]) {
      const past = history();
      past.deadlinePassed(0, 1_000);
      past.deadlinePassed(0, 2_000);
      end(past);
      expect(past.deadlinePassed(0, 3_000)).toBe(false);
    }
  });

  it("counts deadlines within 50 ms as one: their requests were sent together", () => {
    const past = history();
    past.deadlinePassed(0, 1_000);
    for (const nowMs of [1_010, 1_049, 1_098]) expect(past.deadlinePassed(0, nowMs)).toBe(false);
    expect(past.deadlinePassed(0, 1_148)).toBe(false);
    expect(past.deadlinePassed(0, 1_198)).toBe(true);
  });
});
