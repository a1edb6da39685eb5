import { describe, expect, it } from "vitest";
import { SessionQueues } from "../../../../packages/host/src/delivery/streams/session-queues.js";
import type { Request } from "../../../../packages/host/src/delivery/request.js";
import { TestEvent } from "../../../helpers/scripted-process.js";

const MIB = 1024 * 1024;
const LIMITS = { streamQueue: 3, streamItems: 6, overflowBlockMs: 1_000 };

type More = ConstructorParameters<typeof TestEvent>[1];

/** Items by names such as `a1`: the letter is the session. */
function items(names: string, more: More = {}): TestEvent[] {
  return names
    .split(" ")
    .map((name) => new TestEvent(name, { lane: "stream", session: name.charAt(0), ...more }));
}

const item = (name: string, more?: More): TestEvent => items(name, more)[0] as TestEvent;
const names = (requests: readonly Request[]): string[] =>
  requests.map((request) => String(request.event?.envelope.tool_input));

function filled(inputs: string, limits: Partial<typeof LIMITS> = {}, more?: More): SessionQueues {
  const queues = new SessionQueues({ ...LIMITS, ...limits });
  for (const one of items(inputs, more)) expect(queues.offer(one, 0).type).toBe("placed");
  return queues;
}

/** Hands out all that can be handed out now. */
function handOut(queues: SessionQueues): TestEvent[] {
  const out: TestEvent[] = [];
  for (let next = queues.shift(); next; next = queues.shift()) out.push(next as TestEvent);
  return out;
}

describe("the queues of a stream", () => {
  it("hand out one item of each session in turn, and the next when it has ended", () => {
    const queues = filled("a1 a2 b1 c1 a3 b2");
    const [a1, b1, c1, none] = [queues.shift(), queues.shift(), queues.shift(), queues.shift()];
    expect(names([a1, b1, c1] as Request[])).toEqual(["a1", "b1", "c1"]);
    expect([none, queues.ready, queues.out, queues.length]).toEqual([undefined, 0, 3, 3]);
    queues.ended(b1 as Request, true);
    expect(names(handOut(queues))).toEqual(["b2"]);
    queues.ended(a1 as Request, true);
    queues.ended(c1 as Request, true);
    expect(names(handOut(queues))).toEqual(["a2"]);
    expect(queues.sessions).toBe(2);
  });

  it("take events without a session as one session", () => {
    const queues = new SessionQueues(LIMITS);
    for (const one of items("x1 x2", { session: null })) queues.offer(one, 0);
    expect(names(handOut(queues))).toEqual(["x1"]);
  });

  it("forget a session that has nothing left", () => {
    const queues = filled("a1 b1");
    for (const one of handOut(queues)) queues.ended(one, true);
    expect([queues.sessions, queues.out, queues.length]).toEqual([0, 0, 0]);
    const more = filled("a1 a2");
    expect(names(more.take(() => true).queued)).toEqual(["a1", "a2"]);
    expect([more.sessions, more.ready, more.length]).toEqual([0, 0, 0]);
  });

  it("drop the newest of a full session, and leave the others their room", () => {
    const queues = filled("a1 a2 a3 b1");
    const a4 = item("a4");
    expect(queues.offer(a4, 0)).toEqual({ type: "dropped", dropped: [a4] });
    expect(queues.offer(item("b2"), 0).type).toBe("placed");
  });

  it("drop the oldest of a full session for the newest", () => {
    const queues = filled("a1 a2 a3 b1", {}, { overflow: "drop_oldest" });
    const offer = queues.offer(item("a4", { overflow: "drop_oldest" }), 0);
    expect(offer.type === "dropped" && names(offer.dropped)).toEqual(["a1"]);
    expect(names(queues.all())).toEqual(["a2", "a3", "a4", "b1"]);
  });

  it("drop no item that has to be seen for one that may be dropped", () => {
    const queues = new SessionQueues(LIMITS);
    for (const one of items("a1 a2", { overflow: "block" })) queues.offer(one, 0);
    queues.offer(item("a3", { overflow: "drop_oldest" }), 0);
    const offer = queues.offer(item("a4", { overflow: "drop_oldest" }), 0);
    expect(offer.type === "dropped" && names(offer.dropped)).toEqual(["a3"]);
    expect(names(queues.all())).toEqual(["a1", "a2", "a4"]);
    const full = filled("a1 a2 a3", {}, { overflow: "block" });
    const last = full.offer(item("a4", { overflow: "drop_oldest" }), 0);
    expect(last.type === "dropped" && names(last.dropped)).toEqual(["a4"]);
  });

  it("let the session that fills the room of all pay for a light one", () => {
    const queues = filled("a1 a2 a3", { streamItems: 4 }, { size: 1_000 });
    expect(queues.offer(item("b1", { size: 10 }), 0).type).toBe("placed");
    const offer = queues.offer(item("c1", { size: 10 }), 0);
    expect(offer.type === "dropped" && names(offer.dropped)).toEqual(["a3"]);
    expect(names(queues.all())).toEqual(["a1", "a2", "b1", "c1"]);
    const heavy = queues.offer(item("d1", { size: 5_000 }), 0);
    expect(heavy.type === "dropped" && names(heavy.dropped)).toEqual(["d1"]);
  });

  it("find the heaviest session also when the one of before has shrunk", () => {
    const queues = filled("a1 a2 a3 b1 b2", { streamItems: 5 }, { size: 1_000 });
    const out = handOut(queues);
    expect(names(out)).toEqual(["a1", "b1"]);
    queues.ended(out[0] as TestEvent, true);
    queues.ended(handOut(queues)[0] as TestEvent, true);
    queues.shift();
    // Of a, nothing is left; b has one.
    for (const one of items("c1 d1 e1 f1", { size: 10 })) expect(queues.offer(one, 0).type).toBe("placed");
    const offer = queues.offer(item("g1", { size: 10 }), 0);
    expect(offer.type === "dropped" && names(offer.dropped)).toEqual(["b2"]);
    expect(queues.ready).toBe(5);
    expect(names(handOut(queues))).toEqual(["c1", "d1", "e1", "f1", "g1"]);
  });

  it("are bounded by text too: 8 MiB for a session, 64 MiB in all, and one larger item alone", () => {
    const big = filled("a1", {}, { size: 9 * MIB });
    expect(big.offer(item("a2", { size: 1 }), 0).type).toBe("dropped");
    const queues = new SessionQueues({ ...LIMITS, streamItems: 100 });
    for (const one of items("a1 b1 c1 d1 e1 f1 g1 h1", { size: 8 * MIB }))
      expect(queues.offer(one, 0).type).toBe("placed");
    const last = item("i1", { size: 8 * MIB });
    expect(queues.offer(last, 0)).toEqual({ type: "dropped", dropped: [last] });
    expect(queues.offer(item("a2", { size: 1 }), 0).type).toBe("dropped");
  });

  it("tell the next item of a session how many before it its handler did not get", () => {
    const queues = filled("a1 a2 a3 b1");
    const [a4, a5] = items("a4 a5") as [TestEvent, TestEvent];
    for (const one of [a4, a5]) {
      queues.offer(one, 0);
      queues.ended(one, false);
    }
    const [a1, b1] = handOut(queues) as [TestEvent, TestEvent];
    expect([a1.dropped, b1.dropped]).toEqual([2, 0]);
    queues.ended(a1, true);
    expect(handOut(queues)[0]?.dropped).toBe(0);
  });

  it("count an item that the process crashed over, and what it would have told, for the next one", () => {
    const queues = filled("a1 a2");
    const lost = item("a0");
    queues.ended(lost, false);
    const [a1] = handOut(queues) as [TestEvent];
    queues.ended(a1, false);
    expect(handOut(queues)[0]?.dropped).toBe(2);
    const next = new SessionQueues(LIMITS);
    queues.ended(item("c1"), false);
    next.inherit(queues);
    next.offer(item("c2"), 0);
    expect(next.shift()?.dropped).toBe(1);
  });

  it("put items that come back before the others of their session", () => {
    const queues = filled("a3 b2");
    queues.prepend(items("a1 b1 a2"));
    expect(names(queues.all())).toEqual(["a1", "a2", "a3", "b1", "b2"]);
    expect(names(handOut(queues))).toEqual(["a1", "b1"]);
  });
});

