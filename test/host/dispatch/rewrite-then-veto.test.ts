import { block, confirm, inject, modify, replace, type JsonValue } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import type { Filter } from "@synaps/host";
import { rewriteThenVeto } from "../../../packages/host/src/dispatch/rewrite-then-veto.js";
import {
  abstains,
  chainOf,
  kindSpec,
  members,
  outputEvent,
  toolEvent,
  votesOf,
  type Member,
} from "../../helpers/chain-kit.js";

async function run(...list: Member[]) {
  const { subscriptions, asked } = members(...list);
  const chain = chainOf(kindSpec("before_tool_call"), subscriptions);
  const { decision, votes } = await rewriteThenVeto(chain, toolEvent());
  expect(votes).toEqual(chain.votes);
  return {
    decision,
    votes: votesOf(chain),
    asked: asked.map(({ name, input }) => `${name}:${String(input)}`),
  };
}

async function runOutput(...list: Member[]) {
  const { subscriptions, asked } = members(...list);
  const chain = chainOf(kindSpec("after_tool_call"), subscriptions);
  const { decision } = await rewriteThenVeto(chain, outputEvent("raw"));
  return {
    decision,
    votes: votesOf(chain),
    asked: asked.map(({ name, output }) => `${name}:${String(output)}`),
  };
}

const appends =
  (letter: string): NonNullable<Member["answer"]> =>
  ({ tool_input }) =>
    modify(`${String(tool_input)}${letter}`);
const blocksOn =
  (input: JsonValue): NonNullable<Member["answer"]> =>
  ({ tool_input }) =>
    tool_input === input ? block(`saw ${String(input)}`) : undefined;

describe("rewriters", () => {
  it("see what the one before made of the input", async () => {
    const result = await run(
      { name: "a", answer: appends("1") },
      { name: "b", phase: "rewrite", answer: appends("2") },
    );
    expect(result.decision).toEqual({ action: "modify", input: "in12", by: "b" });
    expect(result.asked).toEqual(["a:in", "b:in1", "a:in12"]);
  });

  it("that declare their phase are not asked again", async () => {
    const result = await run(
      { name: "a", phase: "rewrite", answer: appends("1") },
      { name: "b", phase: "rewrite", answer: appends("2") },
    );
    expect(result.asked).toEqual(["a:in", "b:in1"]);
  });

  it("are not asked again about their own rewrite", async () => {
    const result = await run({ name: "a", answer: appends("1") });
    expect(result.asked).toEqual(["a:in"]);
    expect(result.decision).toEqual({ action: "modify", input: "in1", by: "a" });
  });

  it("cannot rewrite any more when asked again", async () => {
    const result = await run({ name: "a", answer: appends("1") }, { name: "b", answer: appends("2") });
    expect(result.decision).toEqual({ action: "modify", input: "in12", by: "b" });
    expect(result.votes[0]).toBe("a modify (it was final by then: only a stop counts in the veto phase)");
  });
});

describe("guards", () => {
  it("see the final input, also those that stand before the rewriter", async () => {
    const result = await run({ name: "guard", answer: blocksOn("in1") }, { name: "a", answer: appends("1") });
    expect(result.decision).toEqual({ action: "block", reason: "saw in1", by: "guard" });
    expect(result.votes).toEqual(["guard block", "a modify"]);
    expect(result.asked).toEqual(["guard:in", "a:in", "guard:in1"]);
  });

  it("of the veto phase are asked once, on the final input", async () => {
    const result = await run(
      { name: "guard", phase: "veto", answer: blocksOn("in") },
      { name: "a", answer: appends("1") },
    );
    expect(result.decision).toMatchObject({ action: "modify", input: "in1" });
    expect(result.asked).toEqual(["a:in", "guard:in1"]);
  });

  it("cannot rewrite in the veto phase: it is ignored and reported", async () => {
    const result = await run({ name: "g", phase: "veto", answer: appends("!") });
    expect(result.decision).toEqual({ action: "continue" });
    expect(result.votes).toEqual(["g modify (it was final by then: only a stop counts in the veto phase)"]);
  });

  it("block over confirm, whoever comes first", async () => {
    const asks: Member = { name: "asks", phase: "veto", answer: () => confirm("sure?") };
    const stops: Member = { name: "stops", phase: "veto", answer: () => block("no") };
    for (const list of [
      [asks, stops],
      [stops, asks],
    ]) {
      expect((await run(...list)).decision).toEqual({ action: "block", reason: "no", by: "stops" });
    }
  });

  it("the first in order among equally strict ones decides, however late it answers", async () => {
    const slow: Member = {
      name: "slow",
      phase: "veto",
      answer: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return block("slow");
      },
    };
    const result = await run(slow, { name: "fast", phase: "veto", answer: () => block("fast") });
    expect(result.decision).toEqual({ action: "block", reason: "slow", by: "slow" });
  });

  it("are asked whom the rewritten input concerns, and not whom it no longer does", async () => {
    const only = (input: string): Filter => ({ inputEquals: { value: input } });
    const result = await run(
      { name: "old", phase: "veto", filter: only("in"), answer: () => block("old") },
      { name: "new", filter: only("in1"), answer: () => block("new") },
      { name: "a", phase: "rewrite", answer: appends("1") },
    );
    expect(result.decision).toMatchObject({ action: "block", by: "new" });
    expect(result.votes).toEqual(["new block", "a modify"]);
  });
});

