import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { Call } from "../../../packages/host/src/delivery/call.js";
import type { CallRequest, CallResult } from "../../../packages/host/src/supervision/work.js";

function callOf(more: Partial<CallRequest> = {}): { call: Call; results: CallResult[]; abandoned: Call[] } {
  const [results, abandoned]: [CallResult[], Call[]] = [[], []];
  const request = { method: "tool.call", params: { a: 1 }, deadlineMs: 700, ...more };
  const call = new Call(
    request,
    50,
    (result) => void results.push(result),
    (one) => void abandoned.push(one),
  );
  return { call, results, abandoned };
}

describe("a call", () => {
  it("is a request without event and subscription, in a lane of its own", () => {
    const { call } = callOf();
    expect(call).toMatchObject({
      method: "tool.call",
      lane: "call",
      home: "call",
      state: "waiting",
      deadlineMs: 700,
      untilMs: Number.POSITIVE_INFINITY,
      dueMs: Number.POSITIVE_INFINITY,
      repeatable: false,
      event: undefined,
      subscription: undefined,
    });
  });

  it("has the text of its parameters, as they were when it was made", () => {
    const params = { a: 1 };
    const { call } = callOf({ params });
    params.a = 2;
    expect([call.params(), call.size]).toEqual(['{"a":1}', 7]);
  });

  it("is repeatable when it says that this does no harm", () => {
    expect(callOf({ idempotent: true }).call.repeatable).toBe(true);
    expect(callOf({ idempotent: false }).call.repeatable).toBe(false);
  });

  it("has its deadline for everything together when it asks for that", () => {
    expect(callOf({ whole: true }).call.untilMs).toBe(750);
    expect(callOf({ whole: false }).call.untilMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("is given up through its signal, once, and not any more when it ended", () => {
    const caller = new AbortController();
    const [first, second] = [callOf({ signal: caller.signal }), callOf({ signal: caller.signal })];
    second.call.finished({ answered: true, result: 5, queueMs: 1, runMs: 2 });
    expect(second.results).toEqual([
      { type: "reply", reply: { type: "result", result: 5 }, queueMs: 1, runMs: 2 },
    ]);
    caller.abort();
    caller.signal.dispatchEvent(new Event("abort"));
    expect([first.abandoned, second.abandoned]).toEqual([[first.call], []]);
    expect(getEventListeners(caller.signal, "abort")).toEqual([]);
  });

  it("without a signal ends all the same", () => {
    const { call, results } = callOf();
    call.finished({ answered: false, reason: "crash", queueMs: 1, runMs: 2 });
    expect(results).toEqual([{ type: "none", reason: "crash", queueMs: 1, runMs: 2 }]);
  });
});
