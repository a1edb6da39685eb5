import { describe, expect, it } from "vitest";
import { MOVES, type RequestState } from "../../../packages/host/src/delivery/request.js";
import { deliveryKit, ends, TestEvent } from "../../helpers/scripted-process.js";

describe("a request", () => {
  it("makes legal moves only", () => {
    const states = Object.keys(MOVES) as RequestState[];
    expect(Object.entries(MOVES).map(([from, to]) => `${from}: ${to.join(" ")}`)).toEqual([
      "waiting: queued sent done",
      "queued: waiting sent done",
      "sent: waiting done",
      "done: ",
    ]);
    const request = new TestEvent("x");
    for (const to of ["queued", "sent", "waiting", "done"] as const) request.move(to);
    for (const to of states) expect(() => request.move(to)).toThrow("illegal move");
  });

  it("is sent at once to a live process with a free slot, and ends with the answer", () => {
    const { clock, script, hand } = deliveryKit();
    const [event] = hand("a");
    expect([event?.state, event?.end, script.open.length]).toEqual(["sent", "open", 1]);
    void clock.jump(5);
    script.answer(script.open[0], { action: "block", reason: "no" });
    expect(event?.result).toEqual({
      answered: true,
      result: { action: "block", reason: "no" },
      queueMs: 0,
      runMs: 5,
    });
  });

  it("that an extension refuses with an error ends with its text and counts for no breaker", () => {
    const { script, delivery, hand } = deliveryKit();
    for (let n = 0; n < 5; n += 1) {
      const [event] = hand("a");
      script.reply(script.open[0], { type: "error", code: -1, message: "nope" });
      expect(event?.result).toMatchObject({ reason: "error", detail: "error -1: nope" });
    }
    expect(delivery.status().openBreakers).toEqual([]);
  });

  it.each([
    [{ type: "not_sent", reason: "full" }, "overloaded"],
    [{ type: "not_sent", reason: "too_large" }, "too_large"],
    [{ type: "unreadable", reason: "invalid", detail: "what came" }, "invalid"],
    [{ type: "unreadable", reason: "too_large", detail: "what came" }, "too_large"],
    [{ type: "cancelled" }, "stopped"],
  ] as const)("ends after %j as %s", (reply, reason) => {
    const { script, hand } = deliveryKit();
    script.refusal = reply;
    expect(ends(hand("a"))).toEqual([reason]);
  });
});

describe("gates beyond the slots", () => {
  it("wait first in, first out, and get their votes in order", () => {
    const { script, hand } = deliveryKit({ protocol: 1 });
    const order: string[] = [];
    script.onPost = () => {};
    const events = hand(Array.from({ length: 3_000 }, (_, n) => `e${n}`).join(" "));
    for (const event of events) event.onEnd = () => order.push(String(event.source.input));
    while (script.open.length > 0) script.answer(script.open[0]);
    expect(order).toEqual(events.map(({ source }) => source.input));
    expect(new Set(ends(events))).toEqual(new Set(["voted"]));
  });

  it("wait until the chain's time ends, then abstain as busy, which counts against nobody", async () => {
    const { clock, script, delivery, hand } = deliveryKit({ protocol: 1 });
    hand("slow", { deadlineMs: 60_000, untilMs: 60_000 });
    const waiting = hand("a b c d e", { untilMs: 3_000 });
    await clock.pass(2_999);
    expect(new Set(ends(waiting))).toEqual(new Set(["open"]));
    await clock.pass(1);
    expect(ends(waiting)).toEqual(["busy", "busy", "busy", "busy", "busy"]);
    expect([delivery.status().openBreakers, script.takenDown]).toEqual([[], []]);
  });

  it("are turned away beyond the bound of their number, and beyond that of their text", () => {
    const { hand } = deliveryKit({ protocol: 1, limits: { gateQueue: 2 } });
    expect(ends(hand("a b c d"))).toEqual(["open", "open", "open", "overloaded"]);
    const large = deliveryKit({ protocol: 1 });
    expect(ends(large.hand("a b c d", { size: 30 * 1024 * 1024 }))).toEqual([
      "open",
      "open",
      "open",
      "overloaded",
    ]);
  });

  it("get the whole deadline for their answer, however long they waited", async () => {
    const { clock, script, hand } = deliveryKit({ protocol: 1 });
    hand("first", { deadlineMs: 5_000 });
    const [second] = hand("second");
    await clock.pass(4_000);
    script.answer(script.open[0]);
    await clock.pass(999);
    expect(second?.end).toBe("open");
    await clock.pass(1);
    expect(second?.result).toMatchObject({ reason: "timeout", queueMs: 4_000, runMs: 1_000 });
  });
});

