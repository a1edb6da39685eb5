import { describe, expect, it } from "vitest";
import { FakeClock } from "../../helpers/fake-clock.js";
import { deliveryKit, ends, TestEvent, type Kit } from "../../helpers/scripted-process.js";

const call = { method: "tool.call", params: null, deadlineMs: 1_000 };
const observed = { lane: "observe", repeatable: false } as const;
const unlimited = { untilMs: Number.POSITIVE_INFINITY };

/** An old delivery and its successor, on one clock. */
function pair(options: Parameters<typeof deliveryKit>[0] = {}): { clock: FakeClock; old: Kit; next: Kit } {
  const clock = new FakeClock();
  return { clock, old: deliveryKit({ ...options, clock }), next: deliveryKit({ ...options, clock }) };
}

/** The inputs of all that the process ever got. */
const inputs = ({ script }: Kit): unknown[] =>
  script.posted.map(({ waiting }) => (waiting as TestEvent).source.input);

describe("a successor", () => {
  it("has the deadline of what it takes over run from then", async () => {
    const { clock, old, next } = pair({ protocol: 1 });
    next.script.availability = "starting";
    const [sent, queued] = old.hand("a b", { ...unlimited, deadlineMs: 1_000 });
    await clock.pass(700);
    old.delivery.handOver(next.delivery);
    expect([sent?.state, queued?.state, next.delivery.status().waiting]).toEqual(["sent", "waiting", 1]);
    await clock.pass(999);
    expect(queued?.end).toBe("open");
    await clock.pass(1);
    expect(queued?.result).toEqual({ answered: false, reason: "starting", queueMs: 1_700, runMs: 0 });
  });

  it("judges what it takes over by its own past: no event is under suspicion", () => {
    const { old, next } = pair();
    old.hand("a b", { repeatable: false });
    old.script.exit(old.delivery, "restarting");
    const [a, b] = old.hand("a b");
    expect([a?.lane, b?.lane]).toEqual(["trial", "trial"]);
    old.delivery.handOver(next.delivery);
    expect([a?.lane, b?.lane, inputs(next)]).toEqual(["gate", "gate", ["a", "b"]]);
    next.script.answer(next.script.open[0]);
    expect([a?.end, next.delivery.inFlight]).toEqual(["voted", 1]);
  });

  it("takes over observed events that had no place, and tells that they have one", () => {
    const { old, next } = pair({ wanted: 1, limits: { observeQueue: 1 } });
    const events = old.hand("a b c", { ...observed, overflow: "block" });
    expect(events.map(({ isPlaced }) => isPlaced)).toEqual([true, true, false]);
    old.delivery.handOver(next.delivery);
    expect(events.map(({ isPlaced }) => isPlaced)).toEqual([true, true, true]);
    expect([old.delivery.status().waiting, next.delivery.status().waiting]).toEqual([0, 2]);
    old.script.answer(old.script.open[0]);
    next.script.answer(next.script.open[0]);
    next.script.answer(next.script.open[0]);
    expect([ends(events), inputs(next)]).toEqual([
      ["voted", "voted", "voted"],
      ["b", "c"],
    ]);
  });

  it("keeps what it has itself behind what it takes over, lane by lane", () => {
    const { old, next } = pair({ protocol: 1 });
    next.script.availability = "starting";
    old.hand("a b c");
    next.hand("d");
    old.delivery.handOver(next.delivery);
    next.script.restart(next.delivery);
    while (next.script.open.length > 0) next.script.answer(next.script.open[0]);
    expect(inputs(next)).toEqual(["b", "c", "d"]);
  });

  it("sends gates at once, and observed events when the last one with the old process has ended", () => {
    const { old, next } = pair({ wanted: 1 });
    const events = old.hand("a b", observed);
    old.delivery.handOver(next.delivery);
    const [gate] = next.hand("g");
    expect([gate?.state, inputs(next)]).toEqual(["sent", ["g"]]);
    old.script.answer(old.script.open[0]);
    expect([ends(events), inputs(next)]).toEqual([
      ["voted", "open"],
      ["g", "b"],
    ]);
  });

  it("waits with observed events for those only: a gate of the old process may take its time", () => {
    const { old, next } = pair({ wanted: 2 });
    old.hand("g");
    old.hand("a", observed);
    old.delivery.handOver(next.delivery);
    next.hand("b", observed);
    expect(inputs(next)).toEqual([]);
    old.script.answer(old.script.open[1]);
    expect([inputs(next), old.delivery.inFlight]).toEqual([["b"], 1]);
  });

  it("waits for no observed event when none is with the old process", () => {
    const { old, next } = pair({ wanted: 1 });
    old.hand("g");
    old.delivery.handOver(next.delivery);
    next.hand("b", observed);
    expect(inputs(next)).toEqual(["b"]);
  });

  it("waits for none that the old process took down with it", () => {
    const { old, next } = pair({ wanted: 1 });
    const [lost] = old.hand("a", observed);
    old.delivery.handOver(next.delivery);
    next.hand("b", observed);
    old.script.exit(old.delivery, "stopped");
    expect([lost?.end, inputs(next)]).toEqual(["crash", ["b"]]);
  });

  it("waits for none that ended with the close of the old delivery", () => {
    const { old, next } = pair({ protocol: 1 });
    const events = old.hand("a b", observed);
    old.delivery.handOver(next.delivery);
    expect(inputs(next)).toEqual([]);
    old.delivery.close();
    expect([ends(events), inputs(next)]).toEqual([["stopped", "open"], ["b"]]);
  });

  it("sends observed events in batches once the old process is done with its own", async () => {
    const { clock, old, next } = pair();
    for (const { script } of [old, next]) script.takesBatches = true;
    old.hand("a b", observed);
    await clock.pass(0);
    const waiting = old.hand("c", observed);
    old.delivery.handOver(next.delivery);
    waiting.push(...next.hand("d", observed));
    await clock.pass(0);
    expect([next.script.posted, ends(waiting)]).toEqual([[], ["open", "open"]]);
    old.script.answer(old.script.open[0], null);
    await clock.pass(0);
    expect(next.script.posted.map(({ method }) => method)).toEqual(["hook.batch"]);
    next.script.answer(next.script.open[0], null);
    expect(ends(waiting)).toEqual(["voted", "voted"]);
  });

  it("waits for the observed events of the first of several processes, also through one that had none", async () => {
    const { clock, old: first, next: second } = pair();
    const third = deliveryKit({ clock });
    const ended: unknown[] = [];
    const watch = (events: TestEvent[]): void => {
      for (const event of events) event.onEnd = () => ended.push(event.source.input);
    };
    watch(first.hand("a", observed));
    first.delivery.handOver(second.delivery);
    watch(second.hand("b", observed));
    const [gate] = second.hand("g");
    second.delivery.handOver(third.delivery);
    watch(third.hand("c", observed));
    expect([gate?.state, inputs(second), inputs(third)]).toEqual(["sent", ["g"], []]);
    second.script.answer(second.script.open[0]);
    expect([second.delivery.idle, inputs(third)]).toEqual([true, []]);
    first.script.answer(first.script.open[0]);
    expect(inputs(third)).toEqual(["b", "c"]);
    for (const posted of third.script.open) third.script.answer(posted);
    expect(ended).toEqual(["a", "b", "c"]);
  });

  it("does not mind the end of another than its predecessor", () => {
    const { old: first, next: second } = pair({ wanted: 1 });
    const other = deliveryKit();
    first.hand("a", observed);
    first.delivery.handOver(second.delivery);
    other.hand("x", observed);
    other.delivery.handOver(second.delivery);
    second.hand("b", observed);
    first.script.answer(first.script.open[0]);
    expect(inputs(second)).toEqual([]);
    other.script.answer(other.script.open[0]);
    expect(inputs(second)).toEqual(["b"]);
  });

  it("gets back what may be sent again, once, before what it has itself", () => {
    const { old, next } = pair({ protocol: 1 });
    const [again] = old.hand("a");
    const [busy, own] = next.hand("x b");
    old.delivery.handOver(next.delivery);
    old.script.exit(old.delivery, "stopped");
    expect([again?.state, own?.state, busy?.state]).toEqual(["queued", "queued", "sent"]);
    next.script.answer(next.script.open[0]);
    expect([again?.state, again?.attempt, own?.state]).toEqual(["sent", 2, "queued"]);
    next.script.exit(next.delivery, "restarting");
    expect(again?.end).toBe("crash");
  });

  it("gets back nothing that may have had effects", () => {
    const { old, next } = pair();
    const [event] = old.hand("a", { repeatable: false });
    old.delivery.handOver(next.delivery);
    old.delivery.close();
    expect([event?.end, inputs(next)]).toEqual(["stopped", []]);
  });

  it("is asked to give up a call that it took over, wherever the call is", async () => {
    const { old, next } = pair({ protocol: 1 });
    void old.delivery.call(call);
    const [sent, queued] = [new AbortController(), new AbortController()];
    const first = old.delivery.call({ ...call, signal: sent.signal });
    const second = old.delivery.call({ ...call, signal: queued.signal });
    old.delivery.handOver(next.delivery);
    expect([next.delivery.inFlight, next.delivery.status().waiting]).toEqual([1, 1]);
    queued.abort();
    sent.abort();
    expect([await first, await second]).toMatchObject([{ type: "cancelled" }, { type: "cancelled" }]);
    expect([next.delivery.idle, old.delivery.inFlight]).toEqual([true, 1]);
  });
});