describe("confirm", () => {
  it("carries the rewritten input", async () => {
    const result = await run(
      { name: "a", answer: appends("1") },
      { name: "g", phase: "veto", answer: () => confirm("?") },
    );
    expect(result.decision).toEqual({ action: "confirm", message: "?", by: "g", input: "in1" });
  });

  it("without a rewrite carries none", async () => {
    const result = await run({ name: "g", answer: () => confirm("?") });
    expect(result.decision).toEqual({ action: "confirm", message: "?", by: "g" });
  });

  it("hides nothing from a later guard", async () => {
    const result = await run(
      { name: "g", answer: () => confirm("?") },
      { name: "h", answer: () => block("no") },
    );
    expect(result.decision).toEqual({ action: "block", reason: "no", by: "h" });
    expect(result.votes).toEqual(["g confirm", "h block"]);
  });

  it("is taken back by who is asked again and no longer wants it", async () => {
    const guard: Member = {
      name: "g",
      answer: ({ tool_input }) => (tool_input === "in" ? confirm("?") : undefined),
    };
    const result = await run(guard, { name: "a", answer: appends("1") });
    expect(result.decision).toEqual({ action: "modify", input: "in1", by: "a" });
  });
});

describe("a block among the rewriters", () => {
  it("ends the chain for all but the closed", async () => {
    const result = await run(
      { name: "a", answer: () => block("no") },
      { name: "b", phase: "rewrite" },
      { name: "g", phase: "veto" },
      { name: "h", phase: "veto", closed: true, answer: () => block("also") },
    );
    expect(result.decision).toEqual({ action: "block", reason: "no", by: "a" });
    expect(result.votes).toEqual(["a block", "b not reached", "g not reached", "h block"]);
  });
});

describe("closed subscriptions", () => {
  it("that saw the input before somebody blocked are not asked again", async () => {
    const result = await run({ name: "g", closed: true }, { name: "a", answer: () => block("no") });
    expect(result.asked).toEqual(["g:in", "a:in"]);
    expect(result.decision).toEqual({ action: "block", reason: "no", by: "a" });
  });

  it.each(["rewrite", undefined, "veto"] as const)(
    "block when they cannot answer (phase %s)",
    async (phase) => {
      const result = await run(
        { name: "a", phase: "rewrite", answer: appends("1") },
        { name: "g", phase, closed: true, answer: abstains("failed") },
      );
      expect(result.decision).toMatchObject({ action: "block", by: "g" });
    },
  );

  it("withhold the output when they cannot answer; who comes later sees only that", async () => {
    const result = await runOutput(
      { name: "g", closed: true, answer: abstains("timeout") },
      { name: "b", answer: ({ tool_output }) => replace(`b(${tool_output})`) },
    );
    const withheld = "[output withheld: 'g' could not answer (timeout) and must not be passed over]";
    expect(result.decision).toEqual({ action: "replace", output: `b(${withheld})`, by: "b" });
    expect(result.asked[1]).toBe(`b:${withheld}`);
  });

  it("withhold it also in the veto phase", async () => {
    const result = await runOutput({ name: "g", phase: "veto", closed: true, answer: abstains("timeout") });
    expect(result.decision).toMatchObject({ action: "replace", by: "g" });
  });
});

describe("outputs", () => {
  it("are replaced in order, each seeing the one before; nobody is asked twice", async () => {
    const wraps = (name: string): Member => ({
      name,
      answer: ({ tool_output }) => replace(`${name}(${tool_output})`),
    });
    const result = await runOutput(wraps("a"), { name: "quiet" }, wraps("b"));
    expect(result.decision).toEqual({ action: "replace", output: "b(a(raw))", by: "b" });
    expect(result.asked).toEqual(["a:raw", "quiet:a(raw)", "b:a(raw)"]);
  });

  it("are final in the veto phase", async () => {
    const result = await runOutput(
      { name: "a", answer: () => replace("x") },
      { name: "g", phase: "veto", answer: () => replace("y") },
    );
    expect(result.decision).toEqual({ action: "replace", output: "x", by: "a" });
    expect(result.asked).toEqual(["a:raw", "g:x"]);
  });
});

it("kinds that cannot be rewritten ask everybody at once and join injections in order", async () => {
  let release = (): void => {};
  const secondWasAsked = new Promise<void>((resolve) => (release = resolve));
  const { subscriptions } = members(
    { name: "a", answer: () => secondWasAsked.then(() => inject("one")) },
    {
      name: "b",
      answer: () => {
        release();
        return inject("two");
      },
    },
  );
  const chain = chainOf(kindSpec("before_message"), subscriptions);
  const { decision } = await rewriteThenVeto(chain, toolEvent());
  expect(decision).toEqual({ action: "inject", content: "one\n\ntwo" });
});
