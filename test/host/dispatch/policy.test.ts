import { describe, expect, it } from "vitest";
import {
  block,
  confirm,
  inject,
  modify,
  replace,
  type Action,
  type HookKindSpec,
  type Verdict,
} from "@synaps/sdk/protocol";
import { bounded } from "../../../packages/host/src/dispatch/bounds.js";
import { chainBudget } from "../../../packages/host/src/dispatch/chain.js";
import {
  closedDecision,
  CONTINUE,
  decisionOf,
  forcedBy,
  joinInjections,
  stricter,
} from "../../../packages/host/src/dispatch/merge.js";
import { ignore } from "../../../packages/host/src/dispatch/verdict.js";
import type { Vote } from "../../../packages/host/src/observe/vote.js";
import { chainOf, judge, kindSpec, members, toolEvent } from "../../helpers/chain-kit.js";

const LIMITS = { chainBudgetMs: 10_000, chainMostMs: 60_000, chainReserveMs: 500 };

describe("chain budget", () => {
  it("is ten seconds, or the largest deadline granted", () => {
    const granted = (deadlineMs: number): number =>
      chainBudget(100, [{ deadlineMs }, { deadlineMs: 1 }], LIMITS).untilMs - 100;
    expect([granted(5_000), granted(60_000)]).toEqual([10_000, 60_000]);
    expect(chainBudget(0, [], LIMITS)).toEqual({ untilMs: 10_000, shortFromMs: 9_500 });
  });

  it("grows with a hook's deadline up to a limit, and is never cut by that limit itself", () => {
    const under = (chainMostMs: number): number =>
      chainBudget(0, [{ deadlineMs: 60_000 }], { ...LIMITS, chainMostMs }).untilMs;
    expect([under(60_000), under(12_000), under(10_000), under(1)]).toEqual([60_000, 12_000, 10_000, 10_000]);
  });

  it("keeps the reserve for those who come later, and runs short when only the reserve is left", async () => {
    let nowMs = 0;
    const { subscriptions, asked } = members({ name: "a" }, { name: "b" });
    const chain = chainOf(kindSpec("before_tool_call"), subscriptions, {}, () => nowMs);
    for (const [n, one] of chain.places.entries()) await chain.askOne(one, toolEvent(), n === 1);
    expect(asked.map(({ untilMs }) => untilMs)).toEqual([9_500, 10_000]);
    nowMs = 9_499;
    expect(chain.short).toBe(false);
    nowMs = 9_500;
    expect(chain.short).toBe(true);
  });
});

