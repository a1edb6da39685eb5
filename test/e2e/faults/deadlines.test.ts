import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { allLive } from "../../helpers/wait.js";
import { call, quickHook, variant, votes } from "../host/support/fixture.js";
import { beside, MOST_EXCESS_MS } from "./support.js";
import { verifies } from "../../requirements/verifies.js";

const DEADLINE_MS = 250;
const NEVER = 1e9;

/** Each with what its votes are, event by event. */
const CHILDREN: readonly [string, string, readonly string[]][] = [
  ["stopped by SIGSTOP", "sigstop", Array(6).fill("abstained timeout")],
  ["in a busy loop", "busy-loop", Array(6).fill("abstained timeout")],
  ["that never reads its input again", "stops-reading", ["continue", ...Array(5).fill("abstained timeout")]],
  ["gone, with a grandchild holding its output", "forks-grandchild-holding-stdout", []],
  [
    "never scheduled, not even up to its first instruction",
    "never-scheduled",
    Array(6).fill("abstained starting"),
  ],
];

it.each(CHILDREN)(
  verifies("FAIL-024") + "the deadline is kept with a child %s",
  async (_what, habit, expected) => {
    const folder = tempDir();
    variant(folder, habit, { id: "bad", extension: { hooks: [quickHook(DEADLINE_MS)] } });
    const { host } = await startedHost([folder], {
      limits: {
        startMs: 300,
        handshakeMs: 60_000,
        // Nothing spares the chain the wait, and nothing starts the child anew.
        hungDeadlines: NEVER,
        breakerTimeouts: NEVER,
        poisonCrashes: NEVER,
        crashBudget: NEVER,
      },
    });
    const seen: string[] = [];
    const excesses: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      // One that is not there is waited for, up to the deadline, before its own deadline begins.
      if (expected.length === 0) await allLive(host);
      const { value, excessMs } = await beside(DEADLINE_MS, () => host.emit(call(n)));
      expect(value.action).toBe("continue");
      excesses.push(excessMs);
      seen.push(...votes(value).map((vote) => vote.replace("bad: ", "")));
    }
    // A busy machine delays some of them; what the host is late by, it is late by each time.
    const [, , third] = excesses.sort((a, b) => a - b);
    expect(third).toBeLessThanOrEqual(MOST_EXCESS_MS);
    if (expected.length > 0) expect(seen).toEqual(expected);
    // How far the restart after a crash gets within the deadline depends on the machine; an answer it never is.
    else expect(seen.filter((vote) => !/abstained (crash|restarting|timeout)$/.test(vote))).toEqual([]);
  },
);

it.each(["first_decision", "rewrite_then_veto"] as const)(
  verifies("FAIL-025") +
    "four that hang, each for as long as the whole chain may take, end with the chain's time (%s)",
  // A busy machine delays one of the tries; what the host is late by, it is late by in each.
  { retry: 2 },
  async (chain) => {
    const folder = tempDir();
    const chainBudgetMs = 800;
    const hooks = [quickHook(chainBudgetMs)];
    for (const id of ["a", "b", "c", "d"]) variant(folder, "never-answers", { id, extension: { hooks } });
    const { host } = await startedHost([folder], { chain, limits: { chainBudgetMs, chainReserveMs: 200 } });
    const { value, overMs, excessMs } = await beside(chainBudgetMs, () => host.emit(call()));
    expect(excessMs).toBeLessThanOrEqual(MOST_EXCESS_MS);
    // Timers may fire a millisecond early.
    expect(overMs).toBeGreaterThan(-5);
    expect(value.action).toBe("continue");
    expect(votes(value)).toEqual(["a", "b", "c", "d"].map((id) => `${id}: abstained budget`));
  },
);
