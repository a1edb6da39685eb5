import { block, confirm, inject, modify, replace } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import {
  abstains,
  chainOf,
  decideInTurn,
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
  const { decision, votes } = await decideInTurn(chain, toolEvent());
  expect(votes).toEqual(chain.votes);
  return { decision, votes: votesOf(chain), asked };
}

describe("the end of the chain", () => {
  it.each([
    ["block", block("no"), { action: "block", reason: "no", by: "b" }],
    ["confirm", confirm("sure?"), { action: "confirm", message: "sure?", by: "b" }],
    ["modify", modify("new"), { action: "modify", input: "new", by: "b" }],
  ] as const)("%s ends it: who comes later is not reached", async (_, verdict, decision) => {
    const result = await run(
      { name: "a" },
      { name: "b", answer: () => verdict },
      { name: "c", answer: () => block("c") },
    );
    expect(result.decision).toEqual(decision);
    expect(result.votes).toEqual(["a continue", `b ${verdict.action}`, "c not reached"]);
    expect(result.asked.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("replace ends it for outputs", async () => {
    const { subscriptions } = members(
      { name: "a", kind: "after_tool_call", answer: () => replace("clean") },
      { name: "b", kind: "after_tool_call", answer: () => replace("other") },
    );
    const chain = chainOf(kindSpec("after_tool_call"), subscriptions);
    const { decision } = await decideInTurn(chain, outputEvent("dirty"));
    expect(decision).toEqual({ action: "replace", output: "clean", by: "a" });
    expect(votesOf(chain)).toEqual(["a replace", "b not reached"]);
  });

  it("continues when nobody decides", async () => {
    expect((await run({ name: "a" }, { name: "b" })).decision).toEqual({ action: "continue" });
    expect((await run()).decision).toEqual({ action: "continue" });
  });

  it("passes over an abstention that is open", async () => {
    const result = await run(
      { name: "a", answer: abstains("timeout") },
      { name: "b", answer: () => block("no") },
    );
    expect(result.decision).toMatchObject({ action: "block", by: "b" });
    expect(result.votes).toEqual(["a abstained: timeout", "b block"]);
  });

  it("leaves out of the votes whom a filter skips", async () => {
    const result = await run(
      { name: "a", filter: { inputContains: "something else" }, answer: () => block("no") },
      { name: "b" },
    );
    expect(result.votes).toEqual(["b continue"]);
  });
});

it("injections add up in order", async () => {
  const { subscriptions } = members(
    { name: "a", answer: () => inject("one") },
    { name: "b" },
    { name: "c", answer: () => inject("two") },
  );
  const chain = chainOf(kindSpec("before_message"), subscriptions);
  const { decision } = await decideInTurn(chain, toolEvent());
  expect(decision).toEqual({ action: "inject", content: "one\n\ntwo" });
});

describe("closed subscriptions", () => {
  it("an abstention counts as a block and ends the chain", async () => {
    const result = await run({ name: "a", closed: true, answer: abstains("crash") }, { name: "b" });
    expect(result.decision).toEqual({
      action: "block",
      reason: "Blocked: 'a' could not answer (crash) and must not be passed over",
      by: "a",
    });
    expect(result.votes).toEqual(["a abstained: crash", "b not reached"]);
  });

  it("are asked after the end, on the rewritten input, and may block", async () => {
    const guard: Member = {
      name: "g",
      closed: true,
      answer: ({ tool_input }) => block(`saw ${String(tool_input)}`),
    };
    const result = await run({ name: "a", answer: () => modify("new") }, { name: "b" }, guard);
    expect(result.decision).toEqual({ action: "block", reason: "saw new", by: "g" });
    expect(result.votes).toEqual(["a modify", "b not reached", "g block"]);
  });

  it("block after the end when they cannot answer", async () => {
    const result = await run(
      { name: "a", answer: () => confirm("?") },
      { name: "g", closed: true, answer: abstains("timeout") },
    );
    expect(result.decision).toMatchObject({ action: "block", by: "g" });
  });

  it("can only block after the end: another rewrite is ignored and reported", async () => {
    const late: Member = { name: "g", closed: true, answer: () => modify("mine") };
    const result = await run({ name: "a", answer: () => modify("new") }, late);
    expect(result.decision).toEqual({ action: "modify", input: "new", by: "a" });
    expect(result.votes).toEqual(["a modify", "g modify (the chain had ended: only a stop counts)"]);
  });

  it("are asked even after a block, whose reason stays", async () => {
    const result = await run(
      { name: "a", answer: () => block("first") },
      { name: "g", closed: true, answer: () => block("second") },
    );
    expect(result.decision).toEqual({ action: "block", reason: "first", by: "a" });
    expect(result.votes).toEqual(["a block", "g block"]);
  });

  it("withhold an output that they could not see, whatever replaced it before", async () => {
    const { subscriptions } = members(
      { name: "a", answer: () => replace("clean") },
      { name: "g", closed: true, answer: abstains("failed") },
    );
    const chain = chainOf(kindSpec("after_tool_call"), subscriptions);
    const { decision } = await decideInTurn(chain, outputEvent("dirty"));
    expect(decision).toEqual({
      action: "replace",
      output: "[output withheld: 'g' could not answer (failed) and must not be passed over]",
      by: "g",
    });
  });
});

describe("when the time runs short", () => {
  it("asks all who are left at once, and takes them in order", async () => {
    let now = 0;
    const { subscriptions, asked } = members(
      {
        name: "slow",
        answer: () => {
          now = 9_600;
          return undefined;
        },
      },
      { name: "b", answer: () => modify("b") },
      { name: "c", answer: () => block("c") },
      { name: "d", closed: true },
    );
    const chain = chainOf(kindSpec("before_tool_call"), subscriptions, {}, () => now);
    const { decision } = await decideInTurn(chain, toolEvent());
    // The closed one is asked once more, on what the rewrite made of the input.
    expect(asked.map(({ name, input }) => `${name} ${String(input)}`)).toEqual([
      "slow in",
      "d in",
      "b in",
      "c in",
      "d b",
    ]);
    expect(asked.map(({ untilMs }) => untilMs)).toEqual([9_500, 10_000, 10_000, 10_000, 10_000]);
    expect(decision).toEqual({ action: "modify", input: "b", by: "b" });
    expect(votesOf(chain)).toEqual([
      "slow continue",
      "b modify",
      "c block (an earlier extension had decided)",
      "d continue",
    ]);
  });

  it("the last in the chain gets all the time there is", async () => {
    const { subscriptions, asked } = members({ name: "a" }, { name: "b" });
    const chain = chainOf(kindSpec("before_tool_call"), subscriptions, {}, () => 0);
    await decideInTurn(chain, toolEvent());
    expect(asked.map(({ untilMs }) => untilMs)).toEqual([9_500, 10_000]);
  });
});