describe("merge", () => {
  const no = { action: "block", reason: "no", by: "a" } as const;
  const ask = { action: "confirm", message: "?", by: "b" } as const;
  const change = { action: "modify", input: 1, by: "c" } as const;

  it("the stricter wins, the first among equals", () => {
    expect(stricter(ask, no)).toBe(no);
    expect(stricter(no, ask)).toBe(no);
    expect(stricter(change, ask)).toBe(ask);
    expect(stricter(CONTINUE, change)).toBe(change);
    expect(stricter(CONTINUE, { action: "inject", content: "" })).toEqual({ action: "inject", content: "" });
    expect(stricter(CONTINUE, { action: "replace", output: "", by: "a" })).toMatchObject({
      action: "replace",
    });
    const other = { ...no, by: "z" };
    expect(stricter(no, other)).toBe(no);
    const instead = { action: "replace", output: "", by: "a" } as const;
    expect(stricter(change, instead)).toBe(instead);
    expect(stricter(instead, { action: "skip", reason: "", by: "b" })).toBe(instead);
    expect(stricter(instead, ask)).toBe(ask);
  });

  it("turns verdicts into decisions that name who made them", () => {
    expect(decisionOf(block("r"), "e")).toEqual({ action: "block", reason: "r", by: "e" });
    expect(decisionOf(confirm("m"), "e")).toEqual({ action: "confirm", message: "m", by: "e" });
    expect(decisionOf(modify(0), "e")).toEqual({ action: "modify", input: 0, by: "e" });
    expect(decisionOf(replace("o"), "e")).toEqual({ action: "replace", output: "o", by: "e" });
    expect(decisionOf({ action: "continue" }, "e")).toBeUndefined();
    expect(decisionOf(inject("c"), "e")).toBeUndefined();
  });

  it("joins injections with a blank line; none is continue", () => {
    expect(joinInjections([])).toEqual({ action: "continue" });
    expect(joinInjections(["a"])).toEqual({ action: "inject", content: "a" });
    expect(joinInjections(["a", "", "b"])).toEqual({ action: "inject", content: "a\n\n\n\nb" });
  });

  it.each([
    ["replace", "output", 1_048_576, ""],
    ["inject", "content", 65_536, "… [cut: "],
    ["block", "reason", 8_192, "… [cut: "],
    ["confirm", "message", 8_192, "… [cut: "],
  ] as const)(
    "cuts the text of %s to its bound at a character, and counts what is cut",
    (action, key, most, mark) => {
      const short = bounded({ action, [key]: "short" } as unknown as Verdict);
      expect(short).toEqual({ verdict: { action, [key]: "short" }, cutBytes: 0 });
      const text = `x${"é".repeat(most)}`;
      const { verdict, cutBytes } = bounded({ action, [key]: text } as unknown as Verdict);
      const cut = (verdict as unknown as Record<string, string>)[key] ?? "";
      const head = mark === "" ? cut : cut.slice(0, cut.indexOf(mark));
      expect(Buffer.byteLength(head)).toBe(most - 1);
      expect(cutBytes).toBe(2 * most + 1 - (most - 1));
      expect(cut.endsWith(mark === "" ? "é" : `${mark}${cutBytes} more bytes]`)).toBe(true);
    },
  );

  it("makes the abstention of a closed subscription a block, or withholds an output", () => {
    const { subscriptions } = members({ name: "g", closed: true });
    const [subscription] = subscriptions;
    if (!subscription) throw new Error("no subscription");
    const vote = {
      status: "abstained",
      extension: "g",
      subscription: "g#1",
      reason: "busy",
      closed: true,
      queueMs: 0,
      runMs: 0,
    } as const;
    expect(closedDecision(kindSpec("before_tool_call"), subscription, vote).action).toBe("block");
    expect(closedDecision(kindSpec("after_tool_call"), subscription, vote).action).toBe("replace");
    expect(forcedBy(kindSpec("before_tool_call"), subscription, vote)?.action).toBe("block");
    expect(forcedBy(kindSpec("before_tool_call"), subscription, { ...vote, closed: false })).toBeUndefined();
    const voted: Vote = {
      status: "voted",
      extension: "g",
      subscription: "g#1",
      verdict: CONTINUE as never,
      queueMs: 0,
      runMs: 0,
    };
    expect(forcedBy(kindSpec("before_tool_call"), subscription, voted)).toBeUndefined();
  });
});

