import { describe, expect, it } from "vitest";
import { systemClock } from "../../../packages/host/src/time/clock.js";
import { Lanes } from "../../../packages/host/src/delivery/lanes.js";
import {
  afterCrash,
  afterFailedRestart,
  NO_HISTORY,
  pauseMs,
} from "../../../packages/host/src/supervision/restart-policy.js";
import {
  isComing,
  isLive,
  MOVES,
  StateMachine,
  type ExtensionState,
} from "../../../packages/host/src/supervision/states.js";
import { DEFAULT_LIMITS } from "../../../packages/host/src/options.js";
import { verifies } from "../../requirements/verifies.js";

const L = DEFAULT_LIMITS;

describe("the pause before a restart", () => {
  it("doubles from 250 ms and stops at 15 s", () => {
    expect([0, 1, 2, 5, 6, 7, 1_000].map((streak) => pauseMs(streak, 1, L))).toEqual([
      250, 500, 1_000, 8_000, 15_000, 15_000, 15_000,
    ]);
  });

  it("is spread over all of it", () => {
    expect(pauseMs(2, 0, L)).toBe(0);
    expect(pauseMs(2, 0.5, L)).toBe(500);
  });
});

describe("after a crash", () => {
  it("restarts with a growing pause", () => {
    const first = afterCrash(NO_HISTORY, 0, 10, 1, L);
    expect(first.decision).toEqual({ type: "restart", delayMs: 250 });
    const second = afterCrash(first.history, 20, 10, 1, L);
    expect(second.decision).toEqual({ type: "restart", delayMs: 500 });
    expect(second.history).toEqual({ crashes: [0, 20], streak: 2, failedAttempts: 0 });
  });

  it("starts small again after 30 s of health", () => {
    const { history } = afterCrash(NO_HISTORY, 0, 10, 1, L);
    expect(afterCrash(history, 40_000, 30_000, 1, L).decision).toEqual({ type: "restart", delayMs: 250 });
    expect(afterCrash(history, 40_000, 29_999, 1, L).decision).toEqual({ type: "restart", delayMs: 500 });
  });

  it("quarantines at the fifth crash in five minutes", () => {
    let history = NO_HISTORY;
    const decisions: string[] = [];
    for (const at of [0, 1, 2, 3, 299_999]) {
      const next = afterCrash(history, at, 0, 0, L);
      history = next.history;
      decisions.push(next.decision.type);
    }
    expect(decisions).toEqual(["restart", "restart", "restart", "restart", "quarantine"]);
  });

  it("forgets crashes that are five minutes old", () => {
    let history = NO_HISTORY;
    for (const at of [0, 1, 2, 3]) history = afterCrash(history, at, 0, 0, L).history;
    expect(afterCrash(history, 300_000, 0, 0, L)).toMatchObject({
      decision: { type: "restart" },
      history: { crashes: [1, 2, 3, 300_000] },
    });
  });

  it("forgives restarts that failed before", () => {
    const history = { ...NO_HISTORY, failedAttempts: 2 };
    expect(afterCrash(history, 0, 0, 0, L).history.failedAttempts).toBe(0);
  });
});

describe("after a restart that failed", () => {
  it("tries again, and gives up at the third in a row", () => {
    const one = afterFailedRestart(NO_HISTORY, 1, L);
    expect(one).toEqual({
      history: { crashes: [], streak: 1, failedAttempts: 1 },
      decision: { type: "restart", delayMs: 250 },
    });
    const two = afterFailedRestart(one.history, 1, L);
    expect(two.decision).toEqual({ type: "restart", delayMs: 500 });
    expect(afterFailedRestart(two.history, 1, L).decision).toEqual({ type: "fail" });
  });
});

describe("states", () => {
  const all = Object.keys(MOVES) as ExtensionState[];

  it("make legal moves only", () => {
    const moves: string[] = [];
    const machine = new StateMachine((from, to) => moves.push(`${from}>${to}`));
    for (const to of ["starting", "running", "restarting", "degraded", "quarantined", "stopped"] as const)
      machine.move(to);
    expect(moves.at(-1)).toBe("quarantined>stopped");
    for (const to of all) expect(() => machine.move(to)).toThrow("illegal move");
    expect(machine.state).toBe("stopped");
  });

  it(verifies("FAIL-044") + "have exactly these moves", () => {
    expect(Object.entries(MOVES).map(([from, to]) => `${from}: ${to.join(" ")}`)).toEqual([
      "loaded: starting quarantined stopped",
      "starting: running degraded failed quarantined stopped",
      "running: restarting quarantined stopped",
      "degraded: restarting quarantined stopped",
      "restarting: degraded failed quarantined stopped",
      "failed: starting stopped",
      "quarantined: starting stopped",
      "stopped: ",
    ]);
  });

  it("can all be stopped, and all but the first be reached", () => {
    for (const state of all) if (state !== "stopped") expect(MOVES[state]).toContain("stopped");
    const reachable = new Set(Object.values(MOVES).flat());
    expect(all.filter((state) => !reachable.has(state))).toEqual(["loaded"]);
  });

  it("are live or coming or neither", () => {
    expect(all.filter(isLive)).toEqual(["running", "degraded"]);
    expect(all.filter(isComing)).toEqual(["loaded", "starting", "restarting"]);
  });
});

