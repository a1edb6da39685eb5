import { describe, expect, it } from "vitest";
import { batchKit, inputOf } from "../../helpers/batch-kit.js";
import { ends } from "../../helpers/scripted-process.js";

const HUNG = "hung: several deadlines passed without a byte from it";

describe("the reply to a batch", () => {
  it("gives each event the result at its place, and its times", async () => {
    const { clock, script, observe } = batchKit();
    await clock.pass(100);
    const events = observe("a b c d");
    await clock.pass(0);
    await clock.pass(7);
    script.answer(script.open[0], {
      results: [{ action: "x" }, null, { error: { code: 4, message: "no" } }],
    });
    const times = { queueMs: 0, runMs: 7 };
    expect(events.map(({ result }) => result)).toEqual([
      { answered: true, result: { action: "x" }, ...times },
      { answered: true, result: { action: "continue" }, ...times },
      {
        answered: false,
        reason: "error",
        detail: "error 4: no",
        error: { code: 4, message: "no" },
        ...times,
      },
      { answered: true, result: { action: "continue" }, ...times },
    ]);
  });

  it.each([
    [
      { type: "error", code: 3, message: "no" },
      { reason: "error", detail: "error 3: no" },
    ],
    [{ type: "cancelled" }, { reason: "stopped", cancelled: true }],
    [
      { type: "unreadable", reason: "invalid", detail: "dots" },
      { reason: "invalid", detail: "dots" },
    ],
    [{ type: "timeout", lagged: false }, { reason: "timeout" }],
    [{ type: "timeout", lagged: true }, { reason: "timeout" }],
    [{ type: "result", result: 5 }, { reason: "invalid" }],
  ] as const)("%j ends all its events alike", async (reply, end) => {
    const { clock, script, delivery, observe } = batchKit();
    const events = observe("a b");
    await clock.pass(0);
    script.reply(script.open[0], reply);
    for (const { result } of events) expect(result).toMatchObject({ answered: false, ...end });
    expect([delivery.idle, delivery.status().openBreakers]).toEqual([true, []]);
  });

  it.each([
    [{ type: "not_sent", reason: "full" }, "overloaded"],
    [{ type: "not_sent", reason: "too_large" }, "too_large"],
  ] as const)("%j ends its events at once, and the next batch is tried", async (refusal, reason) => {
    const { script, delivery, flood, sent } = batchKit();
    script.refusal = refusal;
    expect(new Set(ends(await flood(100)))).toEqual(new Set([reason]));
    expect([delivery.idle, sent]).toEqual([true, []]);
    script.refusal = undefined;
    await flood(3);
    expect(sent).toEqual([["e0", "e1", "e2"]]);
  });

  it("makes room for the next batch, whatever it is", async () => {
    const replies = [
      { type: "error", code: 1, message: "no" },
      { type: "timeout", lagged: true },
      { type: "cancelled" },
    ] as const;
    for (const reply of replies) {
      const { clock, script, flood } = batchKit();
      await flood(100);
      expect(script.posted).toHaveLength(2);
      script.reply(script.open[0], reply);
      await clock.pass(0);
      expect(script.posted).toHaveLength(3);
    }
  });

  it("to events that ended before changes nothing", async () => {
    const { clock, script, delivery, observe } = batchKit({ hungDeadlines: 1 });
    const [answered, late] = [observe("a b"), observe("c")];
    await clock.pass(0);
    const [batch] = script.open;
    delivery.close();
    script.reply(batch, { type: "timeout", lagged: false });
    expect([ends(answered), ends(late)]).toEqual([["stopped", "stopped"], ["stopped"]]);
    expect([script.takenDown, delivery.status().openBreakers]).toEqual([[], []]);
  });

  it("lets a drain end", async () => {
    const { clock, script, delivery, observe } = batchKit();
    observe("a b");
    await clock.pass(0);
    let isDrained = false;
    const drained = delivery.drain(60_000).then(() => (isDrained = true));
    await clock.pass(0);
    expect(isDrained).toBe(false);
    script.answer(script.open[0], null);
    await clock.pass(0);
    expect(isDrained).toBe(true);
    await drained;
  });
});