describe("an item that must be seen", () => {
  const block = { overflow: "block" } as const;

  it("waits for room in its session, and holds no other session back", () => {
    const queues = filled("a1 a2 a3 b1", {}, block);
    const [a4, a5, b2] = items("a4 a5 b2", block) as [TestEvent, TestEvent, TestEvent];
    expect([queues.offer(a4, 5).type, queues.offer(a5, 6).type]).toEqual(["blocked", "blocked"]);
    expect([a4.dueMs, a5.dueMs]).toEqual([1_005, 1_006]);
    expect(queues.offer(b2, 0).type).toBe("placed");
    expect(queues.admit()).toEqual([]);
    const [a1] = handOut(queues) as [TestEvent];
    expect(names(queues.admit())).toEqual(["a4"]);
    expect(a4.dueMs).toBe(Number.POSITIVE_INFINITY);
    queues.ended(a1, true);
    expect(names(handOut(queues))).toEqual(["a2"]);
    expect(names(queues.admit())).toEqual(["a5"]);
    expect([queues.length, names(queues.allBlocked())]).toEqual([4, []]);
  });

  it("waits for room in all, session by session", () => {
    const queues = filled("a1 a2 b1", { streamItems: 3 }, block);
    for (const one of items("c1 d1 d2", block)) expect(queues.offer(one, 0).type).toBe("blocked");
    const [a1] = [queues.shift()];
    expect(names(queues.admit())).toEqual(["c1"]);
    queues.ended(a1 as Request, true);
    queues.shift();
    expect(names(queues.admit())).toEqual(["d1"]);
    expect(names(queues.take(() => true).blocked)).toEqual(["d2"]);
    expect([queues.length, queues.sessions]).toEqual([0, 1]);
  });

  it("finds no place beyond the bound", () => {
    const queues = filled("a1 a2 a3", {}, block);
    for (const one of items("a4 a5 a6", block)) expect(queues.offer(one, 0).type).toBe("blocked");
    const a7 = item("a7", block);
    expect(queues.offer(a7, 0)).toEqual({ type: "dropped", dropped: [a7] });
    // Nobody overtakes an item that waits for its place.
    const a8 = item("a8");
    expect(queues.offer(a8, 0)).toEqual({ type: "dropped", dropped: [a8] });
  });
});
