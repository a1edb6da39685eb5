import { block, confirm, modify, type ChainPolicy, type Verdict } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import type { ChainResult } from "../../../packages/host/src/dispatch/chain.js";
import { rewriteThenVeto } from "../../../packages/host/src/dispatch/rewrite-then-veto.js";
import {
  abstains,
  chainOf,
  decideInTurn,
  kindSpec,
  members,
  toolEvent,
  type Member,
} from "../../helpers/chain-kit.js";

const POLICIES: readonly ChainPolicy[] = ["first_decision", "rewrite_then_veto"];

function run(policy: ChainPolicy, list: readonly Member[], now: () => number = () => 0) {
  const { subscriptions, asked } = members(...list);
  const chain = chainOf(kindSpec("before_tool_call"), subscriptions, {}, now);
  const event = toolEvent("in");
  const result: Promise<ChainResult> =
    policy === "first_decision" ? decideInTurn(chain, event) : rewriteThenVeto(chain, event);
  return result.then(({ decision, votes }) => ({
    decision,
    votes,
    asked: asked.map(({ name, input }) => `${name} ${String(input)}`),
  }));
}

/** A guard that says something of one input alone. */
const of =
  (input: string, verdict: Verdict) =>
  ({ tool_input }: { tool_input: unknown }): Verdict | undefined =>
    tool_input === input ? verdict : undefined;

describe.each(POLICIES)("a closed subscription under %s", (policy) => {
  it("sees the input that runs, also when it was asked about another one before", async () => {
    const { decision, asked } = await run(policy, [
      { name: "guard", closed: true, answer: of("bad", block("no")) },
      { name: "rewriter", answer: () => modify("bad") },
    ]);
    expect(decision).toMatchObject({ action: "block", reason: "no", by: "guard" });
    expect(asked).toEqual(["guard in", "rewriter in", "guard bad"]);
  });

  it("has its filter matched on the input that runs", async () => {
    const filter = { inputContains: "bad" };
    const { decision } = await run(policy, [
      { name: "rewriter", answer: () => modify("bad") },
      { name: "guard", closed: true, filter, answer: () => block("no") },
    ]);
    expect(decision).toMatchObject({ action: "block", by: "guard" });
    const before = await run(policy, [
      { name: "guard", closed: true, filter, answer: () => block("no") },
      { name: "rewriter", answer: () => modify("bad") },
    ]);
    expect(before.decision).toMatchObject({ action: "block", by: "guard" });
  });

  it("may ask the user about the input that runs", async () => {
    const { decision } = await run(policy, [
      { name: "rewriter", answer: () => modify("new") },
      { name: "guard", closed: true, answer: () => confirm("sure?") },
    ]);
    expect(decision).toEqual({ action: "confirm", message: "sure?", by: "guard", input: "new" });
  });

  it("blocks by its abstention, whatever ended the chain", async () => {
    for (const ended of [modify("new"), confirm("sure?"), block("other")]) {
      const { decision } = await run(policy, [
        { name: "first", answer: () => ended },
        { name: "guard", closed: true, answer: abstains("crash") },
      ]);
      expect(decision.action).toBe("block");
    }
  });

  it("is asked and counts when the chain's time runs short", async () => {
    let nowMs = 0;
    const late: Member = {
      name: "slow",
      answer: () => {
        nowMs = 9_600;
        return undefined;
      },
    };
    const rewriter = { name: "rewriter", answer: () => modify("bad") };
    const guard: Member = { name: "guard", closed: true, answer: () => block("no") };
    expect((await run(policy, [late, rewriter, guard], () => nowMs)).decision.action).toBe("block");
    nowMs = 0;
    const asking: Member = { name: "guard", closed: true, answer: () => confirm("sure?") };
    expect((await run(policy, [late, rewriter, asking], () => nowMs)).decision.action).toBe("confirm");
    nowMs = 0;
    const silent: Member = { name: "guard", closed: true, answer: abstains("budget") };
    expect((await run(policy, [late, rewriter, silent], () => nowMs)).decision.action).toBe("block");
  });

  it("is not asked again about an input that says the same", async () => {
    const { asked } = await run(policy, [
      { name: "guard", closed: true, phase: "veto" },
      { name: "rewriter", answer: () => modify("in") },
    ]);
    expect(asked.filter((one) => one.startsWith("guard"))).toHaveLength(1);
  });
});

describe("an answer that is lost the second time", () => {
  it.each(["timeout", "error", "crash"] as const)(
    "after %s leaves the earlier, stricter one standing",
    async (reason) => {
      const guard: Member = {
        name: "guard",
        answer: (event) => (event.tool_input === "in" ? confirm("sure?") : abstains(reason)(event)),
      };
      const { decision, votes } = await run("rewrite_then_veto", [
        guard,
        { name: "rewriter", answer: () => modify("new") },
      ]);
      expect(decision).toEqual({ action: "confirm", message: "sure?", by: "guard", input: "new" });
      expect(votes[0]).toMatchObject({
        status: "voted",
        verdict: { action: "confirm" },
        unansweredAgain: reason,
      });
    },
  );

  it("blocks when the subscription is closed", async () => {
    const guard: Member = {
      name: "guard",
      closed: true,
      answer: (event) => (event.tool_input === "in" ? confirm("sure?") : abstains("timeout")(event)),
    };
    const { decision } = await run("rewrite_then_veto", [
      guard,
      { name: "rewriter", answer: () => modify("new") },
    ]);
    expect(decision.action).toBe("block");
  });

  it("is replaced by a new vote that lets the changed input pass", async () => {
    const guard: Member = { name: "guard", answer: of("in", confirm("sure?")) };
    const { decision } = await run("rewrite_then_veto", [
      guard,
      { name: "rewriter", answer: () => modify("new") },
    ]);
    expect(decision).toEqual({ action: "modify", input: "new", by: "rewriter" });
  });
});

it("the rewrite of a closed subscription that came too late to apply blocks", async () => {
  let nowMs = 0;
  const { decision } = await run(
    "rewrite_then_veto",
    [
      {
        name: "slow",
        answer: () => {
          nowMs = 9_600;
          return undefined;
        },
      },
      { name: "sanitizer", closed: true, answer: () => modify("clean") },
    ],
    () => nowMs,
  );
  expect(decision).toMatchObject({ action: "block", by: "sanitizer" });
});

it("outputs behind an early replacement are replaced by closed subscriptions in turn", async () => {
  const { outputEvent } = await import("../../helpers/chain-kit.js");
  const { subscriptions } = members(
    { name: "first", kind: "after_tool_call", answer: () => ({ action: "replace", output: "key" }) },
    { name: "open", kind: "after_tool_call", answer: () => ({ action: "replace", output: "never" }) },
    {
      name: "a",
      kind: "after_tool_call",
      closed: true,
      answer: ({ tool_output }) => ({ action: "replace", output: `${tool_output}+a` }),
    },
    {
      name: "b",
      kind: "after_tool_call",
      closed: true,
      answer: ({ tool_output }) => ({ action: "replace", output: `${tool_output}+b` }),
    },
  );
  const chain = chainOf(kindSpec("after_tool_call"), subscriptions);
  const { decision } = await decideInTurn(chain, outputEvent("out"));
  expect(decision).toEqual({ action: "replace", output: "key+a+b", by: "b" });
});
