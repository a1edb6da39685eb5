import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { OutgoingEvent } from "../../../packages/host/src/delivery/outgoing-event.js";
import { InFlight } from "../../../packages/host/src/delivery/in-flight.js";
import { deliveryKit, TestEvent } from "../../helpers/scripted-process.js";

const observed = { lane: "observe", repeatable: false } as const;

describe("a batch", () => {
  it("ends at 60 KiB of text: what does not fit goes with the next one, and a larger event alone", async () => {
    const { clock, script, delivery, hand } = deliveryKit();
    script.takesBatches = true;
    const sizes: number[] = [];
    let before = 0;
    script.onPost = () => {
      sizes.push(delivery.inFlight - before);
      before = delivery.inFlight;
    };
    hand(Array.from({ length: 5 }, () => "x".repeat(25_000)).join(" "), observed);
    await clock.pass(0);
    expect(sizes).toEqual([2, 2]);
    before -= 2;
    script.answer(script.open[0], null);
    await clock.pass(0);
    expect(sizes).toEqual([2, 2, 1]);

    const large = deliveryKit();
    large.script.takesBatches = true;
    large.hand(`${"x".repeat(70_000)} y`, observed);
    await large.clock.pass(0);
    expect(large.script.open).toHaveLength(2);
  });

  it("that times out counts once for its subscription, however many events were in it", async () => {
    const { clock, script, delivery, hand } = deliveryKit();
    script.takesBatches = true;
    script.pinged = true;
    for (let n = 1; n <= 3; n += 1) {
      hand("a b c d e", { ...observed, subscription: "one" });
      await clock.pass(12_000);
      expect(delivery.status().openBreakers).toEqual(n < 3 ? [] : ["one"]);
    }
  });
});

it("the requests that are with a process come back in the order of sending, whoever left between", () => {
  const inFlight = new InFlight();
  const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((name) => new TestEvent(name)) as [
    TestEvent,
    TestEvent,
    TestEvent,
    TestEvent,
    TestEvent,
  ];
  for (const one of [a, b, c, d]) inFlight.add(one);
  inFlight.remove(b);
  inFlight.remove(d);
  inFlight.add(e);
  inFlight.add(b);
  expect([inFlight.size, inFlight.all()]).toEqual([4, [a, c, e, b]]);
  inFlight.remove(a);
  expect(inFlight.takeAll()).toEqual([c, e, b]);
  expect([inFlight.size, inFlight.all()]).toEqual([0, []]);
  inFlight.remove(a);
  expect(inFlight.size).toBe(0);
});

describe("nothing is left", () => {
  it("of the timer for deadlines when a delivery is closed", async () => {
    const { clock, delivery, hand } = deliveryKit({ protocol: 1 });
    hand("a b");
    // The script of the process has a timer of its own for the request that it got.
    const scripted = 1;
    expect(clock.armed).toBe(scripted + 1);
    delivery.close();
    expect(clock.armed).toBe(scripted);
    await clock.pass(60_000);
  });

  it("on the signal of a call that ended, was given up, or was refused", async () => {
    const { script, delivery } = deliveryKit({ protocol: 1 });
    const caller = new AbortController();
    const call = { method: "tool.call", params: {}, deadlineMs: 1_000, signal: caller.signal };
    for (let n = 0; n < 20; n += 1) {
      const answered = delivery.call(call);
      script.answer(script.open[0], {});
      await answered;
    }
    script.refusal = { type: "not_sent", reason: "too_large" };
    await delivery.call(call);
    expect(getEventListeners(caller.signal, "abort")).toHaveLength(0);
    script.refusal = undefined;
    const open = delivery.call(call);
    expect(getEventListeners(caller.signal, "abort")).toHaveLength(1);
    caller.abort();
    expect(await open).toMatchObject({ type: "cancelled" });
    expect(getEventListeners(caller.signal, "abort")).toHaveLength(0);
  });
});

it("an event tells at least a millisecond, and whole ones, as its deadline", () => {
  const event = OutgoingEvent.from({ kind: "before_tool_call" }, 0);
  const told = [0, -5, 0.4, 1.9, 5_000.7].map((ms) => {
    const params = event.params(true, ms, 1);
    return (JSON.parse(String(params)) as { meta: { deadline_ms: number } }).meta.deadline_ms;
  });
  expect(told).toEqual([1, 1, 1, 1, 5_000]);
});
