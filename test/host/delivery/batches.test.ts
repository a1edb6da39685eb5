import { describe, expect, it, vi } from "vitest";
import { batchKit, HEAD_BYTES, inputOf } from "../../helpers/batch-kit.js";

/** Most bytes of a batch that has more than one event. */
const MOST_BYTES = 60 * 1024;

const sizes = (sent: readonly string[][]): number[] => sent.map(({ length }) => length);

describe("a batch", () => {
  it("has the events of one turn in the order of handing over", async () => {
    const { sent, texts, flood, script } = batchKit();
    await flood(5);
    expect(sent).toEqual([["e0", "e1", "e2", "e3", "e4"]]);
    expect(script.posted.map(({ method }) => method)).toEqual(["hook.batch"]);
    expect(texts[0]).toMatch(/^\{"events":\[\{.*\}\]\}$/);
    expect(texts[0]).not.toContain('"meta"');
  });

  it("has the meta of each event where the process negotiated that", async () => {
    const { clock, script, texts, observe } = batchKit();
    script.sendsMeta = true;
    observe("a", { deadlineMs: 700 });
    observe("b", { deadlineMs: 800 });
    await clock.pass(0);
    const { events } = JSON.parse(String(texts[0])) as { events: { meta: object }[] };
    expect(events.map(({ meta }) => meta)).toMatchObject([
      { deadline_ms: 700, attempt: 1 },
      { deadline_ms: 800, attempt: 1 },
    ]);
  });

  it("is not asked for a second time in the same turn, nor while two are with the process", async () => {
    const { observe, flood, answerAll, sent } = batchKit();
    const ticks = vi.spyOn(process, "nextTick");
    try {
      observe("a b c d");
      expect(ticks).toHaveBeenCalledTimes(1);
      await answerAll();
      await flood(1);
      await flood(1);
      ticks.mockClear();
      observe("z");
      expect(ticks).not.toHaveBeenCalled();
    } finally {
      ticks.mockRestore();
    }
    await answerAll();
    expect(sent).toEqual([["a", "b", "c", "d"], ["e0"], ["e0"], ["z"]]);
  });

  it("is not asked for by gates, nor for a process that takes none", () => {
    const { script, observe, hand } = batchKit({}, 1);
    const ticks = vi.spyOn(process, "nextTick");
    try {
      hand("a b c");
      while (script.open.length > 0) script.answer(script.open[0]);
      script.takesBatches = false;
      observe("d e f");
      while (script.open.length > 0) script.answer(script.open[0]);
      expect([script.posted.length, ticks.mock.calls.length]).toEqual([6, 0]);
    } finally {
      ticks.mockRestore();
    }
  });

  it("waits for nothing: two may be with the process, and what comes then is the third", async () => {
    const { clock, sent, flood, delivery, script, answerAll } = batchKit();
    for (const events of [1, 2, 3, 4]) await flood(events);
    expect([sizes(sent), delivery.inFlight, delivery.status().waiting]).toEqual([[1, 2], 3, 7]);
    script.answer(script.open[0], null);
    await clock.pass(0);
    expect(sizes(sent)).toEqual([1, 2, 7]);
    await answerAll();
    expect([delivery.idle, sizes(sent)]).toEqual([true, [1, 2, 7]]);
  });

  it("does not go to a process that ended in the same turn", async () => {
    const { clock, script, sent, delivery, observe } = batchKit();
    const [event] = observe("a");
    script.availability = "restarting";
    await clock.pass(0);
    expect([event?.state, sent]).toEqual(["queued", []]);
    script.restart(delivery);
    await clock.pass(0);
    expect(sent).toEqual([["a"]]);
  });
});

