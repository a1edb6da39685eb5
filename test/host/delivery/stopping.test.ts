import { describe, expect, it } from "vitest";
import { deliveryKit, ends } from "../../helpers/scripted-process.js";

const call = { method: "tool.call", params: null, deadlineMs: 1_000 };
const observed = { lane: "observe", repeatable: false } as const;
const unlimited = { untilMs: Number.POSITIVE_INFINITY };

/** True once the promise is fulfilled. */
function watch(promise: Promise<unknown>): { isDone: boolean } {
  const state = { isDone: false };
  void promise.then(() => (state.isDone = true));
  return state;
}

describe("a drain", () => {
  it("is over at once when there is nothing to wait for", async () => {
    const { clock, delivery } = deliveryKit();
    await delivery.drain(5_000);
    expect(clock.armed).toBe(0);
  });

  it.each([
    ["an answer", { type: "result", result: null }],
    ["an error", { type: "error", code: 1, message: "no" }],
  ] as const)("is over with %s to the last request", async (_, reply) => {
    const { clock, script, delivery, hand } = deliveryKit();
    hand("a b");
    const drain = watch(delivery.drain(5_000));
    script.reply(script.open[0], reply);
    await clock.pass(0);
    expect(drain.isDone).toBe(false);
    script.reply(script.open[0], reply);
    await clock.pass(0);
    expect(drain.isDone).toBe(true);
  });

  it("is over with the end of the process", async () => {
    const { clock, script, delivery, hand } = deliveryKit();
    hand("a", { repeatable: false });
    const drain = watch(delivery.drain(5_000));
    script.exit(delivery, "stopped");
    await clock.pass(0);
    expect(drain.isDone).toBe(true);
  });

  it("is over when the last call is given up, in the queue and at the process", async () => {
    const { clock, delivery } = deliveryKit({ protocol: 1 });
    const [sent, queued] = [new AbortController(), new AbortController()];
    void delivery.call({ ...call, signal: sent.signal });
    void delivery.call({ ...call, signal: queued.signal });
    const drain = watch(delivery.drain(5_000));
    sent.abort();
    await clock.pass(0);
    expect(drain.isDone).toBe(false);
    queued.abort();
    await clock.pass(0);
    expect(drain.isDone).toBe(true);
  });

  it("is over when the last wait was in vain", async () => {
    const { clock, script, delivery, hand } = deliveryKit();
    script.availability = "starting";
    hand("a", { ...unlimited, deadlineMs: 1_000 });
    const drain = watch(delivery.drain(5_000));
    await clock.pass(999);
    expect(drain.isDone).toBe(false);
    await clock.pass(1);
    expect(drain.isDone).toBe(true);
  });

  it("turns away what comes, without the reason of the last process", () => {
    const { script, delivery, hand } = deliveryKit();
    script.reason = "it ended once before";
    hand("a");
    void delivery.drain(5_000);
    const [late] = hand("b");
    expect(late?.result).toEqual({ answered: false, reason: "stopped", queueMs: 0, runMs: 0 });
    expect([late?.isPlaced, script.posted.length]).toEqual([true, 1]);
  });

  it("turns away at its end what still waits, and what had no place", async () => {
    const { clock, delivery, hand } = deliveryKit({ wanted: 1, limits: { observeQueue: 1 } });
    await clock.pass(100);
    const events = hand("a b c", { ...observed, overflow: "block", deadlineMs: 90_000 });
    const drained = delivery.drain(500);
    await clock.pass(500);
    await drained;
    expect(events.map(({ end, isPlaced }) => [end, isPlaced])).toEqual([
      ["open", true],
      ["stopped", true],
      ["stopped", true],
    ]);
    expect(events[1]?.result).toEqual({ answered: false, reason: "stopped", queueMs: 500, runMs: 0 });
    expect(delivery.inFlight).toBe(1);
  });
});

describe("a delivery that is closed", () => {
  it("ends all that is with the process and all that waits, and takes nothing more", () => {
    const { script, delivery, hand } = deliveryKit({ protocol: 1 });
    script.reason = "it was told to";
    const [sent, queued] = hand("a b");
    delivery.close();
    const times = { queueMs: 0, runMs: 0 };
    expect([sent?.result, queued?.result]).toEqual([
      { answered: false, reason: "stopped", detail: "it was told to", ...times },
      { answered: false, reason: "stopped", ...times },
    ]);
    expect([ends(hand("c")), delivery.idle]).toEqual([["stopped"], true]);
  });

  it("lets a drain end", async () => {
    const { clock, delivery, hand } = deliveryKit();
    hand("a");
    const drain = watch(delivery.drain(5_000));
    delivery.close();
    await clock.pass(0);
    expect(drain.isDone).toBe(true);
  });

  it("passes over replies that come behind", () => {
    const { script, delivery, hand } = deliveryKit();
    const [event] = hand("a");
    const [posted] = script.open;
    delivery.close();
    script.answer(posted);
    expect([event?.end, delivery.inFlight]).toEqual(["stopped", 0]);
  });
});