describe("lanes", () => {
  const lanes = (limit: number, shared: boolean, queue = 2) =>
    new Lanes({
      limit,
      shared,
      queue: { trial: queue, gate: queue, call: queue, observe: queue },
      blockMs: 1_000,
      clock: systemClock,
    });

  it("give one slot at a time where the limit is shared, to gates first", async () => {
    const one = lanes(1, true);
    expect(await one.acquire("call", 1)).toBe("slot");
    const order: string[] = [];
    const observe = one.acquire("observe", undefined).then((slot) => order.push(`observe ${slot}`));
    const gate = one.acquire("gate", 10_000).then((slot) => order.push(`gate ${slot}`));
    one.release("call");
    await gate;
    expect(one.inFlight).toBe(1);
    one.release("gate");
    await observe;
    expect(order).toEqual(["gate slot", "observe slot"]);
  });

  it("let more be under way with a process that answers fast, and fewer again with a slow one", () => {
    const queue = { trial: 100, gate: 100, call: 100, observe: 100 };
    const one = new Lanes({ limit: 2, most: 4, shared: false, queue, blockMs: 1, clock: systemClock });
    const waiting = (): void => void one.request("gate", { turn() {}, dueMs: 1e9 });
    for (let n = 0; n < 20; n += 1) waiting();
    expect(one.inFlight).toBe(2);
    const answer = (runMs: number): number => {
      one.took(runMs);
      one.release("gate");
      return one.inFlight;
    };
    expect([answer(1), answer(1), answer(1), answer(20)]).toEqual([3, 4, 4, 4]);
    // What is under way already is not taken back.
    expect([answer(60), answer(60), answer(60)]).toEqual([3, 2, 2]);
    one.close();
  });

  it("count each lane for itself where the limit is not shared", () => {
    const own = lanes(1, false);
    expect(own.tryAcquire("call")).toBe(true);
    expect(own.tryAcquire("gate")).toBe(true);
    expect(own.tryAcquire("gate")).toBe(false);
  });

  it("turn away who waited too long, and who finds the queue full", async () => {
    const one = lanes(1, true);
    one.tryAcquire("gate");
    expect(await one.acquire("gate", 1)).toBe("busy");
    void one.acquire("observe", undefined);
    void one.acquire("observe", undefined);
    expect(one.waiting("observe")).toBe(2);
    expect(await one.acquire("observe", undefined)).toBe("overloaded");
    one.close();
  });

  it("are first come first served", async () => {
    const one = lanes(1, true);
    one.tryAcquire("gate");
    const order: number[] = [];
    const first = one.acquire("gate", 10_000).then(() => order.push(1));
    const second = one.acquire("gate", 10_000).then(() => order.push(2));
    one.release("gate");
    await first;
    expect(one.tryAcquire("gate")).toBe(false);
    one.release("gate");
    await second;
    expect(order).toEqual([1, 2]);
  });

  it("when closed turn away all who wait and all who come", async () => {
    const one = lanes(1, true);
    one.tryAcquire("gate");
    const waits = one.acquire("gate", 10_000);
    one.close();
    expect(await waits).toBe("closed");
    expect(await one.acquire("gate", 10_000)).toBe("closed");
    expect(one.tryAcquire("gate")).toBe(false);
    one.release("gate");
    expect(one.idle).toBe(true);
  });

  it("tell when they are idle: nothing under way in any lane, and nobody waiting", async () => {
    const one = lanes(1, false);
    await one.whenIdle(60_000);
    for (const lane of ["gate", "call", "observe"] as const) {
      one.tryAcquire(lane);
      expect(one.idle).toBe(false);
      expect(one.inFlight).toBe(1);
      let told = false;
      const idle = one.whenIdle(60_000).then(() => (told = true));
      const waits = one.acquire(lane, undefined);
      one.release(lane);
      await waits;
      expect([told, one.idle]).toEqual([false, false]);
      one.release(lane);
      await idle;
      expect(one.idle).toBe(true);
    }
  });

  it("stop waiting to be idle when the time is up", async () => {
    const one = lanes(1, true);
    one.tryAcquire("observe");
    await one.whenIdle(1);
    expect(one.idle).toBe(false);
  });

  it("let observers wait without limit", async () => {
    const one = lanes(1, true);
    one.tryAcquire("gate");
    const gate = one.acquire("gate", 1);
    const observer = one.acquire("observe", undefined);
    expect(await gate).toBe("busy");
    expect(one.waiting("observe")).toBe(1);
    one.release("gate");
    expect(await observer).toBe("slot");
  });
});
