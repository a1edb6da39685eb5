import { block, confirm, inject, modify, replace } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { rewriteThenVeto } from "../../../packages/host/src/dispatch/rewrite-then-veto.js";
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
import { startedHost } from "../../helpers/hosts.js";

/** All of the list are asked together. */
function slowFirst(list: Member[]) {
  const { slow, now } = slowMember();
  return { ...members(slow, ...list), now };
}

describe("who answers first does not matter, who stands first does", () => {
  const late: Member = { name: "late", closed: true, phase: "veto", answer: () => block("late") };
  const early: Member = { name: "early", phase: "veto", answer: () => block("early") };

  it("among vetoes, where closed ones are asked first", async () => {
    const { subscriptions, asked } = members(early, late);
    const chain = chainOf(kindSpec("before_tool_call"), subscriptions);
    const { decision } = await rewriteThenVeto(chain, toolEvent());
    expect(asked.map(({ name }) => name)).toEqual(["late", "early"]);
    expect(decision).toEqual({ action: "block", reason: "early", by: "early" });
  });

  it("among injections, where closed ones are asked first", async () => {
    const { subscriptions } = members(
      { name: "a", answer: () => inject("a") },
      { name: "b", closed: true, answer: () => inject("b") },
      { name: "c", closed: true, answer: () => inject("c") },
    );
    const chain = chainOf(kindSpec("before_message"), subscriptions);
    expect((await rewriteThenVeto(chain, toolEvent())).decision).toEqual({
      action: "inject",
      content: "a\n\nb\n\nc",
    });
  });
});

describe("closed subscriptions behind the end of a chain", () => {
  it("that cannot answer leave the reason of an earlier block", async () => {
    const { subscriptions } = members(
      { name: "a", answer: () => block("first") },
      { name: "g", closed: true, answer: abstains("timeout") },
    );
    for (const policy of [decideInTurn, rewriteThenVeto]) {
      const chain = chainOf(kindSpec("before_tool_call"), subscriptions);
      const { decision } = await policy(chain, toolEvent());
      expect(decision).toEqual({ action: "block", reason: "first", by: "a" });
      expect(votesOf(chain)).toEqual(["a block", "g abstained: timeout"]);
    }
  });

  it("see the input as it was when nothing was rewritten", async () => {
    const { subscriptions, asked } = members(
      { name: "a", answer: () => confirm("?") },
      { name: "g", closed: true, answer: () => undefined },
    );
    const { decision } = await decideInTurn(
      chainOf(kindSpec("before_tool_call"), subscriptions),
      toolEvent(),
    );
    expect(asked.at(-1)).toMatchObject({ name: "g", input: "in" });
    expect(decision).toMatchObject({ action: "confirm", by: "a" });
  });
});

describe("injections that come after a decision", () => {
  it("change nothing and are reported as they are", async () => {
    const spec = {
      ...kindSpec("before_tool_call"),
      actions: ["continue", "block", "inject", "modify"] as const,
    };
    const { subscriptions, now } = slowFirst([
      { name: "a", answer: () => block("no") },
      { name: "b", answer: () => inject("text") },
    ]);
    const chain = chainOf(spec, subscriptions, {}, now);
    expect((await decideInTurn(chain, toolEvent())).decision).toMatchObject({ action: "block", by: "a" });
    expect(votesOf(chain)).toEqual(["slow continue", "a block", "b inject"]);
  });
});

describe("when the time runs short", () => {
  it("who declares itself a veto replaces no output", async () => {
    const { subscriptions, now } = slowFirst([{ name: "g", phase: "veto", answer: () => replace("g") }]);
    const chain = chainOf(kindSpec("after_tool_call"), subscriptions, {}, now);
    expect((await rewriteThenVeto(chain, outputEvent("raw"))).decision).toEqual({ action: "continue" });
    expect(votesOf(chain)[1]).toContain("g replace (");
  });

  it("first_decision asks the rest at once although nobody decided", async () => {
    const { subscriptions, asked, now } = slowFirst([{ name: "a" }, { name: "b" }]);
    await decideInTurn(chainOf(kindSpec("before_tool_call"), subscriptions, {}, now), toolEvent());
    expect(asked.map(({ untilMs }) => untilMs)).toEqual([9_500, 10_000, 10_000]);
  });
});

