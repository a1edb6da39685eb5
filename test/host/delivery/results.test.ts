import { ABSTENTION_REASONS, type AbstentionReason } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import {
  abstained,
  batchResult,
  callEnd,
  callResult,
  cancelled,
  failed,
  judged,
  namesOf,
  timesOf,
} from "../../../packages/host/src/delivery/results.js";
import { TestEvent } from "../../helpers/scripted-process.js";

/** A request that arrived at 10 and was sent at 30. */
function sent(more: ConstructorParameters<typeof TestEvent>[1] = {}): TestEvent {
  const request = new TestEvent("x", more);
  Object.assign(request, { arrivedMs: 10, firstSentMs: 30, attempt: 1 });
  return request;
}

const no = (): boolean => false;
const times = { queueMs: 20, runMs: 70 };

describe("the end of a request that was sent", () => {
  it("has its time in the queue and its time at the process; one that was never sent only waited", () => {
    expect(timesOf(sent(), 100)).toEqual(times);
    const waiting = new TestEvent("x");
    waiting.arrivedMs = 10;
    expect(timesOf(waiting, 100)).toEqual({ queueMs: 90, runMs: 0 });
  });

  it("is the answer as it came, with the places where digits were lost", () => {
    expect(judged(sent(), { type: "result", result: 1 }, no, 100)).toEqual({
      result: { answered: true, result: 1, ...times },
      counts: false,
    });
    expect(judged(sent(), { type: "result", result: 1, inexact: ["/a"] }, no, 100).result).toEqual({
      answered: true,
      result: 1,
      inexact: ["/a"],
      ...times,
    });
  });

  it.each([
    [{ type: "error", code: 7, message: "no\nway", data: 1 }, "error", "error 7: noway"],
    [{ type: "unreadable", reason: "invalid", detail: "dots" }, "invalid", "dots"],
    [{ type: "not_sent", reason: "full" }, "overloaded", undefined],
    [{ type: "not_sent", reason: "too_large" }, "too_large", undefined],
    [{ type: "cancelled" }, "stopped", undefined],
  ] as const)("is an abstention that counts against nobody after %j", (reply, reason, detail) => {
    const end = judged(sent(), reply, no, 100);
    expect(end).toMatchObject({ counts: false, result: { answered: false, reason, ...times } });
    expect((end.result as { detail?: string }).detail).toBe(detail);
  });

  it.each([
    // lane, beside a call, cut by the chain's time, lagged, ran for; reason and whether it counts
    ["gate", false, false, false, 1_000, "timeout", true],
    ["gate", false, false, true, 1_000, "timeout", false],
    ["gate", true, false, false, 1_000, "busy", false],
    ["gate", false, true, false, 500, "budget", true],
    ["gate", false, true, false, 499, "budget", false],
    ["gate", true, true, false, 500, "budget", false],
    ["call", true, false, false, 1_000, "timeout", true],
    ["call", false, true, false, 500, "timeout", true],
    ["observe", true, false, false, 1_000, "busy", false],
  ] as const)(
    "at a deadline: %s, beside a call %s, cut %s, lagged %s, ran %d ms: %s, counts %s",
    (lane, beside, cut, lagged, ranMs, reason, counts) => {
      const request = sent({ lane });
      request.cut = cut;
      const end = judged(request, { type: "timeout", lagged }, () => beside, 30 + ranMs, "why");
      expect(end).toMatchObject({ counts, result: { reason, detail: "why", runMs: ranMs } });
    },
  );

  it("that failed keeps the whole error beside a line of it", () => {
    const error = { code: 1, message: `${"x".repeat(600)}`, data: { a: 1 } };
    const end = failed(sent(), error, 100);
    expect(end).toMatchObject({ reason: "error", error });
    expect((end as { detail: string }).detail).toBe(`error 1: ${"x".repeat(500)}`);
    expect(cancelled(sent(), 100)).toEqual({
      answered: false,
      reason: "stopped",
      cancelled: true,
      ...times,
    });
  });
});