describe("an extension without a live process", () => {
  it("is woken, and gets what waited, in order", () => {
    const { script, delivery, hand } = deliveryKit({ protocol: 1 });
    script.availability = "starting";
    const events = hand("a b c");
    expect([script.woken > 0, script.posted.length]).toEqual([true, 0]);
    script.restart(delivery);
    while (script.open.length > 0) script.answer(script.open[0]);
    expect(ends(events)).toEqual(["voted", "voted", "voted"]);
  });

  it.each([
    ["starting", "starting"],
    ["restarting", "restarting"],
  ] as const)("that is %s keeps a gate for its deadline", async (availability, reason) => {
    const { clock, script, hand } = deliveryKit();
    script.availability = availability;
    const [own, cut] = [...hand("a"), ...hand("b", { untilMs: 500 })];
    await clock.pass(500);
    expect([own?.end, cut?.end]).toEqual(["open", "budget"]);
    await clock.pass(500);
    expect(own?.end).toBe(reason);
  });

  it.each(["failed", "quarantined", "stopped"] as const)(
    "that is %s ends a request at once",
    (availability) => {
      const { script, hand } = deliveryKit();
      script.availability = availability;
      expect(ends(hand("a"))).toEqual([availability]);
    },
  );

  it("that fails ends everything that waited, with the reason", () => {
    const { script, delivery, hand } = deliveryKit();
    script.availability = "starting";
    const [event] = hand("a");
    script.availability = "failed";
    script.reason = "no such program";
    delivery.changed();
    expect(event?.result).toMatchObject({ reason: "failed", detail: "no such program" });
  });
});

describe("a crash", () => {
  it("sends a gate once more, before all that waited, and not a second time", () => {
    const { script, delivery, hand } = deliveryKit({ protocol: 1 });
    const [first, second] = hand("first second");
    script.exit(delivery, "restarting");
    script.restart(delivery);
    expect([first?.attempt, second?.attempt]).toEqual([2, 0]);
    script.exit(delivery, "restarting");
    expect([first?.end, second?.end]).toEqual(["crash", "open"]);
  });

  it("ends what may have had effects, with the reason", () => {
    const { script, delivery, hand } = deliveryKit();
    const [event] = hand("a", { repeatable: false });
    script.exit(delivery, "restarting");
    expect(event?.result).toMatchObject({ reason: "crash", detail: "it ended" });
  });

  it("frees the slots of all that was with the process", () => {
    const { script, delivery, hand } = deliveryKit({ protocol: 1 });
    hand("a", { repeatable: false });
    const [next] = hand("b");
    script.exit(delivery, "restarting");
    script.restart(delivery);
    script.answer(script.open[0]);
    expect(next?.end).toBe("voted");
  });

  it("keeps an event from the process after the second crash over it", () => {
    const { script, delivery, hand } = deliveryKit();
    for (let n = 0; n < 2; n += 1) {
      hand("deadly", { repeatable: false });
      script.exit(delivery, "restarting");
      script.restart(delivery);
    }
    expect(ends(hand("deadly"))).toEqual(["poison"]);
    expect(delivery.status().poisoned).toMatchObject([
      { kind: "before_tool_call", tool: "bash", crashes: 2 },
    ]);
    delivery.forgive();
    expect(ends(hand("deadly"))).toEqual(["open"]);
  });

  it("makes suspects go one at a time, so that the next crash has one cause", () => {
    const { script, delivery, hand } = deliveryKit();
    const events = hand("a b c");
    script.exit(delivery, "restarting");
    script.restart(delivery);
    expect(script.open.length).toBe(1);
    script.answer(script.open[0]);
    expect([ends(events), script.open.length]).toEqual([["voted", "open", "open"], 1]);
  });

  it("does not suspect an event when the host ended the process", () => {
    const { script, delivery, hand } = deliveryKit();
    for (let n = 0; n < 3; n += 1) {
      hand("a", { repeatable: false });
      script.exit(delivery, "restarting", false);
      script.restart(delivery);
    }
    expect(ends(hand("a"))).toEqual(["open"]);
  });

  it("that closed the pipe first leaves requests to their deadline or to the end of the process", async () => {
    const { clock, script, delivery, hand } = deliveryKit({ protocol: 1 });
    script.refusal = { type: "closed" };
    const [event] = hand("a");
    await clock.pass(999);
    expect(event?.end).toBe("open");
    await clock.pass(1);
    expect(event?.result).toMatchObject({ reason: "timeout", detail: "it closed its standard input" });
    const [other] = hand("b", { repeatable: false });
    script.refusal = undefined;
    script.exit(delivery, "restarting");
    expect(other?.end).toBe("crash");
  });
});

