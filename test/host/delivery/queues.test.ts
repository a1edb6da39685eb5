import { describe, expect, it } from "vitest";
import { Fifo } from "../../../packages/host/src/delivery/fifo.js";
import { Queues } from "../../../packages/host/src/delivery/queues.js";
import type { Lane } from "../../../packages/host/src/delivery/request.js";
import { TestEvent } from "../../helpers/scripted-process.js";

const limits = { gateQueue: 3, observeQueue: 2, streamQueue: 2, streamItems: 4, overflowBlockMs: 1_000 };
const gate = (name: string, lane: "gate" | "trial" = "gate"): TestEvent => {
  const event = new TestEvent(name);
  event.lane = lane;
  return event;
};
const MIB = 1024 * 1024;
/** A request with a text of this length, which takes no memory here. */
const sized = (size: number, lane: Lane): TestEvent => {
  const event = new TestEvent("x", { size });
  event.lane = lane;
  return event;
};
const observed = (name: string, overflow: "block" | "drop_oldest" | "drop_newest"): TestEvent =>
  new TestEvent(name, { lane: "observe", overflow });
const names = (requests: readonly unknown[]): unknown[] =>
  requests.map((request) => (request as TestEvent).source.input);

describe("a queue", () => {
  it("hands out its items in order, however many are put in and taken out in turns", () => {
    const fifo = new Fifo<number>();
    let [next, expected] = [0, 0];
    for (let round = 1; round <= 50; round += 1) {
      for (let n = 0; n < round % 7; n += 1) fifo.push(next++);
      for (let n = 0; n < round % 5 && fifo.length > 0; n += 1) {
        expect(fifo.peek()).toBe(expected);
        expect(fifo.shift()).toBe(expected);
        expected += 1;
      }
      expect([fifo.length, fifo.all().length]).toEqual([next - expected, next - expected]);
    }
    while (fifo.length > 0) expect(fifo.shift()).toBe(expected++);
    expect([fifo.shift(), fifo.peek(), expected]).toEqual([undefined, undefined, next]);
  });

  it("that is empty gives nothing, and takes items as before", () => {
    const fifo = new Fifo<number>();
    expect([fifo.shift(), fifo.shift(), fifo.peek(), fifo.length, fifo.all()]).toEqual([
      undefined,
      undefined,
      undefined,
      0,
      [],
    ]);
    fifo.push(1);
    fifo.push(2);
    expect([fifo.length, fifo.peek(), fifo.shift(), fifo.shift(), fifo.length]).toEqual([2, 1, 1, 2, 0]);
  });

  it("is as long as it was when all that is taken out was put before all others again", () => {
    const fifo = new Fifo<number>();
    for (const item of [1, 2, 3, 4, 5]) fifo.push(item);
    fifo.shift();
    expect(fifo.take((item) => item % 2 === 0)).toEqual([2, 4]);
    expect([fifo.length, fifo.peek()]).toEqual([2, 3]);
    fifo.shift();
    fifo.prepend([7, 8]);
    expect([fifo.length, fifo.all()]).toEqual([3, [7, 8, 5]]);
  });

  it("keeps no item that was taken out", () => {
    const fifo = new Fifo<string>();
    for (const item of ["a", "b", "c", "d"]) fifo.push(item);
    fifo.shift();
    expect(fifo.all()).toEqual(["b", "c", "d"]);
    expect(fifo.take((item) => item === "c")).toEqual(["c"]);
    expect(fifo.take((item) => item === "x")).toEqual([]);
    fifo.prepend(["x", "y"]);
    expect(fifo.all()).toEqual(["x", "y", "b", "d"]);
    expect(fifo.length).toBe(4);
  });
});

