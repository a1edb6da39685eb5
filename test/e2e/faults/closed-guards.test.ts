import type { HostLimits } from "@synaps/host";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { call, inState, quickHook, variant } from "../host/support/fixture.js";
import { verifies } from "../../requirements/verifies.js";

interface Case {
  what: string;
  habit: string;
  args?: readonly string[];
  deadlineMs: number;
  limits?: Partial<HostLimits>;
  /** What it has to be before the event. */
  state: "failed" | "quarantined" | "running";
  /** Events that bring it there. */
  before?: number;
  /** Another one in front of it, that takes the chain's time. */
  crowded?: boolean;
  reason: string;
}

const CASES: readonly Case[] = [
  { what: "never started", habit: "exits-on-start", deadlineMs: 2_000, state: "failed", reason: "failed" },
  {
    what: "dead, and set aside",
    habit: "exits-on-event",
    args: ["always"],
    deadlineMs: 2_000,
    limits: { crashBudget: 1 },
    before: 1,
    state: "quarantined",
    reason: "quarantined",
  },
  { what: "too slow", habit: "never-answers", deadlineMs: 200, state: "running", reason: "timeout" },
  {
    what: "starved of the chain's time",
    habit: "never-answers",
    deadlineMs: 400,
    limits: { chainBudgetMs: 400, chainReserveMs: 100 },
    crowded: true,
    state: "running",
    reason: "budget",
  },
];

const POLICIES = ["first_decision", "rewrite_then_veto"] as const;
const table = CASES.flatMap((one) => POLICIES.map((chain) => [one.what, chain, one] as const));

it.each(table)(
  verifies("FAIL-026") + "a guard that is %s blocks when closed, and is passed over when open (%s)",
  async (_, chain, one) => {
    for (const closed of [true, false]) {
      const folder = tempDir();
      const on_failure = closed ? "closed" : "open";
      variant(folder, one.habit, {
        id: "guard",
        ...(one.args ? { args: one.args } : {}),
        extension: {
          permissions: ["tools.intercept", "hooks.fail_closed"],
          hooks: [quickHook(one.deadlineMs, { on_failure })],
        },
      });
      // By its name asked before the guard.
      if (one.crowded)
        variant(folder, "never-answers", { id: "crowd", extension: { hooks: [quickHook(one.deadlineMs)] } });
      const { host } = await startedHost([folder], { chain, limits: { ...one.limits } });
      for (let n = 0; n < (one.before ?? 0); n += 1) await host.emit(call(n));
      await inState(host, "guard", one.state);

      const outcome = await host.emit(call("the event"));
      const vote = outcome.votes.find(({ extension }) => extension === "guard");
      expect(vote).toMatchObject({ status: "abstained", reason: one.reason, closed });
      if (!closed) expect(outcome.action).toBe("continue");
      else
        expect(outcome).toMatchObject({
          action: "block",
          by: "guard",
          reason: expect.stringContaining(one.reason),
        });
      await host.stop();
    }
  },
);

it(
  verifies("FAIL-051") +
    "of many calls at the same time none passes a slow guard unseen: without its vote it is blocked",
  async () => {
    const folder = tempDir();
    variant(folder, "takes-its-time", {
      id: "guard",
      extension: {
        protocol_version: 1,
        permissions: ["tools.intercept", "hooks.fail_closed"],
        hooks: [quickHook(1_000, { on_failure: "closed" })],
      },
    });
    const { host } = await startedHost([folder], { limits: { chainBudgetMs: 1_500, chainReserveMs: 0 } });
    const outcomes = await Promise.all(Array.from({ length: 32 }, (_, n) => host.emit(call({ ms: 100, n }))));
    const seen = outcomes.map(({ action, votes: [vote] }) => `${action} ${vote?.status}`);
    expect(new Set(seen)).toEqual(new Set(["continue voted", "block abstained"]));
    expect(host.snapshot().subscriptions).toMatchObject([{ matched: 32, notReached: 0 }]);
  },
);