describe("deadlines that pass", () => {
  const timeOut = async (kit: ReturnType<typeof deliveryKit>, times: number, subscription?: string) => {
    for (let n = 0; n < times; n += 1) {
      kit.hand("a", {
        ...(subscription === undefined ? {} : { subscription }),
        untilMs: Number.POSITIVE_INFINITY,
      });
      await kit.clock.pass(1_000);
    }
  };

  it("open the breaker of their subscription and of no other", async () => {
    const kit = deliveryKit();
    kit.script.pinged = true;
    await timeOut(kit, 3, "slow");
    expect(kit.delivery.status().openBreakers).toEqual(["slow"]);
    expect([
      ends(kit.hand("a", { subscription: "slow" })),
      ends(kit.hand("a", { subscription: "other" })),
    ]).toEqual([["breaker"], ["open"]]);
  });

  it("let one probe through later, whose verdict closes the breaker again", async () => {
    const kit = deliveryKit();
    kit.script.pinged = true;
    await timeOut(kit, 3);
    await kit.clock.pass(30_000);
    const [probe, beside] = kit.hand("a b", { untilMs: Number.POSITIVE_INFINITY });
    expect([probe?.end, beside?.end]).toEqual(["open", "breaker"]);
    kit.script.answer(kit.script.open[0]);
    expect(kit.delivery.status().openBreakers).toEqual([]);
  });

  it("of the host's own lag count for nobody", async () => {
    const kit = deliveryKit();
    for (let n = 0; n < 5; n += 1) {
      const [event] = kit.hand("a");
      kit.script.reply(kit.script.open[0], { type: "timeout", lagged: true });
      expect(event?.end).toBe("timeout");
    }
    expect([kit.delivery.status().openBreakers, kit.script.takenDown]).toEqual([[], []]);
  });

  it("three in a row without a byte take down a process that cannot be pinged", async () => {
    const kit = deliveryKit();
    await timeOut(kit, 2, "a");
    kit.script.heardMs = kit.clock.now();
    await timeOut(kit, 2, "b");
    expect(kit.script.takenDown).toEqual([]);
    await timeOut(kit, 1, "c");
    expect(kit.script.takenDown).toEqual(["hung: several deadlines passed without a byte from it"]);
  });

  it("count beside the chain's end only after half of the deadline", async () => {
    for (const [untilMs, open] of [
      [499, []],
      [500, ["before_tool_call#1"]],
    ] as const) {
      const kit = deliveryKit();
      kit.script.pinged = true;
      for (let n = 0; n < 3; n += 1) {
        const [event] = kit.hand("a", { untilMs: kit.clock.now() + untilMs });
        await kit.clock.pass(untilMs);
        expect(event?.end).toBe("budget");
      }
      expect(kit.delivery.status().openBreakers).toEqual(open);
    }
  });

  it("beside a call that a serial process works on are `busy` and count for nothing", async () => {
    const kit = deliveryKit({ protocol: 1 });
    void kit.delivery.call({ method: "tool.call", params: null, deadlineMs: 60_000 });
    for (let n = 0; n < 4; n += 1) {
      const [event] = kit.hand("a", { untilMs: Number.POSITIVE_INFINITY });
      await kit.clock.pass(1_000);
      expect(event?.end).toBe("busy");
    }
    expect([kit.delivery.status().openBreakers, kit.script.takenDown]).toEqual([[], []]);
  });
});

