import { modify, type HookKindSpec, type Verdict } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { Chain } from "../../../packages/host/src/dispatch/chain.js";
import type { Subscription } from "../../../packages/host/src/dispatch/subscription.js";
import { DEFAULT_LIMITS } from "../../../packages/host/src/options.js";
import { chainOf, kindSpec, members, toolEvent } from "../../helpers/chain-kit.js";
import { FakeClock } from "../../helpers/fake-clock.js";
import { HeldTarget } from "../../helpers/held-target.js";

/** A chain whose members answer when the test says so. */
function held(
  list: readonly (Partial<Subscription> & { name: string })[],
  { spec = kindSpec("before_tool_call"), untilMs }: { spec?: HookKindSpec; untilMs?: number } = {},
) {
  const told: unknown[] = [];
  const targets = list.map(({ name }) => new HeldTarget(name));
  const subscriptions = members(...list).subscriptions.map((one, n): Subscription => ({
    ...one,
    target: targets[n] as HeldTarget,
  }));
  const recorder = {
    handlerCalled: (...args: unknown[]) => void told.push(args),
    eventSettled: () => {},
  };
  const services = { clock: new FakeClock(), limits: DEFAULT_LIMITS, recorder };
  return { chain: new Chain(spec, subscriptions, services, 100, untilMs), targets, subscriptions, told };
}

const vote = (name: string, verdict: Verdict = { action: "continue" }) => ({
  status: "voted",
  extension: name,
  subscription: `${name}#1`,
  queueMs: 0,
  runMs: 1,
  verdict,
});

describe("a question to one of a chain", () => {
  it("carries the event, the deadline of the one that is asked, and the time that the chain has for it", () => {
    const { chain, targets } = held([{ name: "a", deadlineMs: 700 }, { name: "b" }]);
    const event = toolEvent();
    void chain.askOne(chain.places[0] as never, event, false);
    expect(targets[0]?.last.event).toBe(event);
    expect(targets[0]?.last).toMatchObject({
      method: "hook.handle",
      lane: "gate",
      subscription: "a#1",
      deadlineMs: 700,
      untilMs: 9_600,
      repeatable: true,
      overflow: "drop_newest",
    });
    void chain.askOne(chain.places[1] as never, event, true);
    expect(targets[1]?.last).toMatchObject({ subscription: "b#1", deadlineMs: 5_000, untilMs: 10_100 });
  });

  it("is sent again after a crash at a gate alone: a lifecycle event may have had effects", () => {
    for (const [kind, repeatable] of [
      ["before_tool_call", true],
      ["before_message", true],
      ["on_session_end", false],
    ] as const) {
      const { chain, targets } = held([{ name: "a" }], { spec: kindSpec(kind) });
      void chain.askOne(chain.places[0] as never, toolEvent(), true);
      expect(targets[0]?.last.repeatable).toBe(repeatable);
    }
  });

  it("is recorded with the vote that it brought", async () => {
    const { chain, targets, subscriptions, told } = held([{ name: "a" }]);
    const judged = chain.askOne(chain.places[0] as never, toolEvent(), true);
    targets[0]?.answer(modify("new"));
    expect(await judged).toEqual({ vote: vote("a", modify("new")), effective: modify("new") });
    expect(told).toEqual([
      [subscriptions[0], vote("a", modify("new")), expect.objectContaining({ toolName: "bash" })],
    ]);
    expect([chain.vote(0), chain.votes]).toEqual([
      told[0] && vote("a", modify("new")),
      [vote("a", modify("new"))],
    ]);
  });
});

describe("the time of a chain", () => {
  it("ends when it was told to end, without a reserve", () => {
    const { chain } = held([{ name: "a" }], { untilMs: 350 });
    expect(chain.budget).toEqual({ untilMs: 350, shortFromMs: 350 });
  });

  it("is the largest deadline granted when that is longer than usual", () => {
    const { chain } = held([
      { name: "a", deadlineMs: 20_000 },
      { name: "b", deadlineMs: 30_000 },
      { name: "c" },
    ]);
    expect(chain.budget).toEqual({ untilMs: 30_100, shortFromMs: 29_600 });
  });
});

describe("several that are asked at the same time", () => {
  it("are asked with closed ones first, and answer in the order of the chain", async () => {
    const list = [
      { name: "a" },
      { name: "b", closed: true },
      { name: "c" },
      { name: "d", closed: true },
      { name: "e" },
    ];
    const { subscriptions, asked } = members(...list);
    const chain = chainOf(kindSpec("before_tool_call"), subscriptions, {}, () => 0);
    const answers = await chain.askAll(chain.places, toolEvent());
    expect(asked.map(({ name }) => name)).toEqual(["b", "d", "a", "c", "e"]);
    expect(asked.map(({ untilMs }) => untilMs)).toEqual([10_000, 10_000, 10_000, 10_000, 10_000]);
    expect(answers.map(({ asked: { place } }) => place)).toEqual([0, 1, 2, 3, 4]);
    expect(answers.map(({ judged }) => judged.vote.extension)).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("are those that were named and nobody else", async () => {
    const { subscriptions, asked } = members({ name: "a" }, { name: "b" }, { name: "c" });
    const chain = chainOf(kindSpec("before_tool_call"), subscriptions, {}, () => 0);
    const named = chain.places.slice(1);
    await chain.askAll(named, toolEvent());
    expect(asked.map(({ name }) => name)).toEqual(["b", "c"]);
    expect(chain.votes).toEqual([vote("b"), vote("c")]);
    expect(chain.vote(0)).toBeUndefined();
  });
});

describe("the votes of a chain", () => {
  it("of one that is passed over after it voted stay as they were", async () => {
    const { subscriptions } = members({ name: "a" }, { name: "b" });
    const chain = chainOf(kindSpec("before_tool_call"), subscriptions, {}, () => 0);
    const [a, b] = chain.places as [never, never];
    await chain.askOne(a, toolEvent(), false);
    chain.passOver(a);
    chain.passOver(b);
    expect(chain.votes).toEqual([vote("a"), { status: "not_reached", extension: "b", subscription: "b#1" }]);
  });

  it("are none before anybody was asked", () => {
    const { chain } = held([{ name: "a" }]);
    expect([chain.votes, chain.vote(0)]).toEqual([[], undefined]);
  });
});

describe("a chain", () => {
  it("knows if one of its subscriptions fails closed", () => {
    expect(held([{ name: "a" }, { name: "b" }]).chain.anyClosed).toBe(false);
    expect(held([{ name: "a" }, { name: "b", closed: true }]).chain.anyClosed).toBe(true);
    expect(held([]).chain.anyClosed).toBe(false);
  });

  it("matches the conditions of a place on the event, and nothing beyond its end", () => {
    const { chain } = held([{ name: "a", filter: { inputContains: "in" } }, { name: "b" }]);
    expect([chain.matches(0, toolEvent("in")), chain.matches(0, toolEvent("out"))]).toEqual([true, false]);
    expect([chain.matches(1, toolEvent("out")), chain.matches(2, toolEvent("in"))]).toEqual([true, false]);
  });
});
