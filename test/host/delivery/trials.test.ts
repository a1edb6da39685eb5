import { describe, expect, it } from "vitest";
import { deliveryKit, ends, type Kit, type TestEvent } from "../../helpers/scripted-process.js";

const unlimited = { untilMs: Number.POSITIVE_INFINITY };
const once = { repeatable: false } as const;

/** The inputs of what is with the process. */
function withProcess({ script }: Kit): unknown[] {
  return script.open.map(({ waiting }) => (waiting as TestEvent).source.input);
}

/** The process ends, and another one takes its place. */
function crash({ script, delivery }: Kit, byItself = true): void {
  script.exit(delivery, "restarting", byItself);
  script.restart(delivery);
}

describe("a gate that was with a process that crashed", () => {
  it("has its time from the first sending, for both sendings together", async () => {
    const kit = deliveryKit();
    await kit.clock.pass(5_000);
    const [event] = kit.hand("a", unlimited);
    await kit.clock.pass(300);
    kit.script.exit(kit.delivery, "restarting");
    await kit.clock.pass(300);
    kit.script.restart(kit.delivery);
    expect([event?.state, event?.attempt]).toEqual(["sent", 2]);
    await kit.clock.pass(399);
    expect(event?.end).toBe("open");
    await kit.clock.pass(1);
    expect(event?.result).toEqual({ answered: false, reason: "timeout", queueMs: 0, runMs: 1_000 });
  });

  it("ends when no other process comes in that time", async () => {
    const kit = deliveryKit();
    await kit.clock.pass(5_000);
    const [event] = kit.hand("a", unlimited);
    await kit.clock.pass(300);
    kit.script.exit(kit.delivery, "restarting");
    await kit.clock.pass(699);
    expect(event?.state).toBe("waiting");
    await kit.clock.pass(1);
    expect(event?.result).toEqual({ answered: false, reason: "restarting", queueMs: 0, runMs: 1_000 });
  });

  it("goes before all that waited, in the order of the first sending", () => {
    const kit = deliveryKit({ wanted: 2 });
    const events = kit.hand("a b c d");
    crash(kit, false);
    expect(withProcess(kit).slice(2)).toEqual([]);
    expect(events.map(({ attempt }) => attempt)).toEqual([2, 2, 0, 0]);
  });

  it("goes alone among those under suspicion, while others go beside it", () => {
    const kit = deliveryKit();
    const [a, b] = kit.hand("a b");
    crash(kit);
    const [c] = kit.hand("c");
    expect([withProcess(kit), a?.lane, b?.lane, c?.lane]).toEqual([["a", "c"], "trial", "trial", "gate"]);
    kit.script.answer(kit.script.open[0]);
    expect(withProcess(kit)).toEqual(["c", "b"]);
  });

  it("goes before all others under suspicion that waited", () => {
    const kit = deliveryKit({ limits: { poisonCrashes: 3 } });
    kit.hand("a b", once);
    crash(kit);
    const [b, a] = kit.hand("b a");
    expect([b?.state, a?.state]).toEqual(["sent", "queued"]);
    crash(kit);
    expect(withProcess(kit)).toEqual(["b"]);
    kit.script.answer(kit.script.open[0]);
    expect(withProcess(kit)).toEqual(["a"]);
  });

  it("is under no suspicion when the host ended the process", () => {
    const kit = deliveryKit();
    const events = kit.hand("a b");
    crash(kit, false);
    expect(withProcess(kit)).toEqual(["a", "b"]);
    expect(events.map(({ lane }) => lane)).toEqual(["gate", "gate"]);
  });
});

