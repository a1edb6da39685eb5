import { describe, expect, it } from "vitest";
import { concurrencyOf, Slots } from "../../../packages/host/src/delivery/slots.js";
import { LANES, type Lane } from "../../../packages/host/src/delivery/request.js";

/** Lanes that get a slot, one after the other. */
function taken(slots: Slots, lanes: readonly Lane[], asking = false): boolean[] {
  return lanes.map((lane) => {
    const free = slots.free(lane, asking);
    if (free) slots.take(lane);
    return free;
  });
}

describe("the documented limits", () => {
  it("are these, with and without a number in the manifest", () => {
    const serial = { gates: 1, mostGates: 1, calls: 1, observers: 1, streams: 1, serial: true };
    const together = { total: undefined, serial: false };
    for (const protocol of [1, 2]) {
      expect(concurrencyOf(protocol, undefined)).toEqual({ ...serial, total: undefined });
      expect(concurrencyOf(protocol, 5)).toEqual({ ...serial, total: 5 });
    }
    expect(concurrencyOf(3, undefined)).toEqual({
      ...together,
      gates: 8,
      mostGates: 64,
      calls: 8,
      observers: 8,
      streams: undefined,
    });
    expect(concurrencyOf(3, 5)).toEqual({
      ...together,
      gates: 5,
      mostGates: 5,
      calls: 5,
      observers: 5,
      streams: 5,
    });
  });

  it("give protocols 1 and 2 one gate and, beside it, one call", () => {
    for (const protocol of [1, 2]) {
      const slots = new Slots(concurrencyOf(protocol, undefined));
      expect(taken(slots, ["gate", "gate", "call", "call", "observe", "trial"])).toEqual([
        true,
        false,
        true,
        false,
        false,
        false,
      ]);
    }
  });

  it("give protocols 1 and 2 the manifest's number for everything together", () => {
    expect(taken(new Slots(concurrencyOf(1, 1)), ["call", "gate"])).toEqual([true, false]);
    expect(taken(new Slots(concurrencyOf(2, 3)), ["call", "gate", "gate", "gate"])).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("send nothing more to a process of protocol 1 that waits for an answer of the host", () => {
    const slots = new Slots(concurrencyOf(1, undefined));
    expect(taken(slots, ["call"], true)).toEqual([true]);
    expect(taken(slots, ["gate", "observe"], true)).toEqual([false, false]);
    expect(taken(slots, ["gate"], false)).toEqual([true]);
  });

  it("give protocol 3 eight of each, calls no more however fast gates are answered", () => {
    const slots = new Slots(concurrencyOf(3, undefined));
    for (let n = 0; n < 100; n += 1) slots.answered(0.1, true);
    const free = (lane: Lane): number =>
      taken(
        slots,
        Array.from({ length: 100 }, () => lane),
      ).filter(Boolean).length;
    expect([free("gate"), free("call"), free("observe")]).toEqual([64, 8, 8]);
  });

  it("hold protocol 3 to the manifest's number, also for gates that are answered fast", () => {
    const slots = new Slots(concurrencyOf(3, 2));
    for (let n = 0; n < 100; n += 1) slots.answered(0.1, true);
    expect(taken(slots, ["gate", "gate", "gate", "call", "call", "call"])).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it("let one call go to a serial process that asks while nothing is with it, whatever it was given before", () => {
    const slots = new Slots(concurrencyOf(1, undefined));
    slots.take("gate");
    expect(taken(slots, ["call"], true)).toEqual([false]);
    expect(slots.busy("gate")).toBe(1);
    slots.release("gate");
    expect(taken(slots, ["gate", "call"], true)).toEqual([true, false]);
    expect([slots.busy("gate"), slots.busy("call")]).toEqual([1, 0]);
  });

  it("do not care what a process of protocol 3 asks the host", () => {
    const slots = new Slots(concurrencyOf(3, 1));
    expect(taken(slots, ["gate", "call", "observe"], true)).toEqual([true, true, true]);
    expect(taken(slots, ["gate", "trial", "call", "observe"], true)).toEqual([false, false, false, false]);
  });

  it("allow one trial at a time", () => {
    const slots = new Slots(concurrencyOf(3, undefined));
    expect(taken(slots, ["trial", "trial", "gate"])).toEqual([true, false, true]);
  });

  it("shrink for slow answers, not below the start, and grow only while something waits", () => {
    const slots = new Slots(concurrencyOf(3, undefined));
    const most = (): number => {
      let n = 0;
      while (slots.free("gate", false)) {
        slots.take("gate");
        n += 1;
      }
      for (let left = n; left > 0; left -= 1) slots.release("gate");
      return n;
    };
    slots.answered(1, false);
    expect(most()).toBe(8);
    for (let n = 0; n < 12; n += 1) slots.answered(1, true);
    expect(most()).toBe(20);
    for (const between of [5, 20, 50]) slots.answered(between, true);
    expect(most()).toBe(20);
    slots.answered(51, true);
    expect(most()).toBe(10);
    slots.answered(51, true);
    expect(most()).toBe(8);
    for (let n = 0; n < 12; n += 1) slots.answered(1, true);
    for (const lane of LANES) slots.take(lane);
    slots.reset();
    expect(LANES.map((lane) => slots.busy(lane))).toEqual([0, 0, 0, 0, 0]);
    expect(most()).toBe(8);
  });

  it("of everything together are free again with a new process", () => {
    const slots = new Slots(concurrencyOf(1, 2));
    expect(taken(slots, ["gate", "call", "gate"])).toEqual([true, true, false]);
    slots.reset();
    expect(taken(slots, ["gate", "call", "gate"])).toEqual([true, true, false]);
    slots.release("call");
    expect(taken(slots, ["observe", "gate"])).toEqual([true, false]);
  });
});