describe("a connection that is closed before the process has ended", () => {
  const closed = () => {
    const kit = deliveryKit();
    kit.script.refusal = { type: "closed" };
    const [short, long] = [
      ...kit.hand("a", { ...unlimited, deadlineMs: 400, subscription: "one" }),
      ...kit.hand("b", { ...unlimited, deadlineMs: 900, subscription: "two" }),
    ];
    kit.script.refusal = undefined;
    return { ...kit, short, long };
  };

  it("leaves each request to its own deadline, which counts", async () => {
    const { clock, delivery, short, long } = closed();
    const detail = "it closed its standard input";
    await clock.pass(400);
    expect(short?.result).toEqual({ answered: false, reason: "timeout", detail, queueMs: 0, runMs: 400 });
    expect([long?.end, delivery.inFlight]).toEqual(["open", 1]);
    await clock.pass(499);
    expect(long?.end).toBe("open");
    await clock.pass(1);
    expect(long?.result).toEqual({ answered: false, reason: "timeout", detail, queueMs: 0, runMs: 900 });
    expect(delivery.idle).toBe(true);
  });

  it("is one deadline in the row that makes a silent process hung, and counts for the breaker", async () => {
    const { clock, script, delivery, hand } = deliveryKit({ limits: { breakerTimeouts: 3 } });
    for (const taken of [0, 0, 1]) {
      script.refusal = { type: "closed" };
      hand("a", unlimited);
      await clock.pass(1_000);
      expect(script.takenDown).toHaveLength(taken);
    }
    expect(delivery.status().openBreakers).toEqual(["before_tool_call#1"]);
  });

  it("counts for nobody when the host itself lagged", async () => {
    const { clock, script, delivery, hand } = deliveryKit({
      limits: { breakerTimeouts: 1, hungDeadlines: 1 },
    });
    script.refusal = { type: "closed" };
    const [event] = hand("a", unlimited);
    await clock.jump(3_000);
    await clock.pass(3_000);
    expect(event?.end).toBe("timeout");
    expect([script.takenDown, delivery.status().openBreakers]).toEqual([[], []]);
  });

  it("leaves nothing of those requests when the process has ended", async () => {
    const { clock, script, delivery, hand, short, long } = closed();
    script.exit(delivery, "restarting");
    expect([short?.state, long?.state, delivery.inFlight]).toEqual(["waiting", "waiting", 0]);
    script.restart(delivery);
    script.answer(script.open[0]);
    script.answer(script.open[0]);
    expect([short?.end, long?.end]).toEqual(["voted", "voted"]);
    script.availability = "starting";
    const waiting = [...hand("c", { ...unlimited, deadlineMs: 500 }), ...hand("d", unlimited)];
    await clock.pass(500);
    expect(ends(waiting)).toEqual(["starting", "open"]);
    await clock.pass(500);
    expect(ends(waiting)).toEqual(["starting", "starting"]);
  });

  it("leaves nothing of those requests when the delivery is closed", async () => {
    const { clock, delivery, short, long } = closed();
    delivery.close();
    expect([short?.end, long?.end]).toEqual(["stopped", "stopped"]);
    expect(clock.armed).toBe(0);
    await clock.pass(2_000);
  });
});

describe("a full queue", () => {
  it("of observed events takes the process down where the kind says so, with the reason", () => {
    const { script, hand } = deliveryKit({ wanted: 1, limits: { observeQueue: 1 } });
    const events = hand("a b c", { ...observed, overflow: "disconnect" });
    expect([ends(events), script.takenDown]).toEqual([
      ["open", "open", "overloaded"],
      ["disconnected: the queue of its observed events was full"],
    ]);
    expect(events[2]?.result).toEqual({ answered: false, reason: "overloaded", queueMs: 0, runMs: 0 });
  });

  it.each(["drop_newest", "drop_oldest", "block"] as const)("takes no process down under %s", (overflow) => {
    const { script, hand } = deliveryKit({ wanted: 1, limits: { observeQueue: 1 } });
    hand("a b c d", { ...observed, overflow });
    expect(script.takenDown).toEqual([]);
  });

  it("of gates takes no process down, whatever the kind says", () => {
    const { script, hand } = deliveryKit({ protocol: 1, limits: { gateQueue: 0 } });
    expect(ends(hand("a b", { overflow: "disconnect" }))).toEqual(["open", "overloaded"]);
    expect(script.takenDown).toEqual([]);
  });

  it("lets an observed event wait for a place up to its time, which is told", async () => {
    const { clock, script, hand } = deliveryKit({
      wanted: 1,
      limits: { observeQueue: 1, overflowBlockMs: 300 },
    });
    await clock.pass(100);
    const events = hand("a b c", { ...observed, overflow: "block", deadlineMs: 9_000 });
    await clock.pass(299);
    expect(events[2]?.isPlaced).toBe(false);
    await clock.pass(1);
    expect(events[2]?.result).toEqual({ answered: false, reason: "overloaded", queueMs: 300, runMs: 0 });
    expect(events[2]?.isPlaced).toBe(true);
    script.answer(script.open[0]);
    expect(events[1]?.state).toBe("sent");
  });
});