it("a kind that may only confirm still asks again after a rewrite", async () => {
  for (const stop of ["confirm", "block"] as const) {
    const spec = { ...kindSpec("before_tool_call"), actions: ["continue", "modify", stop] as const };
    const { subscriptions, asked } = members({ name: "g" }, { name: "a", answer: () => modify("new") });
    await rewriteThenVeto(chainOf(spec, subscriptions), toolEvent());
    expect(asked.map(({ name }) => name)).toEqual(["g", "a", "g"]);
  }
});

describe("observers", () => {
  it("whose filter skips the event are not matched", async () => {
    const { host } = await startedHost([]);
    let asked = 0;
    const filter = { inputEquals: { value: "other" } };
    host.subscribe("on_message_complete", () => void (asked += 1), { id: "picky", filter });
    const outcome = await host.emit({ kind: "on_message_complete", message: "m", data: {} });
    expect((await outcome.settled).votes).toEqual([]);
    expect(asked).toBe(0);
  });

  it("nobody concerned: the event is not serialised", async () => {
    const { host } = await startedHost([]);
    const filter = { inputEquals: { value: "other" } };
    host.subscribe("on_message_complete", () => undefined, { filter });
    await expect(
      host.emit({ kind: "on_message_complete", message: "m", data: 1n as never }),
    ).resolves.toBeDefined();
  });

  it("have no deadline but their own, and report how long they took", async () => {
    const { host } = await startedHost([]);
    host.subscribe("on_message_complete", () => new Promise((resolve) => setImmediate(resolve)), {
      id: "slow",
    });
    const outcome = await host.emit({ kind: "on_message_complete", data: {}, message: "m" });
    const { votes, durationMs } = await outcome.settled;
    expect(votes[0]).toMatchObject({ status: "voted", queueMs: 0 });
    expect(durationMs).toBeGreaterThanOrEqual((votes[0] as { runMs: number }).runMs);
    expect(durationMs).toBeLessThan(60_000);
    expect(outcome.durationMs).toBeLessThanOrEqual(durationMs);
  });
});

describe("time", () => {
  it("that runs short turns all who are left into vetoes on what there is", async () => {
    const { slow, now } = slowMember(modify("slow"));
    const { subscriptions, asked } = members(
      slow,
      { name: "b", phase: "rewrite", answer: () => modify("b") },
      {
        name: "g",
        phase: "veto",
        closed: true,
        answer: ({ tool_input }) => (tool_input === "other" ? block("other") : undefined),
      },
    );
    const chain = chainOf(kindSpec("before_tool_call"), subscriptions, {}, now);
    const { decision } = await rewriteThenVeto(chain, toolEvent());
    expect(asked.map(({ name }) => name)).toEqual(["slow", "g", "b"]);
    expect(decision).toEqual({ action: "modify", input: "slow", by: "slow" });
    expect(votesOf(chain)[1]).toContain("b modify (");
  });

  it("that runs short takes the first of the replacements that come together", async () => {
    const { subscriptions, now } = slowFirst([
      { name: "a", answer: () => replace("a") },
      { name: "b", answer: () => replace("b") },
    ]);
    const chain = chainOf(kindSpec("after_tool_call"), subscriptions, {}, now);
    const { decision } = await rewriteThenVeto(chain, outputEvent("raw"));
    expect(decision).toEqual({ action: "replace", output: "a", by: "a" });
  });

  it("a lone subscription gets all of it; others leave the reserve", async () => {
    const alone = members({ name: "a" });
    await rewriteThenVeto(
      chainOf(kindSpec("before_tool_call"), alone.subscriptions, {}, () => 0),
      toolEvent(),
    );
    expect(alone.asked[0]?.untilMs).toBe(10_000);
    const two = members({ name: "a" }, { name: "b", phase: "veto" });
    await rewriteThenVeto(
      chainOf(kindSpec("before_tool_call"), two.subscriptions, {}, () => 0),
      toolEvent(),
    );
    expect(two.asked.map(({ untilMs }) => untilMs)).toEqual([9_500, 10_000]);
  });
});
