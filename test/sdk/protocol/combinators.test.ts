import {
  composite,
  conditional,
  firstMatch,
  sequence,
  timed,
  voting,
  type AnyAnswer,
  type AnyHandler,
} from "@synaps/sdk/protocol";
import { describe, expect, it, vi } from "vitest";
import { eventOf } from "../../helpers/events.js";
import { startedHost } from "../../helpers/hosts.js";
import { verifies } from "../../requirements/verifies.js";

type Handler = AnyHandler<string, unknown, AnyAnswer>;

/** A handler that answers with the action, and the list of those that were called. */
function kit() {
  const called: string[] = [];
  const answers =
    (action: string | undefined, name = action ?? "nothing"): Handler =>
    () => {
      called.push(name);
      return action === undefined ? undefined : { action, name };
    };
  const throws =
    (name: string): Handler =>
    () => {
      called.push(name);
      throw new Error(name);
    };
  return { called, answers, throws };
}

describe(verifies("INP-012") + "sequence", () => {
  it("ends with the first answer that is not continue", async () => {
    const { called, answers } = kit();
    const run = sequence(answers(undefined), answers("continue"), answers("modify"), answers("block"));
    expect(await run("e", {})).toMatchObject({ action: "modify" });
    expect(called).toEqual(["nothing", "continue", "modify"]);
    expect(await sequence(answers("continue"))("e", {})).toBeUndefined();
  });

  it("ends with an error", async () => {
    const { called, answers, throws } = kit();
    await expect(sequence(throws("a"), answers("block"))("e", {})).rejects.toThrow("a");
    expect(called).toEqual(["a"]);
  });
});

describe("firstMatch and conditional", () => {
  it("call the handler of the first predicate that holds", async () => {
    const { called, answers } = kit();
    const run = firstMatch<string, unknown, AnyAnswer>(
      [(event) => event === "a", answers("block", "a")],
      [(event) => event !== "c", answers("confirm", "b")],
      [(event) => event === "b", answers("block", "never")],
    );
    expect(await run("b", {})).toMatchObject({ action: "confirm" });
    expect(await run("c", {})).toBeUndefined();
    expect(called).toEqual(["b"]);
    const only = conditional((event: string) => event === "a", answers("block"));
    expect([await only("a", {}), await only("b", {})]).toMatchObject([{ action: "block" }, undefined]);
  });
});

describe("composite", () => {
  it.each([
    [["continue", "modify", "block", "confirm"], "block"],
    [["modify", "confirm", "replace"], "confirm"],
    [["continue", undefined], "continue"],
    [["confirm", "reject"], "reject"],
    [["block", "cancel"], "block"],
  ])("calls all and takes the strictest: %j gives %s", async (actions, strictest) => {
    const { called, answers } = kit();
    expect(await composite(...actions.map((one) => answers(one)))("e", {})).toMatchObject({
      action: strictest,
    });
    expect(called).toHaveLength(actions.length);
  });

  it("hears all when one throws: a stop counts, and else the error", async () => {
    const { called, answers, throws } = kit();
    expect(await composite(throws("a"), answers("block"))("e", {})).toMatchObject({ action: "block" });
    await expect(composite(throws("a"), answers("modify"))("e", {})).rejects.toThrow("a");
    expect(called).toEqual(["a", "block", "a", "modify"]);
  });
});

describe("timed", () => {
  it("tells the time of a handler that took longer, and hands its answer on", async () => {
    const { answers, throws } = kit();
    const onSlow = vi.fn();
    expect(await timed(answers("block"), { warnMs: 0, onSlow })("e", {})).toMatchObject({ action: "block" });
    await expect(timed(throws("a"), { warnMs: 0, onSlow })("f", {})).rejects.toThrow("a");
    expect(onSlow.mock.calls).toMatchObject([[{ event: "e" }], [{ event: "f" }]]);
    expect(onSlow.mock.calls[0]?.[0].ms).toBeGreaterThan(0);
    await timed(answers("block"), { warnMs: 60_000, onSlow })("g", {});
    expect(onSlow).toHaveBeenCalledTimes(2);
  });
});

const never: Handler = () => new Promise(() => {});

