import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "@synaps/host";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { call, inState, statusOf, variant, votes } from "../host/support/fixture.js";
import { verifies } from "../../requirements/verifies.js";

const DEADLY = { exit: true };

/** Different events, so that none of them is poison before the budget is used up. */
async function crash(host: Host, times: number): Promise<string[]> {
  const seen: string[] = [];
  for (let n = 0; n < times; n += 1) seen.push(...votes(await host.emit(call({ ...DEADLY, n }))));
  return seen;
}

function crashing(folder: string): void {
  variant(folder, "exits-on-event", { id: "bad", args: ["on-request"] });
}

it(
  verifies("FAIL-013") +
    "the fifth crash sets it aside with its reason, and it abstains at once until it is resumed",
  async () => {
    const folder = tempDir();
    crashing(folder);
    const { host, log } = await startedHost([folder]);
    // Two crashes for each event; the fifth comes with the first half of the third.
    expect(await crash(host, 3)).toEqual([
      "bad: abstained crash",
      "bad: abstained crash",
      "bad: abstained quarantined",
    ]);
    const status = await inState(host, "bad", "quarantined");
    expect(status.process?.reason).toContain("exited with code 1 while it had before_tool_call of 'bash'");
    expect(
      log.filter(({ message }) => message === "extension crashed").map(({ fields }) => fields["next"]),
    ).toEqual(["restart", "restart", "restart", "restart", "quarantine"]);
    const outcome = await host.emit(call({}));
    expect(outcome.votes).toMatchObject([
      { reason: "quarantined", detail: expect.stringContaining("exited with code 1"), runMs: 0 },
    ]);
    await host.resume("bad");
    expect(votes(await host.emit(call({})))).toEqual(["bad: modify"]);
    expect(statusOf(host, "bad").state).toBe("degraded");
  },
);

it(
  verifies("FAIL-014") +
    "a probe starts it again by itself; one more crash sets it aside again, long enough health ends it",
  async () => {
    const folder = tempDir();
    crashing(folder);
    const limits = { crashBudget: 1, quarantineProbeMs: 300, restartResetMs: 400 };
    const { host } = await startedHost([folder], { limits });
    await crash(host, 1);
    await inState(host, "bad", "quarantined");
    await inState(host, "bad", "degraded");
    await crash(host, 1);
    await inState(host, "bad", "quarantined");
    const before = statusOf(host, "bad").process?.restartCount ?? 0;
    await inState(host, "bad", "degraded");
    expect(statusOf(host, "bad").process?.restartCount).toBe(before + 1);
    const healthyFrom = performance.now();
    await until("it was healthy for long", () => performance.now() - healthyFrom > 500);
    expect(votes(await host.emit(call({})))).toEqual(["bad: modify"]);
  },
);

it(
  verifies("FAIL-014") + "a probe that cannot even start leaves it set aside, with the new reason",
  async () => {
    const folder = tempDir();
    const marker = join(folder, "marker");
    variant(folder, "exits-on-event", { id: "bad", args: ["broken", marker] });
    const { host } = await startedHost([folder], { limits: { crashBudget: 1, quarantineProbeMs: 200 } });
    await crash(host, 1);
    await until("the probe failed", () => statusOf(host, "bad").process?.reason?.includes("code 4") ?? false);
    await inState(host, "bad", "quarantined");
  },
);

it(
  verifies("FAIL-015") +
    "the next host on the same base folder knows it, with its reason, and gives it its probe",
  async () => {
    const folder = tempDir();
    const baseDir = tempDir();
    crashing(folder);
    const limits = { crashBudget: 1, quarantineProbeMs: 1_000 };
    const first = await startedHost([folder], { baseDir, limits });
    await crash(first.host, 1);
    await inState(first.host, "bad", "quarantined");
    const reason = statusOf(first.host, "bad").process?.reason;
    await first.host.stop();

    const { host } = await startedHost([folder], { baseDir, limits });
    expect(statusOf(host, "bad")).toMatchObject({
      state: "quarantined",
      process: { pid: undefined, reason },
    });
    expect(votes(await host.emit(call({})))).toEqual(["bad: abstained quarantined"]);
    await inState(host, "bad", "degraded");
    expect(votes(await host.emit(call({})))).toEqual(["bad: modify"]);
    // It is forgiven by word of the user, not by the probe alone.
    await host.stop();
    const third = await startedHost([folder], { baseDir, limits: { ...limits, quarantineProbeMs: 60_000 } });
    await third.host.resume("bad");
    await third.host.stop();
    const fourth = await startedHost([folder], { baseDir, limits });
    expect(statusOf(fourth.host, "bad").state).toBe("running");
  },
);

it(
  verifies("FAIL-016") + "a record from the future or by another hand keeps nothing from running",
  async () => {
    const folder = tempDir();
    crashing(folder);
    for (const since of [Number.MAX_SAFE_INTEGER, 0]) {
      const baseDir = tempDir();
      const first = await startedHost([folder], { baseDir });
      const root = statusOf(first.host, "bad").root;
      await first.host.stop();
      // A host that ran so shortly may have written nothing yet.
      mkdirSync(join(baseDir, "extensions"), { recursive: true, mode: 0o700 });
      writeFileSync(
        join(baseDir, "extensions", "quarantine.json"),
        JSON.stringify({ version: 1, quarantined: { [root]: { since, reason: "told so" } } }),
      );
      const { host } = await startedHost([folder], { baseDir, limits: { quarantineProbeMs: 300 } });
      await inState(host, "bad", "degraded");
    }
  },
);
