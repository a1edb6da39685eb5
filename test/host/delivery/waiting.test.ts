import { describe, expect, it } from "vitest";
import { deliveryKit, ends, TestEvent } from "../../helpers/scripted-process.js";

const call = { method: "tool.call", params: null, deadlineMs: 1_000 };
const observed = { lane: "observe", repeatable: false } as const;
const unlimited = { untilMs: Number.POSITIVE_INFINITY };

describe("a request without a live process", () => {
  it("wakes the extension, and waits for its deadline from when it came", async () => {
    const { clock, script, delivery, hand } = deliveryKit();
    await clock.pass(5_000);
    script.availability = "starting";
    const [event] = hand("a", unlimited);
    expect([event?.state, event?.isPlaced, script.woken, delivery.status().waiting]).toEqual([
      "waiting",
      true,
      1,
      1,
    ]);
    await clock.pass(999);
    expect(event?.end).toBe("open");
    await clock.pass(1);
    expect(event?.result).toEqual({ answered: false, reason: "starting", queueMs: 1_000, runMs: 0 });
    expect(delivery.idle).toBe(true);
  });

  it("waits also when the process lives but has no connection", () => {
    const { script, delivery, hand } = deliveryKit();
    script.isConnected = false;
    const [event] = hand("a");
    expect([event?.state, script.woken]).toEqual(["waiting", 1]);
    script.isConnected = true;
    delivery.changed();
    expect(event?.state).toBe("sent");
  });

  it("ends when the connection of a live process will not come back", () => {
    const { script, delivery, hand } = deliveryKit();
    script.isConnected = false;
    script.reason = "it is about to end";
    const [event] = hand("a");
    delivery.changed();
    expect(event?.result).toMatchObject({ reason: "stopped", detail: "it is about to end" });
  });

  it("waits for a slot without that deadline once a process lives", async () => {
    const { clock, script, delivery, hand } = deliveryKit({ protocol: 1 });
    script.availability = "starting";
    const [first, second] = hand("a b", { untilMs: 3_000, deadlineMs: 2_000 });
    await clock.pass(400);
    script.restart(delivery);
    expect([first?.state, second?.state]).toEqual(["sent", "queued"]);
    script.answer(script.open[0]);
    await clock.pass(100);
    expect(second?.state).toBe("sent");
    const [third] = hand("c", { untilMs: 3_000 });
    await clock.pass(2_000);
    expect([second?.end, third?.state]).toEqual(["timeout", "sent"]);
  });

  it("counts as busy when it then waits for a slot until the chain's time is over", async () => {
    const { clock, script, delivery, hand } = deliveryKit({ protocol: 1 });
    script.availability = "starting";
    const [first, second] = [...hand("a", { deadlineMs: 9_000 }), ...hand("b", { untilMs: 3_000 })];
    await clock.pass(400);
    script.restart(delivery);
    await clock.pass(2_599);
    expect(ends([first, second] as TestEvent[])).toEqual(["open", "open"]);
    await clock.pass(1);
    expect(second?.result).toEqual({ answered: false, reason: "busy", queueMs: 3_000, runMs: 0 });
  });

  it("keeps its place behind what is queued already", () => {
    const { script, delivery, hand } = deliveryKit({ protocol: 1 });
    const [sent, queued] = hand("a b");
    script.availability = "restarting";
    const [waiting] = hand("c");
    expect([sent?.state, queued?.state, waiting?.state]).toEqual(["sent", "queued", "waiting"]);
    script.restart(delivery);
    expect([queued?.state, waiting?.state]).toEqual(["queued", "queued"]);
    script.answer(script.open[0]);
    expect([queued?.state, waiting?.state]).toEqual(["sent", "queued"]);
  });

  it("waits anew when one more process ends before it was sent", async () => {
    const { clock, script, delivery, hand } = deliveryKit();
    script.availability = "starting";
    const [event] = hand("a", unlimited);
    await clock.pass(600);
    script.availability = "restarting";
    delivery.exited(true);
    await clock.pass(999);
    expect(event?.end).toBe("open");
    await clock.pass(1);
    expect(event?.result).toMatchObject({ reason: "restarting", queueMs: 1_600 });
  });

  it.each([
    ["failed", "failed", "no such program"],
    ["quarantined", "quarantined", "no such program"],
    ["stopped", "stopped", undefined],
  ] as const)("that is %s ends at once as %s, with the reason %s", (availability, reason, detail) => {
    const { script, delivery, hand } = deliveryKit();
    script.availability = availability;
    script.reason = "no such program";
    const [event] = hand("a");
    expect(event?.result).toEqual({
      answered: false,
      reason,
      ...(detail === undefined ? {} : { detail }),
      queueMs: 0,
      runMs: 0,
    });
    expect([event?.isPlaced, delivery.idle, script.woken]).toEqual([true, true, 0]);
  });
});