describe("the queues of an extension", () => {
  it("count gates and trials together, calls and observed events apart", () => {
    const queues = new Queues(limits);
    for (const [n, lane] of (["gate", "trial", "gate"] as const).entries())
      expect(queues.offer(gate(`g${n}`, lane), 0).type).toBe("placed");
    const extra = gate("g3");
    expect(queues.offer(extra, 0)).toEqual({ type: "dropped", dropped: [extra] });
    for (let n = 0; n < 3; n += 1)
      expect(queues.offer(new TestEvent(`c${n}`, { lane: "call" }), 0).type).toBe("placed");
    expect(queues.offer(new TestEvent("c3", { lane: "call" }), 0).type).toBe("dropped");
    expect(queues.offer(observed("o1", "drop_newest"), 0).type).toBe("placed");
    expect([queues.length, queues.count("gate"), queues.count("trial"), queues.count("call")]).toEqual([
      7, 2, 1, 3,
    ]);
    expect(names(queues.all())).toEqual(["g1", "g0", "g2", "c0", "c1", "c2", "o1"]);
    expect(names([queues.peek("trial"), queues.shift("trial"), queues.shift("gate")])).toEqual([
      "g1",
      "g1",
      "g0",
    ]);
    expect(queues.offer(gate("g4"), 0).type).toBe("placed");
    expect(queues.length).toBe(6);
  });

  it("hold 64 MiB of the text of gates and trials together, to the last code unit", () => {
    for (const [first, second] of [
      ["gate", "trial"],
      ["trial", "gate"],
    ] as const) {
      const queues = new Queues({ ...limits, gateQueue: 100 });
      const large = sized(MIB * 40, first);
      expect(queues.offer(large, 0).type).toBe("placed");
      expect(queues.offer(sized(MIB * 24 + 1, second), 0).type).toBe("dropped");
      expect(queues.offer(sized(MIB * 24, second), 0).type).toBe("placed");
      expect(queues.offer(sized(1, first), 0).type).toBe("dropped");
      expect(queues.take((request) => request === large).queued).toEqual([large]);
      expect(queues.offer(sized(MIB * 40 + 1, first), 0).type).toBe("dropped");
      queues.prepend(first, [large]);
      expect(queues.offer(sized(1, second), 0).type).toBe("dropped");
      expect(queues.shift(first)).toBe(large);
      expect(queues.offer(sized(MIB * 40, first), 0).type).toBe("placed");
    }
  });

  it("hold one gate of any size, and count no text of calls and observed events", () => {
    const queues = new Queues({ ...limits, gateQueue: 100 });
    for (const lane of ["call", "observe"] as const)
      expect(queues.offer(sized(MIB * 90, lane), 0).type).toBe("placed");
    expect(queues.offer(sized(MIB * 64, "gate"), 0).type).toBe("placed");
    expect(queues.offer(sized(1, "gate"), 0).type).toBe("dropped");
    queues.shift("gate");
    expect(queues.offer(sized(MIB * 90, "gate"), 0).type).toBe("placed");
    expect(queues.offer(sized(0, "gate"), 0).type).toBe("dropped");
    expect(queues.offer(sized(MIB * 90, "call"), 0).type).toBe("placed");
  });

  it("drop the oldest or the newest observed event when they are full, whatever the policy of a gate is", () => {
    const queues = new Queues(limits);
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => observed(name, "drop_oldest")) as [
      TestEvent,
      TestEvent,
      TestEvent,
      TestEvent,
    ];
    for (const one of [a, b]) queues.offer(one, 0);
    expect(queues.offer(c, 0)).toEqual({ type: "dropped", dropped: [a] });
    expect(names(queues.all())).toEqual(["b", "c"]);
    const newest = observed("n", "drop_newest");
    expect(queues.offer(newest, 0)).toEqual({ type: "dropped", dropped: [newest] });
    const none = new Queues({ ...limits, observeQueue: 0 });
    expect(none.offer(d, 0)).toEqual({ type: "dropped", dropped: [d] });
    expect(none.length).toBe(0);
    const gates = new Queues({ ...limits, gateQueue: 0 });
    const blocking = new TestEvent("g", { overflow: "block" });
    expect(gates.offer(blocking, 0)).toEqual({ type: "dropped", dropped: [blocking] });
  });

  it("let observed events wait for a place, up to their number and their time", () => {
    const queues = new Queues(limits);
    for (const name of ["a", "b"]) queues.offer(observed(name, "block"), 0);
    const [c, d, e] = ["c", "d", "e"].map((name) => observed(name, "block")) as [
      TestEvent,
      TestEvent,
      TestEvent,
    ];
    expect([queues.offer(c, 10).type, queues.offer(d, 20).type]).toEqual(["blocked", "blocked"]);
    expect(queues.offer(e, 30)).toEqual({ type: "dropped", dropped: [e] });
    expect([c.dueMs, d.dueMs, queues.length, queues.nextDueMs()]).toEqual([1_010, 1_020, 4, 1_010]);
    expect(queues.admit()).toEqual([]);
    queues.shift("observe");
    expect(queues.admit()).toEqual([c]);
    expect([c.dueMs, queues.nextDueMs(), queues.length]).toEqual([Number.POSITIVE_INFINITY, 1_020, 3]);
    const { queued, blocked } = queues.take(() => true);
    expect([names(queued), names(blocked), queues.length]).toEqual([["b", "c"], ["d"], 0]);
    expect(queues.nextDueMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("take back what had its place already, before all others and beyond the bound", () => {
    const queues = new Queues(limits);
    for (const name of ["a", "b", "c"]) queues.offer(gate(name), 0);
    queues.prepend("gate", [gate("x"), gate("y")]);
    queues.prepend("gate", []);
    expect([names(queues.all()), queues.length]).toEqual([["x", "y", "a", "b", "c"], 5]);
    expect(queues.shift("observe")).toBeUndefined();
    expect(queues.length).toBe(5);
  });
});