describe("judging an answer", () => {
  const { subscriptions } = members({
    name: "e",
    permissions: new Set(["tools.intercept"] as const),
    closed: true,
  });
  const [subscription] = subscriptions;
  if (!subscription) throw new Error("no subscription");
  const answer = (spec: HookKindSpec, result: unknown, more: { inexact?: string[] } = {}) =>
    judge(spec, subscription, { answered: true, result, queueMs: 2, runMs: 3, ...more });

  it("keeps who, what and the times", () => {
    const { vote, effective } = answer(kindSpec("before_tool_call"), {
      action: "block",
      reason: "r",
      extra: 1,
    });
    expect(vote).toEqual({
      status: "voted",
      extension: "e",
      subscription: "e#1",
      verdict: { action: "block", reason: "r" },
      queueMs: 2,
      runMs: 3,
    });
    expect(effective).toEqual({ action: "block", reason: "r" });
  });

  it("lets a malformed modify block", () => {
    expect(answer(kindSpec("before_tool_call"), { action: "modify" }).effective).toEqual({
      action: "block",
      reason: "Extension returned malformed modify result",
    });
  });

  it.each([null, 7, "continue", [], {}, { action: 1 }, { action: "explode" }])(
    "abstains as invalid for %j",
    (result) => {
      const { vote, effective } = answer(kindSpec("before_tool_call"), result);
      expect(vote).toMatchObject({ status: "abstained", reason: "invalid", closed: true });
      expect(effective).toBeUndefined();
    },
  );

  it("blocks and asks also without a text: a stated intent is never passed over", () => {
    for (const text of [undefined, null, 5, ["a"], {}]) {
      expect(answer(kindSpec("before_tool_call"), { action: "block", reason: text }).effective).toEqual({
        action: "block",
        reason: "The extension gave no reason",
      });
      expect(answer(kindSpec("before_tool_call"), { action: "confirm", message: text }).effective).toEqual({
        action: "confirm",
        message: "The extension asks for confirmation and gave no message",
      });
    }
  });

  it("blocks a rewrite whose integers lost their digits, and looks at no other member", () => {
    const result = { action: "modify", input: { id: 1e18 }, note: 1e18 };
    const judged = (inexact: string[]) =>
      answer(kindSpec("before_tool_call"), { ...result, input: {} }, { inexact }).effective;
    expect(judged(["/input/id"])).toMatchObject({
      action: "block",
      reason: expect.stringContaining("'/input/id'"),
    });
    expect(judged(["/note", "/inputs"])).toEqual({ action: "modify", input: {} });
  });

  it("ignores and reports an action that the kind does not allow", () => {
    const { vote, effective } = answer(kindSpec("before_tool_call"), { action: "inject", content: "x" });
    expect(vote).toMatchObject({ status: "voted", ignored: "'inject' is not allowed for before_tool_call" });
    expect(effective).toBeUndefined();
  });

  it("denies an action without its second permission", () => {
    const { vote, effective } = answer(kindSpec("after_tool_call"), { action: "replace", output: "x" });
    expect(vote).toMatchObject({
      status: "abstained",
      reason: "denied",
      detail: "'replace' needs the permission 'tools.transform_output'",
    });
    expect(effective).toBeUndefined();
  });

  it("clamps a long replacement, and only that", () => {
    const allowed = {
      ...subscription,
      permissions: new Set(["tools.intercept", "tools.transform_output"] as const),
    };
    const judged = (output: string) =>
      judge(kindSpec("after_tool_call"), allowed, {
        answered: true,
        result: { action: "replace", output },
        queueMs: 0,
        runMs: 0,
      }).effective;
    expect(judged("short")).toEqual({ action: "replace", output: "short" });
    expect(judged("x".repeat(1_048_577))).toEqual({ action: "replace", output: "x".repeat(1_048_576) });
  });

  it("passes on why there was no answer", () => {
    const { vote } = judge(kindSpec("before_tool_call"), subscription, {
      answered: false,
      reason: "crash",
      detail: "code 1",
      queueMs: 0,
      runMs: 9,
    });
    expect(vote).toMatchObject({ status: "abstained", reason: "crash", detail: "code 1", runMs: 9 });
  });

  it("without a detail has no detail", () => {
    const { vote } = judge(kindSpec("before_tool_call"), subscription, {
      answered: false,
      reason: "busy",
      queueMs: 0,
      runMs: 0,
    });
    expect(vote).not.toHaveProperty("detail");
  });

  it("marks only what wanted something as ignored", () => {
    const { vote } = answer(kindSpec("before_tool_call"), { action: "block", reason: "r" });
    expect(ignore(vote, "why")).toEqual({ ...vote, ignored: "why" });
    const quiet = answer(kindSpec("before_tool_call"), { action: "continue" }).vote;
    expect(ignore(quiet, "why")).toBe(quiet);
    const abstained: Vote = {
      status: "abstained",
      extension: "e",
      subscription: "s",
      reason: "busy",
      closed: false,
      queueMs: 0,
      runMs: 0,
    };
    expect(ignore(abstained, "why")).toBe(abstained);
  });

  it("knows every action of the vocabulary", () => {
    const wellFormed: Record<Action, unknown> = {
      continue: { action: "continue" },
      block: { action: "block", reason: "" },
      confirm: { action: "confirm", message: "" },
      modify: { action: "modify", input: null },
      inject: { action: "inject", content: "" },
      replace: { action: "replace", output: "" },
      cache: { action: "cache", value: 1 },
      redirect: { action: "redirect", target: "t" },
      retry: { action: "retry" },
      fork: { action: "fork", operations: [1] },
      skip: { action: "skip", reason: "" },
    };
    for (const [action, result] of Object.entries(wellFormed)) {
      expect(answer(kindSpec("before_tool_call"), result).vote).toMatchObject({
        status: "voted",
        verdict: { action },
      });
    }
  });
});