describe("a change of the extension", () => {
  it("wakes nobody while nothing waits", () => {
    const { script, delivery, hand } = deliveryKit();
    for (const availability of ["starting", "restarting"] as const) {
      script.availability = availability;
      delivery.changed();
      expect(script.woken).toBe(0);
    }
    hand("a");
    script.woken = 0;
    delivery.changed();
    expect(script.woken).toBe(1);
    script.availability = "starting";
    delivery.changed();
    expect(script.woken).toBe(2);
  });
});

describe("a request that waits for a slot", () => {
  it("is not overtaken by one that comes when a slot is free", () => {
    const { script, delivery, hand } = deliveryKit({ protocol: 1 });
    script.asking = true;
    void delivery.call(call);
    const [first] = hand("a");
    script.asking = false;
    const [second] = hand("b");
    expect([first?.state, second?.state]).toEqual(["queued", "queued"]);
    delivery.changed();
    expect([first?.state, second?.state]).toEqual(["sent", "queued"]);
  });

  it("is overtaken by one of another lane that has a slot", async () => {
    const { script, delivery, hand } = deliveryKit({ protocol: 1 });
    const [, queued] = hand("a b");
    void delivery.call(call);
    expect([queued?.state, script.open.map(({ method }) => method)]).toEqual([
      "queued",
      ["hook.handle", "tool.call"],
    ]);
  });

  it("waits for its deadline when it is a call, which runs from its coming", async () => {
    const { clock, delivery } = deliveryKit({ protocol: 1 });
    await clock.pass(5_000);
    void delivery.call({ ...call, deadlineMs: 50_000 });
    let ended: unknown;
    void delivery.call(call).then((result) => (ended = result));
    await clock.pass(999);
    expect(ended).toBeUndefined();
    await clock.pass(1);
    expect(ended).toEqual({ type: "none", reason: "busy", queueMs: 1_000, runMs: 0 });
  });

  it("waits without end when it is an observed event", async () => {
    const { clock, script, hand } = deliveryKit({ protocol: 1 });
    hand("a", { deadlineMs: 900_000, ...unlimited });
    const [event] = hand("b", observed);
    await clock.pass(800_000);
    expect(event?.state).toBe("queued");
    script.answer(script.open[0]);
    expect(event?.state).toBe("sent");
  });
});

describe("requests that end as soon as they are sent", () => {
  it("end in order, however many wait", () => {
    const { script, delivery, hand } = deliveryKit({ protocol: 1 });
    const order: number[] = [];
    const [first, ...rest] = hand(Array.from({ length: 8_000 }, (_, n) => `e${n}`).join(" "));
    for (const [n, event] of rest.entries()) event.onEnd = () => order.push(n);
    script.refusal = { type: "not_sent", reason: "too_large" };
    script.answer(script.open[0]);
    expect([first?.end, new Set(ends(rest))]).toEqual(["voted", new Set(["too_large"])]);
    expect(order).toEqual(rest.map((_, n) => n));
    expect([delivery.idle, script.posted.length]).toEqual([true, 1]);
  });
});

describe("a request that is sent", () => {
  it("is told the time that is left for it, and how often it was sent", async () => {
    const { clock, script, delivery, hand } = deliveryKit({ protocol: 1 });
    script.sendsMeta = true;
    await clock.pass(5_000);
    hand("a", { untilMs: 5_700, deadlineMs: 1_000 });
    const meta = (n: number): unknown =>
      (JSON.parse(String(script.posted[n]?.params)) as { meta: object }).meta;
    expect(meta(0)).toMatchObject({ deadline_ms: 700, attempt: 1 });
    await clock.pass(200);
    script.exit(delivery, "restarting");
    script.restart(delivery);
    expect(meta(1)).toMatchObject({ deadline_ms: 500, attempt: 2 });
    script.answer(script.open[0]);
    hand("b", { deadlineMs: 1_000 });
    expect(meta(2)).toMatchObject({ deadline_ms: 1_000, attempt: 1 });
  });

  it("is told nothing where the process does not ask for that", () => {
    const { script, hand } = deliveryKit();
    const [event] = hand("a");
    expect(script.posted[0]?.params).toBe(event?.event.text);
  });
});