describe("a batch that times out", () => {
  it("counts for each of its subscriptions once", async () => {
    const { clock, script, delivery, observe } = batchKit({ breakerTimeouts: 2 });
    script.pinged = true;
    observe("a b c", { subscription: "one" });
    observe("d e", { subscription: "two" });
    await clock.pass(5_000);
    expect(delivery.status().openBreakers).toEqual([]);
    observe("a b c", { subscription: "one" });
    await clock.pass(3_000);
    expect(delivery.status().openBreakers).toEqual(["one"]);
    observe("d", { subscription: "two" });
    await clock.pass(1_000);
    expect(delivery.status().openBreakers).toEqual(["one", "two"]);
  });

  it("opens a breaker that refuses what waits behind it", async () => {
    const { clock, script, delivery, observe } = batchKit({ breakerTimeouts: 1 });
    script.pinged = true;
    const events = observe("a ".repeat(1_000).trim(), { subscription: "one" });
    await clock.pass(0);
    const { inFlight, waiting } = delivery.status();
    expect(waiting).toBeGreaterThan(0);
    await clock.pass(60_000);
    const ended = events.map(({ end }) => end);
    expect(ended.filter((end) => end === "timeout")).toHaveLength(inFlight);
    expect(ended.filter((end) => end === "breaker")).toHaveLength(waiting);
  });

  it("counts for nobody when the host itself lagged", async () => {
    const { clock, script, delivery, observe } = batchKit({ breakerTimeouts: 1, hungDeadlines: 1 });
    observe("a b");
    await clock.pass(0);
    script.reply(script.open[0], { type: "timeout", lagged: true });
    expect([delivery.status().openBreakers, script.takenDown]).toEqual([[], []]);
  });

  it("is one deadline in the row that makes a silent process hung", async () => {
    const { clock, script, observe } = batchKit({ breakerTimeouts: 100 });
    for (const taken of [[], [], [HUNG]]) {
      observe("a b c");
      await clock.pass(3_000);
      expect(script.takenDown).toEqual(taken);
    }
  });
});

describe("a closed connection", () => {
  it("leaves each event to its own deadline, and the reason says so", async () => {
    const { clock, script, delivery, observe } = batchKit();
    script.refusal = { type: "closed" };
    const [short, long] = [...observe("a", { deadlineMs: 400 }), ...observe("b", { deadlineMs: 900 })];
    await clock.pass(399);
    expect([short?.end, long?.end, delivery.inFlight]).toEqual(["open", "open", 2]);
    await clock.pass(1);
    const detail = "it closed its standard input";
    expect(short?.result).toEqual({ answered: false, reason: "timeout", detail, queueMs: 0, runMs: 400 });
    expect([long?.end, delivery.inFlight]).toEqual(["open", 1]);
    await clock.pass(500);
    expect(long?.result).toEqual({ answered: false, reason: "timeout", detail, queueMs: 0, runMs: 900 });
  });

  it("gives no room for further batches until the process has ended", async () => {
    const { script, delivery, flood } = batchKit();
    script.refusal = { type: "closed" };
    const events = await flood(50);
    const states = (): string[] => [...new Set(events.map(({ state }) => state))];
    expect([delivery.inFlight, delivery.status().waiting]).toEqual([32, 18]);
    script.refusal = undefined;
    script.exit(delivery, "restarting");
    expect([delivery.inFlight, delivery.status().waiting, states()]).toEqual([0, 18, ["done", "waiting"]]);
  });
});