describe("a call", () => {
  const call = { method: "tool.call", params: null, deadlineMs: 1_000 };

  it("that is given up ends at once, in the queue and at the process", async () => {
    const { script, delivery } = deliveryKit({ protocol: 1 });
    const [sent, queued] = [new AbortController(), new AbortController()];
    const first = delivery.call({ ...call, signal: sent.signal });
    const second = delivery.call({ ...call, signal: queued.signal });
    queued.abort();
    sent.abort();
    expect([(await first).type, (await second).type, script.open.length]).toEqual([
      "cancelled",
      "cancelled",
      0,
    ]);
    const aborted = await delivery.call({ ...call, signal: AbortSignal.abort() });
    expect(aborted.type).toBe("cancelled");
  });

  it("frees its slot at its deadline", async () => {
    const { clock, script, delivery } = deliveryKit({ protocol: 1 });
    const first = delivery.call(call);
    const second = delivery.call({ ...call, deadlineMs: 5_000 });
    await clock.pass(1_000);
    expect((await first).type).toBe("none");
    script.answer(script.open[0], 7);
    expect(await second).toMatchObject({ type: "reply", reply: { type: "result", result: 7 } });
  });

  it("whose time is for everything together has what the queue left", async () => {
    const { clock, script, delivery } = deliveryKit({ protocol: 1 });
    void delivery.call(call);
    const whole = delivery.call({ ...call, deadlineMs: 1_500, whole: true });
    await clock.pass(1_000);
    expect(script.open.length).toBe(1);
    await clock.pass(500);
    expect(await whole).toMatchObject({ type: "none", reason: "timeout" });
  });

  it("is sent again after a crash only when it says that this does no harm", async () => {
    const { script, delivery } = deliveryKit();
    const [harmless, other] = [delivery.call({ ...call, idempotent: true }), delivery.call(call)];
    script.exit(delivery, "restarting");
    expect(await other).toMatchObject({ type: "none", reason: "crash" });
    script.restart(delivery);
    script.answer(script.open[0], 1);
    expect((await harmless).type).toBe("reply");
  });

  it("keeps an error of the extension whole", async () => {
    const { script, delivery } = deliveryKit();
    const failing = delivery.call(call);
    script.reply(script.open[0], { type: "error", code: 5, message: "m", data: { d: 1 } });
    expect(await failing).toMatchObject({ reply: { type: "error", code: 5, message: "m", data: { d: 1 } } });
  });

  it("waits while a serial process waits for an answer of the host, and goes then", () => {
    const { script, delivery, hand } = deliveryKit({ protocol: 1 });
    void delivery.call(call);
    script.asking = true;
    const [gate] = hand("a");
    expect(gate?.state).toBe("queued");
    script.asking = false;
    delivery.changed();
    expect(gate?.state).toBe("sent");
  });
});

describe("observed events in a full queue", () => {
  const kit = (overflow: "drop_newest" | "drop_oldest" | "block" | "disconnect") => {
    const made = deliveryKit({ wanted: 1, limits: { observeQueue: 2 } });
    const hand = (inputs: string): TestEvent[] =>
      made.hand(inputs, { lane: "observe", overflow, repeatable: false, deadlineMs: 9_000 });
    return { ...made, events: hand("sent a b c") };
  };

  it("are dropped, the newest or the oldest", () => {
    expect(ends(kit("drop_newest").events)).toEqual(["open", "open", "open", "overloaded"]);
    expect(ends(kit("drop_oldest").events)).toEqual(["open", "overloaded", "open", "open"]);
  });

  it("take the process down where the kind says so", () => {
    const { events, script } = kit("disconnect");
    expect([ends(events).at(-1), script.takenDown.length]).toEqual(["overloaded", 1]);
  });

  it("wait for a place, up to their time", async () => {
    const first = kit("block");
    expect(first.events.map(({ isPlaced }) => isPlaced)).toEqual([true, true, true, false]);
    first.script.answer(first.script.open[0]);
    expect(first.events.at(-1)?.isPlaced).toBe(true);
    const second = kit("block");
    await second.clock.pass(1_000);
    expect(ends(second.events).at(-1)).toBe("overloaded");
    expect(second.events.at(-1)?.isPlaced).toBe(true);
  });
});

