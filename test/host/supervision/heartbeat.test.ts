import { describe, expect, it } from "vitest";
import { Heartbeat } from "../../../packages/host/src/supervision/heartbeat.js";
import type { Reply } from "../../../packages/host/src/transport/rpc/reply.js";
import { FakeClock } from "../../helpers/fake-clock.js";

const ANSWER: Reply = { type: "result", result: {} };

/** A process as the heartbeat sees it: how it answers pings, when it was last heard, whether it is busy. */
function subject(answer: (ms: number) => Reply | Promise<Reply>) {
  const clock = new FakeClock();
  const seen = { pings: [] as number[], stuck: [] as number[], lastByteMs: 0, busy: false };
  const heartbeat = new Heartbeat({
    clock,
    idleMs: 15_000,
    answerMs: 2_000,
    misses: 3,
    ping: async (ms) => {
      seen.pings.push(clock.now());
      return answer(ms);
    },
    lastByteMs: () => seen.lastByteMs,
    busy: () => seen.busy,
    onStuck: () => void seen.stuck.push(clock.now()),
  });
  const silent = (ms: number): Promise<Reply> =>
    new Promise((resolve) => clock.after(ms, () => resolve({ type: "timeout", lagged: false })));
  return { clock, seen, heartbeat, silent };
}

/** One that answers no ping. */
function mute() {
  const made = subject((ms) => made.silent(ms));
  return made;
}

describe("the heartbeat", () => {
  it("pings after 15 s of silence, and again after 15 s when it was answered", async () => {
    const { clock, seen } = subject(() => {
      seen.lastByteMs = clock.now();
      return ANSWER;
    });
    await clock.pass(50_000);
    expect(seen).toMatchObject({ pings: [15_000, 30_000, 45_000], stuck: [] });
  });

  it("does not ping who talks", async () => {
    const { clock, seen } = subject(() => ANSWER);
    for (let n = 0; n < 10; n += 1) {
      seen.lastByteMs = clock.now();
      await clock.pass(14_000);
    }
    expect(seen.pings).toEqual([]);
  });

  it("calls it stuck after three pings without an answer, and pings no more", async () => {
    const { clock, seen } = mute();
    await clock.pass(100_000);
    expect(seen.pings).toHaveLength(3);
    expect(seen.stuck).toHaveLength(1);
    expect(seen.stuck[0]).toBeLessThanOrEqual(21_010);
    expect(clock.armed).toBe(0);
  });

  it("takes an error for a sign of life, and any byte", async () => {
    const refuses = subject(() => ({ type: "error", code: -32601, message: "no such method" }));
    await refuses.clock.pass(100_000);
    expect(refuses.seen.stuck).toEqual([]);
    const talks = subject(async (ms) => {
      talks.clock.after(ms / 2, () => (talks.seen.lastByteMs = talks.clock.now()));
      return talks.silent(ms);
    });
    await talks.clock.pass(100_000);
    expect(talks.seen.stuck).toEqual([]);
  });

  it("starts to count again after an answer", async () => {
    let n = 0;
    const { clock, seen, silent } = subject((ms) => ((n += 1) % 3 === 0 ? ANSWER : silent(ms)));
    await clock.pass(300_000);
    expect([seen.stuck, seen.pings.length > 20]).toEqual([[], true]);
  });

  it("never counts while a call is inside its deadline", async () => {
    const { clock, seen } = mute();
    seen.busy = true;
    await clock.pass(100_000);
    expect(seen.pings).toEqual([]);
    seen.busy = false;
    await clock.pass(10_000);
    expect(seen.stuck).toHaveLength(1);
  });

  it("does not count a ping during which a call came", async () => {
    const { clock, seen } = subject(async (ms) => {
      seen.busy = true;
      clock.after(ms + 1, () => (seen.busy = false));
      return new Promise<Reply>((resolve) =>
        clock.after(ms, () => resolve({ type: "timeout", lagged: false })),
      );
    });
    await clock.pass(200_000);
    expect(seen.stuck).toEqual([]);
  });

  it("blames nobody when the host itself did not run", async () => {
    const { clock, seen } = mute();
    for (let n = 0; n < 20; n += 1) await clock.jump(15_000);
    expect([seen.stuck, seen.pings.length > 3]).toEqual([[], true]);
  });

  it("counts a ping that could not be sent: it does not read, or closed its input", async () => {
    for (const reply of [{ type: "closed" }, { type: "not_sent", reason: "full" }] as const) {
      const { clock, seen } = subject(() => reply);
      await clock.pass(15_000 + 3 * 2_000);
      expect(seen.stuck).toHaveLength(1);
    }
  });

  it("is silent after its stop, also in the middle of a ping", async () => {
    const { clock, seen, heartbeat } = mute();
    await clock.pass(15_500);
    heartbeat.stop();
    await clock.pass(100_000);
    expect(seen).toMatchObject({ pings: [15_000], stuck: [] });
    expect(clock.armed).toBe(0);
  });
});