describe("an event that may have crashed the last process", () => {
  it("goes alone: nothing with it, before it or behind it", async () => {
    const { clock, script, delivery, sent, observe, answerAll } = batchKit();
    observe("bad");
    await clock.pass(0);
    script.exit(delivery, "restarting");
    observe("a b bad c d");
    script.restart(delivery);
    await clock.pass(0);
    expect(sent.slice(1)).toEqual([["a", "b"]]);
    await answerAll();
    expect(sent.slice(2)).toEqual([["bad"]]);
    observe("e");
    await clock.pass(0);
    expect([sent.length, delivery.inFlight]).toEqual([3, 1]);
    await answerAll();
    expect(sent.slice(3)).toEqual([["c", "d", "e"]]);
  });

  it("is not sent when it crashed another one meanwhile, and what waits behind it goes", async () => {
    const { clock, script, delivery, sent, observe } = batchKit();
    const crash = async (): Promise<void> => {
      await clock.pass(0);
      script.exit(delivery, "restarting");
    };
    observe("bad");
    await crash();
    script.restart(delivery);
    observe("bad");
    const waiting = observe("bad good bad");
    await crash();
    await clock.pass(20);
    script.restart(delivery);
    await clock.pass(0);
    expect(ends(waiting)).toEqual(["poison", "open", "poison"]);
    script.answer(script.open[0], null);
    await clock.pass(0);
    expect(sent).toEqual([["bad"], ["bad"], ["good"]]);
    expect(waiting.map(({ result }) => result)).toEqual([
      { answered: false, reason: "poison", queueMs: 20, runMs: 0 },
      { answered: true, result: { action: "continue" }, queueMs: 20, runMs: 0 },
      { answered: false, reason: "poison", queueMs: 20, runMs: 0 },
    ]);
  });

  it("is on trial no more when the process ends", async () => {
    const { clock, script, delivery, sent, observe } = batchKit();
    observe("bad");
    await clock.pass(0);
    script.exit(delivery, "restarting");
    script.restart(delivery);
    observe("bad");
    await clock.pass(0);
    script.exit(delivery, "restarting");
    script.restart(delivery);
    const [poison] = observe("bad");
    observe("x y");
    await clock.pass(0);
    expect([poison?.end, sent.slice(2)]).toEqual(["poison", [["x", "y"]]]);
  });
});

describe("the memory of a batch", () => {
  it("serves the next batch once it was answered", async () => {
    const { memory, flood, answerAll } = batchKit();
    await flood(32);
    await answerAll();
    await flood(64);
    expect(memory).toHaveLength(4);
    expect(memory[0]).not.toBe(memory[1]);
    const firstUses = memory.slice(2).map((piece) => memory.indexOf(piece));
    expect(new Set(firstUses)).toEqual(new Set([0, 1]));
  });

  it.each([
    { type: "error", code: 1, message: "no" },
    { type: "timeout", lagged: false },
    { type: "cancelled" },
  ] as const)("serves no other when the end was %j: somebody may still read it", async (reply) => {
    const { clock, script, memory, observe } = batchKit();
    observe("a");
    await clock.pass(0);
    script.reply(script.open[0], reply);
    observe("b");
    await clock.pass(0);
    expect(memory).toHaveLength(2);
    expect(memory[1]).not.toBe(memory[0]);
  });

  it("is not kept when a large event made it grow", async () => {
    const { clock, memory, observe, answerAll } = batchKit();
    observe(inputOf(100_000));
    await clock.pass(0);
    await answerAll();
    observe("b");
    await clock.pass(0);
    expect(memory.map(({ byteLength }) => byteLength)).toEqual([131_072, 65_536]);
  });

  it("is not kept for another process", async () => {
    const { clock, script, delivery, memory, observe, answerAll } = batchKit();
    observe("a");
    await clock.pass(0);
    await answerAll();
    script.exit(delivery, "restarting");
    script.restart(delivery);
    observe("b");
    await clock.pass(0);
    expect(memory).toHaveLength(2);
    expect(memory[1]).not.toBe(memory[0]);
  });
});
