import { DEFAULT_LIMITS } from "@synaps/host";
import {
  afterCrash,
  afterFailedRestart,
  NO_HISTORY,
  pauseMs,
  type RestartHistory,
} from "../../../../packages/host/src/supervision/restart-policy.js";
import { expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";

/** All of the jitter, so that the pause is its largest. */
const MOST = 1;

it(verifies("PROC-012") + "the first pause is the base: 250 ms", () => {
  expect(pauseMs(0, MOST, DEFAULT_LIMITS)).toBe(250);
});

it(verifies("PROC-013") + "each further pause doubles", () => {
  expect([1, 2, 3].map((streak) => pauseMs(streak, MOST, DEFAULT_LIMITS))).toEqual([500, 1_000, 2_000]);
});

it(verifies("PROC-014") + "no pause is over the cap: 15 s", () => {
  for (const streak of [6, 7, 100, 1_000_000]) expect(pauseMs(streak, MOST, DEFAULT_LIMITS)).toBe(15_000);
});

it(verifies("PROC-015") + "a first crash is always followed by a restart, within the base pause", () => {
  for (const random of [0, 0.5, 0.999]) {
    const { decision } = afterCrash(NO_HISTORY, 0, 10, random, DEFAULT_LIMITS);
    expect(decision).toEqual({ type: "restart", delayMs: 250 * random });
  }
});

it(verifies("PROC-016", "PROC-018") + "the third restart in a row that fails is the last", () => {
  expect(DEFAULT_LIMITS.restartAttempts).toBe(3);
  let history: RestartHistory = NO_HISTORY;
  const decisions: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const after = afterFailedRestart(history, MOST, DEFAULT_LIMITS);
    history = after.history;
    decisions.push(after.decision.type);
  }
  expect(decisions).toEqual(["restart", "restart", "fail"]);
});

it(verifies("PROC-017") + "base and cap of the pause can be set; it always doubles between them", () => {
  const limits = { ...DEFAULT_LIMITS, restartBaseMs: 10, restartCapMs: 35 };
  expect([0, 1, 2, 3].map((streak) => pauseMs(streak, MOST, limits))).toEqual([10, 20, 35, 35]);
});

it(
  verifies("PROC-069") +
    "half a minute of health makes the pause small again; crashes outside the window are forgotten",
  () => {
    const { crashWindowMs, restartResetMs } = DEFAULT_LIMITS;
    let history: RestartHistory = NO_HISTORY;
    const types: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const after = afterCrash(history, n * crashWindowMs, restartResetMs, MOST, DEFAULT_LIMITS);
      history = after.history;
      types.push(after.decision.type === "restart" ? String(after.decision.delayMs) : after.decision.type);
    }
    expect(new Set(types)).toEqual(new Set(["250"]));
  },
);

it(
  verifies("PROC-042") + "five crashes within five minutes quarantine, however healthy it was between them",
  () => {
    expect([DEFAULT_LIMITS.crashBudget, DEFAULT_LIMITS.crashWindowMs]).toEqual([5, 300_000]);
    let history: RestartHistory = NO_HISTORY;
    const types: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const after = afterCrash(history, n * 70_000, 60_000, MOST, DEFAULT_LIMITS);
      history = after.history;
      types.push(after.decision.type);
    }
    expect(types).toEqual(["restart", "restart", "restart", "restart", "quarantine"]);
  },
);
