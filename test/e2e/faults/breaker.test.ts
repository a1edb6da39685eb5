import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { call, quickHook, statusOf, variant, votes } from "../host/support/fixture.js";
import { verifies } from "../../requirements/verifies.js";

const DEADLINE_MS = 200;

it(
  verifies("FAIL-001") +
    "a child that answers pings and no event costs three deadlines, then nothing, and comes back by a probe",
  async () => {
    const folder = tempDir();
    const healed = join(folder, "healed");
    const hooks = [quickHook(DEADLINE_MS), { hook: "after_tool_call", timeout_ms: DEADLINE_MS }];
    const permissions = ["tools.intercept"];
    variant(folder, "answers-pings-only", { id: "bad", args: [healed], extension: { hooks, permissions } });
    const { host } = await startedHost([folder], {
      limits: { breakerProbeMs: 3_000, pingIdleMs: 50, pingMs: 500 },
    });

    for (let n = 0; n < 3; n += 1)
      expect(votes(await host.emit(call(n)))).toEqual(["bad: abstained timeout"]);
    const opened = performance.now();
    const free = [];
    for (let n = 0; n < 200; n += 1) free.push(await host.emit(call(n)));
    expect(performance.now() - opened).toBeLessThan(3_000);
    for (const outcome of free) {
      expect(outcome.votes).toMatchObject([{ status: "abstained", reason: "breaker", queueMs: 0, runMs: 0 }]);
    }
    expect(statusOf(host, "bad").process).toMatchObject({
      openBreakers: ["before_tool_call#1"],
      restartCount: 0,
    });

    // Each kind by itself: what it does with outputs is not known yet.
    const output = { kind: "after_tool_call", tool_name: "bash", tool_output: "x" };
    expect(votes(await host.emit(output))).toEqual(["bad: abstained timeout"]);

    writeFileSync(healed, "");
    await until("a probe brings it back", async () =>
      votes(await host.emit(call())).includes("bad: continue"),
    );
    expect(performance.now() - opened).toBeGreaterThanOrEqual(2_900);
    expect(statusOf(host, "bad")).toMatchObject({
      state: "running",
      process: { openBreakers: [], restartCount: 0 },
    });
  },
);

it(
  verifies("FAIL-002") +
    "while it is open, one probe at a time costs a deadline; everybody else passes at once",
  async () => {
    const folder = tempDir();
    variant(folder, "answers-pings-only", { id: "bad", extension: { hooks: [quickHook(DEADLINE_MS)] } });
    const { host } = await startedHost([folder], { limits: { breakerProbeMs: 50 } });
    for (let n = 0; n < 3; n += 1) await host.emit(call(n));
    const rounds: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const due = performance.now() + 60;
      await until("a probe is due", () => performance.now() > due);
      const all = (await Promise.all(Array.from({ length: 8 }, (_, n) => host.emit(call(n))))).flatMap(votes);
      rounds.push(`${all.filter((vote) => vote.endsWith("timeout")).length} of ${all.length}`);
    }
    expect(rounds).toEqual(["1 of 8", "1 of 8", "1 of 8", "1 of 8"]);
  },
);

it(
  verifies("FAIL-003") + "a hook that may take as long as the whole chain opens it too, one after the other",
  async () => {
    const folder = tempDir();
    const chainBudgetMs = 1_000;
    // The second one gets the reserve alone as long as the first is asked, which is not held against it.
    for (const id of ["first", "second"])
      variant(folder, "never-answers", { id, extension: { hooks: [quickHook(chainBudgetMs)] } });
    const { host } = await startedHost([folder], {
      limits: { chainBudgetMs, chainReserveMs: 100, hungDeadlines: 1e9 },
    });
    const rounds: string[] = [];
    for (let n = 0; n < 7; n += 1) rounds.push(votes(await host.emit(call(n))).join(", "));
    const [cut, free] = ["abstained budget", "abstained breaker"];
    expect(rounds).toEqual([
      ...Array(3).fill(`first: ${cut}, second: ${cut}`),
      ...Array(3).fill(`first: ${free}, second: ${cut}`),
      `first: ${free}, second: ${free}`,
    ]);
  },
);

it(
  verifies("FAIL-004") +
    "events that wait for a process with one slot in vain are busy, which opens no breaker",
  async () => {
    const folder = tempDir();
    const permissions = ["tools.intercept"];
    const hooks = [quickHook(150), { hook: "after_tool_call", timeout_ms: 30_000 }];
    const extension = { protocol_version: 1, permissions, hooks };
    variant(folder, "takes-its-time", { id: "bad", extension });
    const limits = { breakerProbeMs: 1e9, chainBudgetMs: 300, chainReserveMs: 0 };
    const { host } = await startedHost([folder], { limits });
    let open = true;
    const long = host
      .emit({ kind: "after_tool_call", tool_name: "bash", tool_output: "x", data: { ms: 5_000 } })
      .finally(() => (open = false));
    const seen: string[] = [];
    for (let n = 0; n < 6; n += 1) seen.push(...votes(await host.emit(call(n))));
    expect(seen).toEqual(Array(6).fill("bad: abstained busy"));
    expect(statusOf(host, "bad").process?.openBreakers).toEqual([]);
    expect(open).toBe(true);
    expect(votes(await long)).toEqual(["bad: continue"]);
    expect(votes(await host.emit(call()))).toEqual(["bad: continue"]);
  },
);
