import { describe, expect, it } from "vitest";
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