describe("the end of one event of a batch", () => {
  it("is to go on, where the answer has nothing for its place", () => {
    const goesOn = { answered: true, result: { action: "continue" }, ...times };
    for (const answer of [null, undefined, { results: [] }, { results: [null] }])
      expect(batchResult(sent(), answer, 0, 100)).toEqual(goesOn);
  });

  it("is `invalid` for every event when the answer is none to a batch", () => {
    for (const answer of [
      {},
      { results: null },
      { results: {} },
      { action: "continue" },
      5,
      "x",
      true,
      [],
      [1],
    ])
      expect(batchResult(sent(), answer, 0, 100)).toMatchObject({
        answered: false,
        reason: "invalid",
        detail: "a batch is answered with null or {results: [...]}",
      });
  });

  it("is the result or the error at its place", () => {
    const results = [{ action: "x" }, { error: { code: 3, message: "no" } }, { error: "text" }];
    const at = (place: number) => batchResult(sent(), { results }, place, 100);
    expect(at(0)).toEqual({ answered: true, result: { action: "x" }, ...times });
    expect(at(1)).toMatchObject({ reason: "error", detail: "error 3: no" });
    expect(at(2)).toMatchObject({ answered: true, result: { error: "text" } });
    expect(batchResult(sent(), { results: [{ error: { code: "3", message: 4 } }] }, 0, 100)).toMatchObject({
      detail: "error -32603: no message",
    });
  });
});

describe("the end of a call", () => {
  it("is the answer, the error, the caller's word, or the reason for having none", () => {
    const { queueMs, runMs } = times;
    expect(callResult({ answered: true, result: 1, queueMs, runMs })).toEqual({
      type: "reply",
      reply: { type: "result", result: 1 },
      ...times,
    });
    expect(callResult({ answered: true, result: 1, inexact: ["/a"], queueMs, runMs })).toMatchObject({
      reply: { inexact: ["/a"] },
    });
    expect(callResult(cancelled(sent(), 100))).toEqual({ type: "cancelled", ...times });
    expect(callResult(failed(sent(), { code: 1, message: "no" }, 100))).toEqual({
      type: "reply",
      reply: { type: "error", code: 1, message: "no" },
      ...times,
    });
    expect(callResult(abstained(sent(), "crash", 100))).toEqual({
      type: "none",
      reason: "crash",
      ...times,
    });
    expect(callResult(abstained(sent(), "crash", 100, "of it"))).toMatchObject({ detail: "of it" });
  });

  it("in the caller's words: a value, or a status with a reason", () => {
    const reply = (value: object) => callEnd({ type: "reply", reply: value as never, ...times });
    expect(reply({ type: "result", result: { a: 1 } })).toEqual({ value: { a: 1 } });
    expect(reply({ type: "result" })).toEqual({ value: null });
    expect(reply({ type: "result", result: 1, inexact: [] })).toEqual({ value: 1 });
    expect(reply({ type: "result", result: 1, inexact: ["/a", "/b"] })).toEqual({
      status: "failed",
      reason: "the answer has an integer beyond 2^53 at '/a': send a string",
    });
    expect(reply({ type: "error", code: 5, message: "no\u0007", data: 1 })).toEqual({
      status: "failed",
      reason: "no",
      error: { code: 5, message: "no\u0007", data: 1 },
    });
    expect(callEnd({ type: "cancelled", ...times })).toEqual({
      status: "cancelled",
      reason: "the caller gave the call up",
    });
  });

  it.each(Object.keys(ABSTENTION_REASONS) as AbstentionReason[])(
    "without an answer says why in words: %s",
    (reason) => {
      const end = callEnd({ type: "none", reason, ...times });
      const words = (end as { reason: string }).reason;
      expect(words).toMatch(/^[a-z][a-z ',]+$/);
      if (reason === "timeout") expect(end).toEqual({ status: "timeout", reason: "it took too long" });
      else expect(end).toEqual({ status: "unavailable", cause: reason, reason: words });
      const more = callEnd({ type: "none", reason, detail: "because", ...times });
      expect((more as { reason: string }).reason).toBe(reason === "timeout" ? words : `${words} (because)`);
    },
  );
});

describe("requests in words", () => {
  const of = (tool_name: string | null): TestEvent => {
    const event = new TestEvent("x");
    Object.assign(event, { event: { kind: "k", toolName: tool_name } });
    return event;
  };

  it("are named by kind and tool, equal ones once with their number, at most three", () => {
    expect(namesOf([of("a")])).toBe("it had k of 'a'");
    expect(namesOf([of(null)])).toBe("it had k");
    expect(namesOf([of("a"), of("b"), of("a")])).toBe("it had 2 x k of 'a', k of 'b'");
    expect(namesOf(["a", "b", "c"].map(of))).toBe("it had k of 'a', k of 'b', k of 'c'");
    expect(namesOf(["a", "b", "c", "d"].map(of))).toBe("it had k of 'a', k of 'b', k of 'c' and others");
    expect(namesOf([of(`\u001b${"x".repeat(100)}`)])).toBe(`it had k of '?${"x".repeat(63)}'`);
  });

  it("that are calls are named by their method", () => {
    const call = new TestEvent("x", { method: "tool.call" });
    Object.assign(call, { event: undefined });
    expect(namesOf([call])).toBe("it had tool.call");
  });
});
