import { describe, expect, it } from "vitest";
import { Heartbeat } from "../../../../packages/host/src/supervision/heartbeat.js";
import type { Reply } from "../../../../packages/host/src/transport/rpc/reply.js";
import { FakeClock } from "../../../helpers/fake-clock.js";

/** A process that answers pings as told, after so long; `pings` and `stuck` hold when that happened. */
function beating(answerAfterMs: number, reply: Reply = { type: "timeout", lagged: false }) {
  const clock = new FakeClock();
  const seen = {
    pings: [] as number[],
    stuck: [] as number[],
    lastByteMs: 0,
    busy: false,
    reply,
    answerAfterMs,
  };
  const heartbeat = new Heartbeat({
    clock,
    idleMs: 15_000,
    answerMs: 2_000,
    misses: 3,
    ping: (deadlineMs) => {
      expect(deadlineMs).toBe(2_000);
      seen.pings.push(clock.now());
      if (seen.answerAfterMs === 0) return Promise.resolve(seen.reply);
      return new Promise((resolve) => clock.after(seen.answerAfterMs, () => resolve(seen.reply)));
    },
    lastByteMs: () => seen.lastByteMs,
    busy: () => seen.busy,
    onStuck: () => void seen.stuck.push(clock.now()),
  });
  return { clock, seen, heartbeat };
}

describe("pings", () => {
  it("that run into their limit follow each other at once, until the third one was missed", async () => {
    const { clock, seen } = beating(2_000);
    await clock.pass(14_999);
    expect(seen.pings).toEqual([]);
    await clock.pass(100_000);
    expect(seen).toMatchObject({ pings: [15_000, 17_001, 19_002], stuck: [21_002] });
  });

  it("that could not be sent follow each other in the time of an answer", async () => {
    const { clock, seen } = beating(0, { type: "closed" });
    await clock.pass(100_000);
    expect(seen).toMatchObject({ pings: [15_000, 17_000, 19_000], stuck: [19_000] });
  });

  it("wait until the silence is as long as it may be", async () => {
    const { clock, seen } = beating(0, { type: "result", result: null });
    seen.lastByteMs = 4_000;
    await clock.pass(18_999);
    expect(seen.pings).toEqual([]);
    await clock.pass(1);
    expect(seen.pings).toEqual([19_000]);
    await clock.pass(15_000);
    expect(seen.pings).toEqual([19_000, 34_000]);
  });

  it("wait for the end of a call, and look again in the time of an answer", async () => {
    const { clock, seen } = beating(0, { type: "result", result: null });
    seen.busy = true;
    await clock.pass(15_000);
    seen.busy = false;
    await clock.pass(1_999);
    expect(seen.pings).toEqual([]);
    await clock.pass(1);
    expect(seen.pings).toEqual([17_000]);
  });

  it("are not put off by bytes as long as one is missing", async () => {
    const { clock, seen } = beating(0, { type: "closed" });
    await clock.pass(15_000);
    seen.lastByteMs = 14_999;
    await clock.pass(2_000);
    expect(seen.pings).toEqual([15_000, 17_000]);
  });
});

describe("a ping is not missed", () => {
  it("when a byte came at its own time or later", async () => {
    const heard = async (at: number): Promise<number[]> => {
      const { clock, seen } = beating(2_000);
      await clock.pass(15_000);
      seen.lastByteMs = at;
      await clock.pass(17_000);
      return seen.pings.slice(0, 2);
    };
    expect(await heard(14_999)).toEqual([15_000, 17_001]);
    expect(await heard(15_000)).toEqual([15_000, 32_000]);
    expect(await heard(16_000)).toEqual([15_000, 32_000]);
  });

  it("when it was answered, by a result or an error, and all is forgotten then", async () => {
    for (const reply of [
      { type: "result", result: null },
      { type: "error", code: 1, message: "no" },
    ] as const) {
      const { clock, seen } = beating(2_000);
      await clock.pass(20_000);
      expect(seen.pings).toEqual([15_000, 17_001, 19_002]);
      seen.reply = reply;
      await clock.pass(1_002);
      seen.reply = { type: "timeout", lagged: false };
      await clock.pass(14_999);
      expect(seen.pings).toHaveLength(3);
      await clock.pass(6_002);
      expect(seen).toMatchObject({ pings: [15_000, 17_001, 19_002, 36_002, 38_003, 40_004], stuck: [] });
      await clock.pass(1);
      expect(seen.stuck).toEqual([42_004]);
    }
  });

  it("when the host itself came half a second too late", async () => {
    const late = beating(2_501);
    await late.clock.pass(40_000);
    expect(late.seen).toMatchObject({ pings: [15_000, 32_501], stuck: [] });
    const inTime = beating(2_500);
    await inTime.clock.pass(40_000);
    expect(inTime.seen).toMatchObject({ pings: [15_000, 17_501, 20_002], stuck: [22_502] });
  });

  it("when a call is under way at its end", async () => {
    const { clock, seen } = beating(2_000);
    await clock.pass(16_000);
    seen.busy = true;
    await clock.pass(1_000);
    seen.busy = false;
    await clock.pass(15_000);
    expect(seen.pings).toEqual([15_000, 32_000]);
  });
});

it("a heartbeat that was stopped has no timer and sends nothing", async () => {
  const { clock, seen, heartbeat } = beating(2_000);
  expect(clock.armed).toBe(1);
  heartbeat.stop();
  expect(clock.armed).toBe(0);
  await clock.pass(100_000);
  expect(seen.pings).toEqual([]);
});