describe("an event under suspicion", () => {
  it("that comes again is tried alone", () => {
    const kit = deliveryKit();
    kit.hand("a b", once);
    crash(kit);
    const [a, b, c] = kit.hand("a b c");
    expect([a?.lane, b?.lane, c?.lane]).toEqual(["trial", "trial", "gate"]);
    expect(withProcess(kit)).toEqual(["a", "c"]);
  });

  it.each([
    ["an answer", { type: "result", result: null }],
    ["an error", { type: "error", code: 1, message: "no" }],
  ] as const)("is cleared by %s: the process survived it", (_, reply) => {
    const kit = deliveryKit();
    kit.hand("a", once);
    crash(kit);
    kit.hand("a", once);
    kit.script.reply(kit.script.open[0], reply);
    const [again] = kit.hand("a");
    expect(again?.lane).toBe("gate");
  });

  it("is not cleared by a deadline that passed, nor by a refusal", async () => {
    const kit = deliveryKit();
    kit.hand("a", once);
    crash(kit);
    kit.hand("a", { ...once, ...unlimited });
    await kit.clock.pass(1_000);
    kit.script.refusal = { type: "not_sent", reason: "full" };
    kit.hand("a", once);
    kit.script.refusal = undefined;
    const [again] = kit.hand("a");
    expect(again?.lane).toBe("trial");
  });

  it.each([1, 3])(
    "that waits while the process has nothing else is tried at once (protocol %d)",
    (protocol) => {
      const kit = deliveryKit({ protocol, wanted: 1 });
      kit.hand("a", once);
      const [same, other] = kit.hand("a b");
      crash(kit);
      expect([same?.lane, other?.lane, withProcess(kit)]).toEqual(["trial", "gate", ["a"]]);
      kit.script.answer(kit.script.open[0]);
      expect(withProcess(kit)).toEqual(["b"]);
    },
  );

  it("goes when the trial of the same event brought nothing", async () => {
    const kit = deliveryKit({ protocol: 1 });
    const [first, same] = kit.hand("a a", { deadlineMs: 2_000, untilMs: 8_000 });
    await kit.clock.pass(500);
    crash(kit);
    expect([first?.attempt, same?.state]).toEqual([2, "queued"]);
    await kit.clock.pass(1_500);
    expect([first?.end, same?.state, same?.lane]).toEqual(["timeout", "sent", "trial"]);
  });

  it("waits for the trial that is under way, and is tried behind it", () => {
    const kit = deliveryKit({ wanted: 2 });
    kit.hand("a b", once);
    const [b, c, d] = kit.hand("b c d");
    crash(kit);
    const [a] = kit.hand("a");
    expect([b?.state, c?.state, d?.state, a?.state]).toEqual(["sent", "sent", "queued", "queued"]);
    kit.script.answer(kit.script.open[0]);
    expect([a?.lane, a?.state, d?.state]).toEqual(["trial", "sent", "queued"]);
  });

  it("stays in its lane when it is observed", () => {
    const kit = deliveryKit({ protocol: 1 });
    const observed = { lane: "observe", repeatable: true } as const;
    const [sent] = kit.hand("a", observed);
    crash(kit);
    expect([sent?.lane, sent?.attempt]).toEqual(["observe", 2]);
    kit.script.answer(kit.script.open[0]);
    kit.hand("b", observed);
    kit.script.exit(kit.delivery, "restarting");
    const [again] = kit.hand("b", observed);
    expect(again?.lane).toBe("observe");
  });
});

describe("an event that crashed two processes", () => {
  it("is refused at once, with its place told and nothing sent", () => {
    const kit = deliveryKit();
    for (let n = 0; n < 2; n += 1) {
      kit.hand("a", once);
      crash(kit);
    }
    const sent = kit.script.posted.length;
    const [event] = kit.hand("a");
    expect(event?.result).toEqual({ answered: false, reason: "poison", queueMs: 0, runMs: 0 });
    expect([event?.isPlaced, kit.script.posted.length, kit.delivery.idle]).toEqual([true, sent, true]);
  });

  it("ends where it waits, and what waits behind it goes", async () => {
    const kit = deliveryKit({ protocol: 1 });
    kit.hand("a", once);
    crash(kit);
    kit.hand("a", once);
    const waiting = kit.hand("a b a", unlimited);
    await kit.clock.pass(40);
    crash(kit);
    expect(ends(waiting)).toEqual(["poison", "open", "poison"]);
    kit.script.answer(kit.script.open[0]);
    expect(ends(waiting)).toEqual(["poison", "voted", "poison"]);
    expect(waiting[2]?.result).toEqual({ answered: false, reason: "poison", queueMs: 40, runMs: 0 });
    expect(kit.delivery.idle).toBe(true);
  });
});

