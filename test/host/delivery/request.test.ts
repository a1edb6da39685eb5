import { describe, expect, it } from "vitest";
import { LANES, MOVES, Request, type RequestState } from "../../../packages/host/src/delivery/request.js";
import type { Reply } from "../../../packages/host/src/transport/rpc/reply.js";
import { TestEvent } from "../../helpers/scripted-process.js";

/** A request without an event. */
class Bare extends Request {
  constructor() {
    const options = { method: "m", lane: "call", deadlineMs: 1, untilMs: 2, repeatable: false } as const;
    super({ ...options, overflow: "block" }, undefined, undefined);
  }
  params(): string {
    return "null";
  }
  finished(): void {}
}

describe("a request", () => {
  it("begins unsent, in the lane of its kind, without an end to its wait", () => {
    const request = new TestEvent("x", {
      lane: "observe",
      deadlineMs: 700,
      untilMs: 900,
      repeatable: false,
      overflow: "block",
      subscription: "one",
    });
    expect(request).toMatchObject({
      method: "hook.handle",
      lane: "observe",
      home: "observe",
      deadlineMs: 700,
      untilMs: 900,
      repeatable: false,
      overflow: "block",
      subscription: "one",
      state: "waiting",
      carrier: undefined,
      dueMs: Number.POSITIVE_INFINITY,
      cut: false,
      attempt: 0,
      batched: false,
    });
    expect(new TestEvent("x", { repeatable: true }).repeatable).toBe(true);
  });

  it("is as long as its event's text; one without an event has none", () => {
    const event = new TestEvent("äöü");
    expect(event.size).toBe(event.event.text.length);
    expect(new Bare().size).toBe(0);
  });

  it("makes the moves of the table and refuses all others in words", () => {
    const states = Object.keys(MOVES) as RequestState[];
    for (const from of states)
      for (const to of states) {
        const request = new TestEvent("x");
        request.state = from;
        if (MOVES[from].includes(to)) {
          request.move(to);
          expect(request.state).toBe(to);
        } else {
          expect(() => request.move(to)).toThrow(`illegal move of a request from ${from} to ${to}`);
          expect(request.state).toBe(from);
        }
      }
  });

  it("ends a state by its own time, unless the time around it ends before", () => {
    const request = new TestEvent("x", { untilMs: 500 });
    request.limit(499);
    expect([request.dueMs, request.cut]).toEqual([499, false]);
    request.limit(501);
    expect([request.dueMs, request.cut]).toEqual([500, true]);
    request.limit(500);
    expect([request.dueMs, request.cut]).toEqual([500, false]);
  });

  it("hands a reply to whoever carries it then, and to nobody when nobody does", () => {
    const request = new TestEvent("x");
    const reply: Reply = { type: "cancelled" };
    request.settle(reply);
    const told: unknown[] = [];
    request.carrier = { replied: (...args) => void told.push(args) };
    request.settle(reply);
    expect(told).toEqual([[request, reply]]);
  });

  it("needs nobody who wants to hear of its place", () => {
    const bare = new Bare();
    bare.placed();
    expect(bare.state).toBe("waiting");
  });

  it("tells its event's deadline and which sending it is", () => {
    const request = new TestEvent("x");
    request.attempt = 2;
    const { meta } = JSON.parse(String(request.params(true, 300))) as { meta: object };
    expect(meta).toMatchObject({ deadline_ms: 300, attempt: 2 });
    expect(request.params(false, 300)).toBe(request.event.text);
  });
});

it("lanes are served in this order: trials, gates, calls, observed events, streams", () => {
  expect(LANES).toEqual(["trial", "gate", "call", "observe", "stream"]);
});