describe("the size of a batch", () => {
  it("begins at 16 events, and doubles with each full batch that comes back fast", async () => {
    const { sent, flood, answerAll } = batchKit();
    const doubled = [16, 32, 64, 128, 256];
    for (const events of doubled) {
      await flood(events);
      await answerAll();
    }
    await flood(300);
    expect(sizes(sent)).toEqual([...doubled, 300]);
  });

  it("stays when a batch comes back with room in it, or after 50 ms", async () => {
    const { sent, flood, answerAll } = batchKit();
    await flood(15);
    await answerAll();
    await flood(16);
    await answerAll(50);
    await flood(40);
    expect(sizes(sent)).toEqual([15, 16, 16, 16]);
    await answerAll(500);
    expect(sizes(sent)).toEqual([15, 16, 16, 16, 8]);
    await answerAll();
    await flood(40);
    expect(sizes(sent).slice(5)).toEqual([16, 16]);
  });

  it("doubles after 49 ms", async () => {
    const { sent, flood, answerAll } = batchKit();
    await flood(16);
    await answerAll(49);
    await flood(40);
    expect(sizes(sent)).toEqual([16, 32, 8]);
  });

  it.each([
    [1, 8],
    [2, 4],
    [3, 2],
    [4, 1],
    [5, 1],
  ])(
    "after %d batches of more than half a second is %d: it halves, down to one event",
    async (slow, size) => {
      const { sent, flood, answerAll } = batchKit();
      for (let n = 0; n < slow; n += 1) {
        await flood(1);
        await answerAll(501);
      }
      await flood(40);
      expect(sizes(sent).slice(slow)).toEqual([size, size]);
    },
  );

  it("is judged by the time at the process, not by what time it is", async () => {
    const { clock, sent, flood, answerAll } = batchKit();
    await clock.pass(10_000);
    await flood(16);
    await answerAll(10);
    await flood(32);
    expect(sizes(sent)).toEqual([16, 32]);
  });

  it("is 16 again with a new process", async () => {
    const { script, delivery, sent, flood, answerAll } = batchKit();
    await flood(16);
    await answerAll();
    script.exit(delivery, "restarting");
    script.restart(delivery);
    await flood(40);
    expect(sizes(sent)).toEqual([16, 16, 16]);
  });
});

describe("the text of a batch", () => {
  const two = async (bytes: number): Promise<string[][]> => {
    const { clock, observe, sent } = batchKit();
    observe(`${inputOf(20_000)} ${inputOf(bytes)}`);
    await clock.pass(0);
    return sent;
  };

  it("is 60 KiB at most when there is more than one event", async () => {
    const left = MOST_BYTES - HEAD_BYTES - 20_000;
    expect(sizes(await two(left))).toEqual([2]);
    expect(sizes(await two(left + 1))).toEqual([1, 1]);
  });

  it("is longer for a single larger event, which goes alone", async () => {
    const { clock, observe, sent, answerAll } = batchKit();
    const large = inputOf(200_000);
    observe(`a ${large} b c`);
    await clock.pass(0);
    expect(sent).toEqual([["a"], [large]]);
    await answerAll();
    expect(sent.slice(2)).toEqual([["b", "c"]]);
  });
});

describe("the time for a batch", () => {
  const timeFor = async (...deadlines: number[]): Promise<number> => {
    const { clock, script, observe } = batchKit();
    await clock.pass(5_000);
    for (const deadlineMs of deadlines) observe("a", { deadlineMs });
    await clock.pass(0);
    expect(script.posted).toHaveLength(1);
    return (script.posted[0]?.waiting.dueMs ?? 0) - clock.now();
  };

  it("is the longest deadline of its events, once for each event", async () => {
    expect(await timeFor(700)).toBe(700);
    expect(await timeFor(100, 300, 200)).toBe(900);
  });

  it("is twelve times the longest deadline at most", async () => {
    expect(await timeFor(...Array.from({ length: 12 }, () => 1_000))).toBe(12_000);
    expect(await timeFor(...Array.from({ length: 13 }, () => 1_000))).toBe(12_000);
  });

  it("is a minute at most", async () => {
    expect(await timeFor(30_000, 30_000)).toBe(60_000);
    expect(await timeFor(30_000, 30_000, 30_000)).toBe(60_000);
  });
});
