import { block, confirm, inject, modify, replace, type HookKindSpec } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { Chain, type ChainResult } from "../../../packages/host/src/dispatch/chain.js";
import { firstDecision } from "../../../packages/host/src/dispatch/first-decision.js";
import type { Subscription } from "../../../packages/host/src/dispatch/subscription.js";
import { DEFAULT_LIMITS } from "../../../packages/host/src/options.js";
import {
  abstains,
  chainOf,
  decideInTurn,
  kindSpec,
  members,
  outputEvent,
  slowMember,
  toolEvent,
  votesOf,
  type Member,
} from "../../helpers/chain-kit.js";
import { FakeClock } from "../../helpers/fake-clock.js";

const BEFORE = kindSpec("before_tool_call");

/** All of the list are asked together. */
async function together(list: readonly Member[], spec: HookKindSpec = BEFORE) {
  const { slow, now } = slowMember();
  const { subscriptions, asked } = members(slow, ...list);
  const chain = chainOf(spec, subscriptions, {}, now);
  const event = spec.replaces === undefined ? toolEvent() : outputEvent("raw");
  const { decision, votes } = await decideInTurn(chain, event);
  expect(votes).toEqual(chain.votes);
  return { decision, votes: votesOf(chain).slice(1), asked: asked.map(({ name }) => name).slice(1) };
}

describe("those who are asked together because the time runs short", () => {
  it("are all taken when nobody decides", async () => {
    const result = await together([{ name: "a" }, { name: "b", answer: abstains("timeout") }]);
    expect(result).toEqual({
      decision: { action: "continue" },
      votes: ["a continue", "b abstained: timeout"],
      asked: ["a", "b"],
    });
  });

  it("leave an earlier block standing, whose reason stays also beside a closed one's", async () => {
    const { decision, votes } = await together([
      { name: "a", answer: () => block("first") },
      { name: "g", closed: true, answer: () => block("second") },
    ]);
    expect(decision).toEqual({ action: "block", reason: "first", by: "a" });
    expect(votes).toEqual(["a block", "g block"]);
  });

  it("are overruled by a closed one that blocks, and by no other", async () => {
    for (const first of [confirm("sure?"), modify("new")]) {
      const open = await together([
        { name: "a", answer: () => first },
        { name: "b", answer: () => block("no") },
      ]);
      expect(open.decision.action).toBe(first.action);
      const closed = await together([
        { name: "a", answer: () => first },
        { name: "g", closed: true, answer: () => block("no") },
      ]);
      expect(closed.decision).toEqual({ action: "block", reason: "no", by: "g" });
    }
  });

  it("carry the rewritten input when a closed one asks the user", async () => {
    const { decision } = await together([
      { name: "a", answer: () => modify("new") },
      { name: "g", closed: true, answer: () => confirm("sure?") },
    ]);
    expect(decision).toStrictEqual({ action: "confirm", message: "sure?", by: "g", input: "new" });
  });

  it("are held to their question to the user, also when the rewritten input is fine with them", async () => {
    const { decision, asked } = await together([
      { name: "a", answer: () => modify("new") },
      {
        name: "g",
        closed: true,
        answer: (event) => (event.tool_input === "in" ? confirm("sure?") : undefined),
      },
    ]);
    expect(asked).toEqual(["g", "a", "g"]);
    expect(decision).toStrictEqual({ action: "confirm", message: "sure?", by: "g", input: "new" });
  });

  it("leave an earlier question to the user standing", async () => {
    const { decision } = await together([
      { name: "a", answer: () => confirm("first?") },
      { name: "g", closed: true, answer: () => confirm("second?") },
    ]);
    expect(decision).toStrictEqual({ action: "confirm", message: "first?", by: "a" });
  });

  it("say of a rewrite that came after a decision that it had no effect, closed or not", async () => {
    for (const closed of [false, true]) {
      const { decision, votes } = await together([
        { name: "a", answer: () => block("no") },
        { name: "b", closed, answer: () => modify("mine") },
      ]);
      expect(decision).toEqual({ action: "block", reason: "no", by: "a" });
      expect(votes).toEqual(["a block", "b modify (an earlier extension had decided)"]);
    }
  });

  it("add up their injections in the order of the chain", async () => {
    const { decision } = await together(
      [
        { name: "a", answer: () => inject("one") },
        { name: "b", closed: true, answer: () => inject("two") },
      ],
      kindSpec("before_message"),
    );
    expect(decision).toEqual({ action: "inject", content: "one\n\ntwo" });
  });

  it("say which replacement counts and which does not", async () => {
    const late = "another replacement counts: this one was asked for too late";
    const output = (name: string, text: string, closed = false): Member => ({
      name,
      closed,
      answer: () => replace(text),
    });
    const AFTER = kindSpec("after_tool_call");
    expect((await together([output("a", "x"), output("b", "y"), output("c", "x")], AFTER)).votes).toEqual([
      "a replace",
      `b replace (${late})`,
      "c replace",
    ]);
    expect((await together([output("a", "x"), output("g", "y", true)], AFTER)).votes).toEqual([
      `a replace (${late})`,
      "g replace",
    ]);
    const two = await together([output("g", "x", true), { name: "b" }, output("h", "y", true)], AFTER);
    expect(two.votes).toEqual([`g replace (${late})`, "b continue", `h replace (${late})`]);
  });
});