describe("batches", () => {
  const batched = () => {
    const kit = deliveryKit();
    kit.script.takesBatches = true;
    return {
      ...kit,
      observe: (inputs: string, subscription?: string) =>
        kit.hand(inputs, { lane: "observe", repeatable: false, ...(subscription ? { subscription } : {}) }),
    };
  };

  it("carry all events of one turn, and count as in flight", async () => {
    const { clock, script, delivery, observe } = batched();
    const events = observe("a b c");
    await clock.pass(0);
    expect([script.open.map(({ method }) => method), delivery.inFlight]).toEqual([["hook.batch"], 3]);
    script.answer(script.open[0], {
      results: [null, { error: { code: 1, message: "no" } }, { action: "x" }],
    });
    expect(ends(events)).toEqual(["voted", "error", "voted"]);
    expect(delivery.idle).toBe(true);
  });

  it.each([
    null,
    5,
    {},
    { results: 5 },
    { results: [] },
    { results: [{ error: { code: {}, message: {} } }] },
  ])("survive the answer %j", async (answer) => {
    const { clock, script, observe } = batched();
    const [event] = observe("a");
    await clock.pass(0);
    script.answer(script.open[0], answer);
    expect(["voted", "error", "invalid"]).toContain(event?.end);
  });

  it("that time out count once for each subscription in them, and a probe in a batch ends", async () => {
    const { clock, script, delivery, observe } = batched();
    script.pinged = true;
    for (let n = 0; n < 3; n += 1) {
      observe("a b", "one");
      observe("c", "two");
      await clock.pass(12_000);
    }
    expect(delivery.status().openBreakers).toEqual(["one", "two"]);
    await clock.pass(30_000);
    const probes = [...observe("a", "one"), ...observe("b", "two")];
    await clock.pass(0);
    script.answer(script.open[0], null);
    expect([ends(probes), delivery.status().openBreakers]).toEqual([["voted", "voted"], []]);
  });

  it("that were with a crashed process end, and what waited goes to the next process", async () => {
    const { clock, script, delivery, observe } = batched();
    const sent = observe("a");
    await clock.pass(0);
    const waiting = observe("b");
    script.exit(delivery, "restarting");
    expect([ends(sent), ends(waiting)]).toEqual([["crash"], ["open"]]);
    script.restart(delivery);
    await clock.pass(0);
    script.answer(script.open[0], null);
    expect(ends(waiting)).toEqual(["voted"]);
  });

  it("carry a suspect alone", async () => {
    const { clock, script, delivery, observe } = batched();
    observe("bad good");
    await clock.pass(0);
    script.exit(delivery, "restarting");
    const events = observe("good bad fine");
    script.restart(delivery);
    await clock.pass(0);
    expect(delivery.inFlight).toBe(1);
    for (let n = 0; n < 3 && script.open.length > 0; n += 1) {
      script.answer(script.open[0], null);
      await clock.pass(0);
    }
    expect(ends(events)).toEqual(["voted", "voted", "voted"]);
  });
});

describe("a stop", () => {
  it("lets what waits and runs finish, up to its time", async () => {
    const { clock, script, delivery, hand } = deliveryKit({ protocol: 1 });
    const events = hand("a b");
    const drained = delivery.drain(5_000);
    expect(ends(hand("late"))).toEqual(["stopped"]);
    script.answer(script.open[0]);
    script.answer(script.open[0]);
    await drained;
    expect([ends(events), clock.armed]).toEqual([["voted", "voted"], expect.any(Number)]);
  });

  it("turns away what is left, and ends what is with the process when that is gone", async () => {
    const { clock, delivery, hand } = deliveryKit({ protocol: 1 });
    const events = hand("a b", { deadlineMs: 60_000, untilMs: 60_000 });
    const drained = delivery.drain(5_000);
    await clock.pass(5_000);
    await drained;
    expect(ends(events)).toEqual(["open", "stopped"]);
    delivery.close();
    expect(ends(events)).toEqual(["stopped", "stopped"]);
  });
});

describe("a successor", () => {
  it("gets what was not sent, in order, before all that comes later, once its observers are done", async () => {
    const clock = deliveryKit().clock;
    const [old, next] = [deliveryKit({ wanted: 1, clock }), deliveryKit({ wanted: 1, clock })];
    const order: string[] = [];
    const watch = (events: TestEvent[]): TestEvent[] => {
      for (const event of events) event.onEnd = () => order.push(String(event.source.input));
      return events;
    };
    const options = { lane: "observe", repeatable: false } as const;
    watch(old.hand("a b c", options));
    old.delivery.handOver(next.delivery);
    // Whoever still holds the old one reaches the new one.
    watch(old.hand("d", options));
    watch(next.hand("e", options));
    expect(next.script.posted.length).toBe(0);
    old.script.answer(old.script.open[0]);
    while (next.script.open.length > 0) next.script.answer(next.script.open[0]);
    expect(order).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("gets a gate back that the old process could not answer any more", () => {
    const [old, next] = [deliveryKit(), deliveryKit()];
    const [gate] = old.hand("a");
    old.delivery.handOver(next.delivery);
    old.delivery.close();
    next.script.answer(next.script.open[0]);
    expect(gate?.end).toBe("voted");
  });

  it("also finds a call that is given up", async () => {
    const [old, next] = [deliveryKit({ protocol: 1 }), deliveryKit({ protocol: 1 })];
    const over = new AbortController();
    void old.delivery.call({ method: "tool.call", params: null, deadlineMs: 1_000 });
    const waiting = old.delivery.call({
      method: "tool.call",
      params: null,
      deadlineMs: 1_000,
      signal: over.signal,
    });
    old.delivery.handOver(next.delivery);
    over.abort();
    expect((await waiting).type).toBe("cancelled");
  });
});
