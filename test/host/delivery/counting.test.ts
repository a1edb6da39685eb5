import { describe, expect, it } from "vitest";
import { deliveryKit, ends, type Kit } from "../../helpers/scripted-process.js";

const unlimited = { untilMs: Number.POSITIVE_INFINITY };
const once = { repeatable: false } as const;
const observed = { lane: "observe", ...once } as const;

/** A delivery whose breakers open at the first deadline that counts. */
const strict = (options: Parameters<typeof deliveryKit>[0] = {}): Kit =>
  deliveryKit({ ...options, limits: { breakerTimeouts: 1, ...options.limits } });

describe("an end that the extension has not to answer for opens no breaker", () => {
  const openBreakers = ({ delivery }: Kit): readonly string[] => delivery.status().openBreakers;

  it("although one deadline would", async () => {
    const kit = strict();
    kit.hand("a", unlimited);
    await kit.clock.pass(1_000);
    expect(openBreakers(kit)).toEqual(["before_tool_call#1"]);
  });

  it.each(["failed", "quarantined", "stopped"] as const)("when the extension is %s", (availability) => {
    const kit = strict();
    kit.script.availability = availability;
    expect(ends(kit.hand("a"))).toEqual([availability]);
    expect(openBreakers(kit)).toEqual([]);
  });

  it("when the extension fails while the event waits", () => {
    const kit = strict();
    kit.script.availability = "starting";
    const events = kit.hand("a b");
    kit.script.availability = "failed";
    kit.delivery.changed();
    expect([ends(events), openBreakers(kit)]).toEqual([["failed", "failed"], []]);
  });

  it("when the process ends, or the delivery is closed", () => {
    for (const [end, reason] of [
      [({ script, delivery }: Kit) => script.exit(delivery, "restarting"), "crash"],
      [({ delivery }: Kit) => delivery.close(), "stopped"],
    ] as const) {
      const kit = strict();
      const events = kit.hand("a", once);
      end(kit);
      expect([ends(events), openBreakers(kit)]).toEqual([[reason], []]);
    }
  });

  it("when the event waits for a process or a slot in vain", async () => {
    const kit = strict({ protocol: 1 });
    kit.script.availability = "starting";
    const inVain = kit.hand("a", { deadlineMs: 100 });
    await kit.clock.pass(100);
    kit.script.restart(kit.delivery);
    kit.hand("b", { ...unlimited, deadlineMs: 9_000 });
    inVain.push(...kit.hand("c", { untilMs: 500 }));
    await kit.clock.pass(400);
    expect([ends(inVain), openBreakers(kit)]).toEqual([["starting", "busy"], []]);
  });

  it.each(["drop_newest", "drop_oldest", "block"] as const)(
    "when a full queue ends it by %s",
    async (overflow) => {
      const kit = strict({ wanted: 1, limits: { observeQueue: 1 } });
      const events = kit.hand("a b c", { ...observed, overflow, deadlineMs: 9_000 });
      await kit.clock.pass(1_000);
      expect(ends(events).filter((end) => end === "overloaded")).toHaveLength(1);
      expect(openBreakers(kit)).toEqual([]);
    },
  );

  it.each([1, 3])("when it crashed two processes and waits (protocol %d)", async (protocol) => {
    for (const kind of [{}, observed]) {
      const kit = strict({ protocol, wanted: 1 });
      kit.script.takesBatches = protocol === 3;
      kit.hand("a", { ...kind, ...once });
      await kit.clock.pass(0);
      kit.script.exit(kit.delivery, "restarting");
      kit.script.restart(kit.delivery);
      kit.hand("a", { ...kind, ...once });
      const waiting = kit.hand("a", kind);
      await kit.clock.pass(0);
      kit.script.exit(kit.delivery, "restarting");
      kit.script.restart(kit.delivery);
      await kit.clock.pass(0);
      expect([ends(waiting), openBreakers(kit)]).toEqual([["poison"], []]);
    }
  });
});

describe("suspects that wait in the lane of gates", () => {
  it("are tried one after the other, although there are slots for both", () => {
    const kit = deliveryKit({ wanted: 2 });
    kit.hand("a b", once);
    const waiting = kit.hand("a b");
    kit.script.exit(kit.delivery, "restarting");
    kit.script.restart(kit.delivery);
    expect(waiting.map(({ lane, state }) => `${lane} ${state}`)).toEqual(["trial sent", "trial queued"]);
    kit.script.answer(kit.script.open[0]);
    expect(waiting.map(({ end, state }) => `${end} ${state}`)).toEqual(["voted done", "open sent"]);
  });
});

describe("a call that is given up", () => {
  const call = { method: "tool.call", params: null, deadlineMs: 1_000 };

  it("leaves all others where they are", async () => {
    const { script, delivery } = deliveryKit({ protocol: 1 });
    const over = new AbortController();
    void delivery.call(call);
    const given = delivery.call({ ...call, signal: over.signal });
    const other = delivery.call(call);
    over.abort();
    expect(await given).toEqual({ type: "cancelled", queueMs: 0, runMs: 0 });
    expect(delivery.status().waiting).toBe(1);
    script.answer(script.open[0]);
    script.answer(script.open[0], 7);
    expect(await other).toMatchObject({ reply: { result: 7 } });
  });

  it("after its connection is gone ends with the process", async () => {
    const { script, delivery } = deliveryKit();
    const over = new AbortController();
    const given = delivery.call({ ...call, signal: over.signal });
    script.isConnected = false;
    over.abort();
    expect(delivery.inFlight).toBe(1);
    script.exit(delivery, "restarting");
    expect(await given).toMatchObject({ type: "none", reason: "crash" });
  });

  it("after it ended changes nothing", async () => {
    const { script, delivery } = deliveryKit();
    const over = new AbortController();
    const answered = delivery.call({ ...call, signal: over.signal });
    script.answer(script.open[0], 7);
    over.abort();
    expect(await answered).toMatchObject({ reply: { result: 7 } });
    expect(delivery.idle).toBe(true);
  });
});