/** True if the promise has not settled after everything that is due now has run. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol("open");
  const later = new Promise((resolve) => setImmediate(resolve, open));
  return (await Promise.race([promise, later])) === open;
}

describe("voting", () => {
  it.each([
    [undefined, ["block", "block", "continue"], "block"],
    [undefined, ["block", "continue", undefined], undefined],
    [undefined, ["block", "confirm", "continue"], "confirm"],
    [undefined, ["reject", "cancel", "continue"], "reject"],
    [undefined, ["block", "continue"], undefined],
    ["unanimity", ["block", "block"], "block"],
    ["unanimity", ["block", "block", "confirm"], "confirm"],
    ["unanimity", ["block", "block", undefined], undefined],
    [1, ["continue", "block", "continue"], "block"],
    [2, ["continue", "modify", "modify"], "modify"],
    [2, ["modify", "replace", "continue"], undefined],
  ] as const)("need %s of %j gives %s", async (need, actions, expected) => {
    const { called, answers } = kit();
    const voters = actions.map((action, n) => [`v${n}`, answers(action)] as const);
    const run = voting(Object.fromEntries(voters), need === undefined ? {} : { need });
    expect((await run("e", {}))?.action).toBe(expected);
    expect(called).toHaveLength(actions.length);
  });

  it("counts weights, and says who voted how", async () => {
    const says =
      (action: string, words: object = {}) =>
      () => ({ action, ...words });
    const heavy = { handler: says("block", { reason: "rm" }), weight: 2 };
    const run = voting(
      { heavy, light: says("continue"), other: says("confirm", { message: "sure?" }) },
      { need: 2 },
    );
    expect(await run("e", {})).toEqual({
      action: "block",
      reason:
        "Vote: heavy (weight 2): block, rm; light (weight 1): continue; other (weight 1): confirm, sure?",
    });
    const plain = voting({ a: says("confirm", { message: "sure?" }), b: says("block"), c: says("continue") });
    expect(await plain("e", {})).toEqual({
      action: "confirm",
      message: "Vote: a: confirm, sure?; b: block; c: continue",
    });
    expect(
      await voting({ heavy: { ...heavy, weight: 0.3 }, b: { ...heavy, weight: 0.1 } }, { need: 0.4 })(
        "e",
        {},
      ),
    ).toMatchObject({ action: "block" });
  });

  it("takes other answers together only if they are equal", async () => {
    const modify = (input: number) => () => ({ action: "modify", input });
    expect(await voting({ a: modify(1), b: modify(1), c: modify(2) })("e", {})).toEqual({
      action: "modify",
      input: 1,
    });
    expect(await voting({ a: modify(1), b: modify(2), c: modify(3) })("e", {})).toBeUndefined();
  });

  it("does not wait for a vote that changes nothing, and says whose it was", async () => {
    const { answers } = kit();
    const block = answers("block");
    expect(await voting({ never, a: block, b: block })("e", {})).toMatchObject({
      reason: "Vote: never has not voted; a: block; b: block",
    });
    expect(await voting({ never, a: answers("continue"), b: answers("continue") })("e", {})).toBeUndefined();
    expect(await isOpen(voting({ never, a: block, b: answers("continue") })("e", {}))).toBe(true);
    // Two want at least a confirm, and the third could make it a block.
    expect(await isOpen(voting({ never, a: block, b: answers("confirm") })("e", {}))).toBe(true);
  });

  it("throws the error of a voter whose vote was needed, and of no other", async () => {
    const { answers, throws } = kit();
    const block = answers("block");
    await expect(voting({ a: throws("a"), b: block, c: answers("continue") })("e", {})).rejects.toThrow("a");
    expect(await voting({ a: throws("a"), b: block, c: block })("e", {})).toMatchObject({
      reason: "Vote: a failed; b: block; c: block",
    });
    expect(
      await voting({ a: throws("a"), b: answers("continue"), c: answers("continue") })("e", {}),
    ).toBeUndefined();
  });

  it("takes an answer that is no JSON for a failed vote, also one that comes late", async () => {
    const circular: AnyAnswer & { input?: unknown } = { action: "modify" };
    circular.input = circular;
    const unreadable = Object.defineProperty({ action: "block" }, "action", {
      get: () => {
        throw new Error("unreadable");
      },
    });
    const { answers } = kit();
    const [block, goesOn] = [answers("block"), answers("continue")];
    for (const answer of [circular, { action: "modify", input: 1n }, unreadable])
      for (const odd of [() => answer, () => Promise.resolve(answer)]) {
        await expect(voting({ odd, a: block, b: goesOn })("e", {})).rejects.toThrow(
          /circular|BigInt|unreadable/,
        );
        await expect(voting({ odd, a: odd })("e", {})).rejects.toThrow(/circular|BigInt|unreadable/);
        expect(await voting({ odd, a: block, b: block })("e", {})).toMatchObject({ action: "block" });
      }
  });

  it.each([1e-300, 1e-10, 1e300])("counts votes of the weight %d like any others", async (weight) => {
    const { answers } = kit();
    const [block, goesOn] = [answers("block"), answers("continue")].map((handler) => ({ handler, weight }));
    const decide = (voters: object[], need?: "unanimity" | number): Promise<AnyAnswer | undefined> =>
      voting(Object.fromEntries(voters.entries()) as Record<string, Handler>, need ? { need } : {})("e", {});
    expect(await decide([block!, block!, goesOn!])).toMatchObject({ action: "block" });
    expect(await decide([block!, goesOn!])).toBeUndefined();
    expect(await decide([block!, goesOn!], "unanimity")).toBeUndefined();
    expect(await decide([goesOn!, goesOn!], weight / 1_000)).toBeUndefined();
    expect(await decide([block!, goesOn!], weight / 1_000)).toMatchObject({ action: "block" });
  });

  it("takes answers for equal whatever the order of their keys", async () => {
    const modify = (input: object) => () => ({ action: "modify", input });
    expect(await voting({ a: modify({ x: 1, y: 2 }), b: modify({ y: 2, x: 1 }) })("e", {})).toEqual({
      action: "modify",
      input: { x: 1, y: 2 },
    });
  });

  it.each([
    [() => voting({}), "nobody to vote"],
    [() => voting({ a: { handler: never, weight: 0 } }), "the weight of 'a' must be a number above 0"],
    [() => voting({ a: { handler: never, weight: Number.NaN } }), "the weight of 'a'"],
    [() => voting({ a: 5 as never }), "the handler of 'a' is no function"],
    [() => voting({ a: never }, { need: 2 }), "above 0 and at most 1"],
    [() => voting({ a: never }, { need: "most" as never }), "'need' must be majority, unanimity"],
    [
      () => voting({ a: { handler: never, weight: 1e308 }, b: { handler: never, weight: 1e308 } }),
      "the weights are too large",
    ],
  ])("refuses what can never decide: %s", (make, words) => {
    expect(make).toThrow(words);
  });
});

describe("every combinator", () => {
  const COMBINED: Readonly<Record<string, (...handlers: Handler[]) => Handler>> = {
    sequence,
    firstMatch: (...handlers) => firstMatch(...handlers.map((one) => [() => true, one] as const)),
    composite,
    conditional: (one) => conditional(() => true, one ?? (() => {})),
    timed: (one) => timed(one ?? (() => {}), { onSlow() {} }),
    voting: (...handlers) => voting(Object.fromEntries(handlers.map((one, n) => [`v${n}`, one]))),
  };

  it.each(Object.entries(COMBINED))(
    "%s: hands an error on, thrown at once or later",
    async (_name, combine) => {
      const { throws } = kit();
      await expect(combine(throws("at once"))("e", {})).rejects.toThrow("at once");
      await expect(combine(() => Promise.reject(new Error("later")))("e", {})).rejects.toThrow("later");
    },
  );

  it.each(Object.entries(COMBINED))("%s: waits for a handler that never answers", async (_name, combine) => {
    expect(await isOpen(Promise.resolve(combine(never)("e", {})))).toBe(true);
  });

  it.each([
    ["sequence", "modify"],
    ["firstMatch", "modify"],
    ["composite", "block"],
    ["voting", undefined],
  ])("%s: of two that disagree, the answer is %s", async (name, expected) => {
    const { answers } = kit();
    const answer = await COMBINED[name]?.(answers("modify"), answers("block"))("e", {});
    expect(answer?.action).toBe(expected);
  });

  it.each(["sequence", "firstMatch", "composite"])(
    "%s: without handlers, the answer is continue",
    async (name) => {
      expect(await COMBINED[name]?.()("e", {})).toBeUndefined();
    },
  );
});

it("combinators are handlers of hooks", async () => {
  const { host } = await startedHost([]);
  const refuse = (reason: string) => () => ({ action: "block" as const, reason });
  await host.use({
    id: "chain",
    events: ["before_tool_call"],
    on: sequence(
      conditional(({ tool_name }: { tool_name: string | null }) => tool_name === "ls", refuse("never")),
      composite(refuse("no")),
    ),
  });
  expect(await host.emit(eventOf("before_tool_call"))).toMatchObject({ action: "block", reason: "no" });
});
