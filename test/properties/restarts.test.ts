import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterCrash,
  afterFailedRestart,
  NO_HISTORY,
  pauseMs,
  type RestartHistory,
} from "../../packages/host/src/supervision/restart-policy.js";
import {
  isLive,
  MOVES,
  StateMachine,
  type ExtensionState,
} from "../../packages/host/src/supervision/states.js";
import { verifies } from "../requirements/verifies.js";

const limits = fc.record({
  restartBaseMs: fc.integer({ min: 0, max: 1_000 }),
  restartCapMs: fc.integer({ min: 0, max: 20_000 }),
  restartResetMs: fc.integer({ min: 0, max: 60_000 }),
  restartAttempts: fc.integer({ min: 1, max: 5 }),
  crashBudget: fc.integer({ min: 1, max: 8 }),
  crashWindowMs: fc.integer({ min: 1, max: 300_000 }),
});
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** What happens next: a crash after some time up, or a restart that fails. */
const step = fc.record({
  failed: fc.boolean(),
  waitMs: fc.nat({ max: 100_000 }),
  upMs: fc.nat({ max: 100_000 }),
  random,
});

describe("the restart policy", () => {
  it("never restarts after more crashes in a window than the budget has", () => {
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 60 }), (own, steps) => {
        let history: RestartHistory = NO_HISTORY;
        let now = 0;
        const restarts: number[] = [];
        for (const { waitMs, upMs, random: jitter } of steps) {
          now += waitMs + upMs;
          const after = afterCrash(history, now, upMs, jitter, own);
          history = after.history;
          if (after.decision.type === "restart") restarts.push(now);
          const within = restarts.filter((at) => now - at < own.crashWindowMs);
          expect(within.length).toBeLessThan(Math.max(1, own.crashBudget));
          expect(history.crashes.length).toBeLessThanOrEqual(steps.length);
          if (after.decision.type === "quarantine") break;
        }
      }),
    );
  });

  it("gives up at the set number of failures in a row, never later and never earlier", () => {
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 60 }), (own, steps) => {
        let history: RestartHistory = NO_HISTORY;
        let failures = 0;
        for (const [n, { failed, upMs, random: jitter }] of steps.entries()) {
          const roomy = { ...own, crashBudget: 1_000 };
          const after = failed
            ? afterFailedRestart(history, jitter, roomy)
            : afterCrash(history, n, upMs, jitter, roomy);
          history = after.history;
          failures = failed ? failures + 1 : 0;
          expect(after.decision.type === "fail").toBe(failures >= own.restartAttempts);
          if (after.decision.type === "fail") break;
        }
      }),
    );
  });

  it("pauses between nothing and the cap, and never longer than base times two to the streak", () => {
    fc.assert(
      fc.property(limits, fc.nat({ max: 5_000 }), random, (own, streak, jitter) => {
        const pause = pauseMs(streak, jitter, own);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(own.restartCapMs);
        expect(pause).toBeLessThanOrEqual(own.restartBaseMs * 2 ** Math.min(streak, 40));
        expect(Number.isFinite(pause)).toBe(true);
      }),
    );
  });
});

describe("the state machine", () => {
  const all = Object.keys(MOVES) as ExtensionState[];

  it(verifies("FAIL-044") + "never leaves its table, whatever is asked of it", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...all), { maxLength: 40 }), (wishes) => {
        const seen: [ExtensionState, ExtensionState][] = [];
        const machine = new StateMachine((from, to) => void seen.push([from, to]));
        for (const wish of wishes) {
          const from = machine.state;
          const legal = MOVES[from].includes(wish);
          if (legal) machine.move(wish);
          else expect(() => machine.move(wish)).toThrow("illegal move");
          expect(machine.state).toBe(legal ? wish : from);
        }
        for (const [from, to] of seen) expect(MOVES[from]).toContain(to);
        // Live is only reached through a start or a restart, and the end is the end.
        for (const [from, to] of seen) if (isLive(to)) expect(["starting", "restarting"]).toContain(from);
        expect(seen.slice(0, -1).map(([, to]) => to)).not.toContain("stopped");
      }),
    );
  });
});
