import { describe, expect, it } from "vitest";
import { fingerprint } from "../../../packages/host/src/delivery/poison.js";
import { FakeClock } from "../../helpers/fake-clock.js";
import { deliveryKit } from "../../helpers/scripted-process.js";

/** A clock whose time of day is not the time since its start. */
class ClockOfDay extends FakeClock {
  override wallMs(): number {
    return this.now() + 1_000_000.4;
  }
}

describe("the status of a delivery", () => {
  it("counts what is with the process and what waits", () => {
    const { delivery, hand } = deliveryKit({ protocol: 1 });
    expect(delivery.status()).toEqual({
      inFlight: 0,
      waiting: 0,
      openBreakers: [],
      breakers: [],
      poisoned: [],
    });
    hand("a b c");
    expect(delivery.status()).toEqual({
      inFlight: 1,
      waiting: 2,
      openBreakers: [],
      breakers: [],
      poisoned: [],
    });
    expect(delivery.inFlight).toBe(1);
  });

  it("says by the time of day until when an event is kept from the extension, in whole milliseconds", async () => {
    const clock = new ClockOfDay();
    const { script, delivery, hand } = deliveryKit({ clock });
    await clock.pass(7_000);
    const [event] = hand("deadly", { repeatable: false });
    script.exit(delivery, "restarting");
    expect(delivery.status().poisoned).toEqual([]);
    script.restart(delivery);
    hand("deadly", { repeatable: false });
    script.exit(delivery, "restarting");
    expect(delivery.status().poisoned).toEqual([
      {
        fingerprint: fingerprint(event?.event as never),
        kind: "before_tool_call",
        tool: "bash",
        crashes: 2,
        until: 7_000 + 600_000 + 1_000_000,
      },
    ]);
  });

  it("is that of its extension for the trace", () => {
    const { script, delivery } = deliveryKit();
    Object.assign(script, { state: "restarting", restartCount: 3 });
    expect([delivery.id, delivery.health, delivery.restartCount]).toEqual(["scripted", "restarting", 3]);
  });

  it("names what the process has, in the order of sending, and nothing when it has nothing", () => {
    const { script, delivery, hand } = deliveryKit({ protocol: 1 });
    expect(delivery.doing()).toBeUndefined();
    void delivery.call({ method: "tool.call", params: null, deadlineMs: 1_000 });
    hand("a b");
    expect(delivery.doing()).toBe("it had tool.call, before_tool_call of 'bash'");
    script.answer(script.open[0]);
    expect(delivery.doing()).toBe("it had before_tool_call of 'bash'");
  });

  it("is idle only when nothing waits and nothing is with the process", () => {
    const { script, delivery, hand } = deliveryKit();
    expect(delivery.idle).toBe(true);
    hand("a");
    expect(delivery.idle).toBe(false);
    script.answer(script.open[0]);
    expect(delivery.idle).toBe(true);
    script.availability = "starting";
    hand("b");
    expect(delivery.idle).toBe(false);
  });
});

describe("the gates with a process", () => {
  /** How many gates the process gets when it is handed many. */
  const most = (kit: ReturnType<typeof deliveryKit>): number => {
    kit.hand(Array.from({ length: 90 }, (_, n) => `x${n}`).join(" "));
    return kit.script.open.length;
  };
  const many = (kit: ReturnType<typeof deliveryKit>, n: number): void =>
    void kit.hand(Array.from({ length: n }, (_, place) => `e${place}`).join(" "));

  it("grow by one with each fast answer while others wait", async () => {
    const kit = deliveryKit();
    await kit.clock.pass(1_000);
    many(kit, 20);
    expect(kit.script.open).toHaveLength(8);
    await kit.clock.pass(4);
    for (const posted of kit.script.open.slice(0, 3)) kit.script.answer(posted);
    expect(kit.script.open).toHaveLength(11);
  });

  it("do not grow when none waited, nor by slower answers, nor by errors", async () => {
    const none = deliveryKit();
    many(none, 8);
    for (const posted of none.script.open.slice(0, 3)) none.script.answer(posted);
    expect(most(none)).toBe(8);

    const slower = deliveryKit();
    many(slower, 20);
    await slower.clock.pass(5);
    for (const posted of slower.script.open.slice(0, 3)) slower.script.answer(posted);
    expect(slower.script.open).toHaveLength(8);

    const errors = deliveryKit();
    many(errors, 20);
    for (const posted of errors.script.open.slice(0, 3))
      errors.script.reply(posted, { type: "error", code: 1, message: "no" });
    expect(errors.script.open).toHaveLength(8);
  });

  it("do not grow by answers to calls", () => {
    const { script, delivery, hand } = deliveryKit();
    for (let n = 0; n < 4; n += 1)
      void delivery.call({ method: "tool.call", params: null, deadlineMs: 1_000 });
    hand(Array.from({ length: 20 }, (_, n) => `e${n}`).join(" "));
    for (const posted of script.open.slice(0, 4)) script.answer(posted);
    expect(script.open).toHaveLength(8);
  });

  it("are as many as at first with a new process", () => {
    const { script, delivery, hand } = deliveryKit();
    hand(Array.from({ length: 20 }, (_, n) => `e${n}`).join(" "), { repeatable: false });
    for (const posted of script.open.slice(0, 5)) script.answer(posted);
    expect(script.open).toHaveLength(13);
    script.exit(delivery, "restarting");
    hand(Array.from({ length: 20 }, (_, n) => `f${n}`).join(" "));
    script.restart(delivery);
    expect(script.open).toHaveLength(8);
  });
});