describe("breakers", () => {
  const slow = async (kit: Kit, times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      kit.hand("a", unlimited);
      await kit.clock.pass(1_000);
    }
  };

  it("refuse an event at once, with its place told and nothing sent", async () => {
    const kit = deliveryKit();
    kit.script.pinged = true;
    await slow(kit, 3);
    const [event] = kit.hand("b");
    expect(event?.result).toEqual({
      answered: false,
      reason: "breaker",
      detail: "3 missed deadlines in a row",
      queueMs: 0,
      runMs: 0,
    });
    expect([event?.isPlaced, kit.script.open, kit.delivery.idle]).toEqual([true, [], true]);
  });

  it("hear that a probe found no place: the next event is the probe", async () => {
    const kit = deliveryKit({ protocol: 1, limits: { gateQueue: 0 } });
    kit.script.pinged = true;
    await slow(kit, 3);
    await kit.clock.pass(30_000);
    void kit.hand("x", { ...unlimited, subscription: "other", deadlineMs: 50_000 });
    const [probe] = kit.hand("a", unlimited);
    expect(probe?.end).toBe("overloaded");
    kit.script.answer(kit.script.open[0]);
    expect(ends(kit.hand("a", unlimited))).toEqual(["open"]);
  });

  it("that open refuse what waits, and send none of it", async () => {
    const kit = deliveryKit({ protocol: 1, limits: { breakerTimeouts: 1 } });
    kit.script.pinged = true;
    const [first, ...waiting] = kit.hand("a b c d", unlimited);
    const [other] = kit.hand("x", { ...unlimited, subscription: "other" });
    expect(kit.script.open).toHaveLength(1);
    await kit.clock.pass(1_000);
    expect([first?.end, ...ends(waiting)]).toEqual(["timeout", "breaker", "breaker", "breaker"]);
    // The one of another subscription, which stood behind them.
    expect([kit.script.open.length, other?.end]).toEqual([1, "open"]);
  });

  it("that may try again send one of those that wait", async () => {
    const kit = deliveryKit({ protocol: 1, limits: { breakerTimeouts: 1 } });
    kit.script.pinged = true;
    await slow(kit, 1);
    await kit.clock.pass(30_000);
    void kit.hand("x", { ...unlimited, subscription: "other", deadlineMs: 50_000 });
    const [probe, beside] = kit.hand("a b", unlimited);
    expect([probe?.end, beside?.end]).toEqual(["open", "breaker"]);
    kit.script.answer(kit.script.open[0]);
    expect(kit.script.open).toHaveLength(1);
    kit.script.answer(kit.script.open[0]);
    expect([probe?.end, kit.delivery.status().openBreakers]).toEqual(["voted", []]);
  });

  it("let a new process have a probe at once", async () => {
    const kit = deliveryKit();
    kit.script.pinged = true;
    await slow(kit, 3);
    crash(kit, false);
    expect(ends(kit.hand("a b", unlimited))).toEqual(["open", "breaker"]);
  });
});

describe("deadlines that pass", () => {
  it("beside a call count against a process of protocol 3, which can do both", async () => {
    const kit = deliveryKit({ limits: { breakerTimeouts: 1 } });
    void kit.delivery.call({ method: "tool.call", params: null, deadlineMs: 60_000 });
    const [event] = kit.hand("a", unlimited);
    await kit.clock.pass(1_000);
    expect([event?.end, kit.delivery.status().openBreakers]).toEqual(["timeout", ["before_tool_call#1"]]);
  });

  it("of calls count towards a hung process, and open no breaker", async () => {
    const kit = deliveryKit({ limits: { breakerTimeouts: 1 } });
    for (const taken of [0, 0, 1]) {
      void kit.delivery.call({ method: "tool.call", params: null, deadlineMs: 1_000 });
      await kit.clock.pass(1_000);
      expect(kit.script.takenDown).toHaveLength(taken);
    }
    expect(kit.delivery.status().openBreakers).toEqual([]);
  });

  it("take no process down that can be pinged", async () => {
    const kit = deliveryKit({ limits: { breakerTimeouts: 100 } });
    kit.script.pinged = true;
    await slowly(kit, 5);
    expect(kit.script.takenDown).toEqual([]);
    kit.script.pinged = false;
    await slowly(kit, 1);
    expect(kit.script.takenDown).toEqual(["hung: several deadlines passed without a byte from it"]);
  });
});

async function slowly(kit: Kit, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    kit.hand("a", unlimited);
    await kit.clock.pass(1_000);
  }
}