describe("a chain in turn", () => {
  const ask = async (...list: Member[]) => {
    const { subscriptions } = members(...list);
    const chain = chainOf(BEFORE, subscriptions);
    const { decision } = await decideInTurn(chain, toolEvent());
    return { decision, votes: votesOf(chain) };
  };

  it("asks those whose conditions hold on the input, and no others", async () => {
    const { decision, votes } = await ask(
      { name: "a", filter: { inputContains: "out" }, answer: () => block("a") },
      { name: "b", filter: { inputContains: "in" } },
      { name: "c", filter: { inputEquals: { value: "in" } }, answer: () => block("c") },
    );
    expect(decision).toEqual({ action: "block", reason: "c", by: "c" });
    expect(votes).toEqual(["b continue", "c block"]);
  });

  it("says of an action that its kind does not allow only that", async () => {
    const { decision, votes } = await ask(
      { name: "a", answer: () => inject("x") },
      { name: "b", answer: () => block("no") },
    );
    expect(decision).toEqual({ action: "block", reason: "no", by: "b" });
    expect(votes).toEqual(["a inject ('inject' is not allowed for before_tool_call)", "b block"]);
  });
});

/** Members that answer before the hand-over returns, as an open breaker does. */
function atOnce(...list: readonly { name: string; closed?: boolean; result?: unknown }[]): Subscription[] {
  return members(...list.map(({ name, closed = false }) => ({ name, closed }))).subscriptions.map(
    (one, n) => ({
      ...one,
      target: {
        ...one.target,
        hand: (request) => {
          asked.push(`${one.extension} until ${request.untilMs}`);
          const result = list[n]?.result ?? { action: "continue" };
          request.finished({ answered: true, result, queueMs: 0, runMs: 0 });
        },
      },
    }),
  );
}
let asked: string[] = [];

function decideAtOnce(subscriptions: readonly Subscription[], clock: { now(): number } = new FakeClock()) {
  asked = [];
  const recorder = { handlerCalled: () => {}, eventSettled: () => {} };
  const services = { clock: Object.assign(new FakeClock(), clock), limits: DEFAULT_LIMITS, recorder };
  const chain = new Chain(BEFORE, subscriptions, services, 0);
  const ends: ChainResult[] = [];
  const errors: unknown[] = [];
  firstDecision(
    chain,
    toolEvent(),
    (end) => void ends.push(end),
    (error) => void errors.push(error),
  );
  return { ends, errors };
}

describe("answers that come before the hand-over returns", () => {
  it("end the chain at once and once", () => {
    const { ends, errors } = decideAtOnce(atOnce({ name: "a" }, { name: "b" }, { name: "c" }));
    expect(asked).toEqual(["a until 9500", "b until 9500", "c until 10000"]);
    expect(ends.map(({ decision, votes }) => [decision, votes.length])).toEqual([
      [{ action: "continue" }, 3],
    ]);
    expect(errors).toEqual([]);
  });

  it("that decide end it at once as well where nobody fails closed", () => {
    const { ends } = decideAtOnce(atOnce({ name: "a", result: block("no") }, { name: "b" }));
    expect(asked).toEqual(["a until 9500"]);
    expect(ends.map(({ decision }) => decision)).toEqual([{ action: "block", reason: "no", by: "a" }]);
  });

  it("of nobody end it at once", () => {
    expect(decideAtOnce([]).ends).toEqual([{ decision: { action: "continue" }, votes: [] }]);
  });

  it("of a closed one after a decision are waited for", async () => {
    const { ends } = decideAtOnce(
      atOnce({ name: "a", result: modify("new") }, { name: "g", closed: true, result: block("no") }),
    );
    expect(ends).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ends.map(({ decision }) => decision)).toEqual([{ action: "block", reason: "no", by: "g" }]);
  });
});

describe("a clock of the program that throws", () => {
  const throwsFrom = (call: number) => {
    let calls = 0;
    return () => {
      calls += 1;
      if (calls >= call) throw new Error("no time");
      return 0;
    };
  };

  it("fails the chain, and nobody waits for ever", () => {
    const { ends, errors } = decideAtOnce(atOnce({ name: "a" }, { name: "b" }), { now: throwsFrom(2) });
    expect([ends, errors]).toEqual([[], [new Error("no time")]]);
  });

  it("fails also the end of the chain", async () => {
    const { subscriptions } = members({ name: "a", answer: () => replace("x") }, { name: "g", closed: true });
    const chain = chainOf(kindSpec("after_tool_call"), subscriptions, {}, throwsFrom(3));
    await expect(decideInTurn(chain, outputEvent("raw"))).rejects.toThrow("no time");
  });
});
