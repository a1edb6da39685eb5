import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { call, inState, quickHook, statusOf, variant, votes } from "../host/support/fixture.js";
import { verifies } from "../../requirements/verifies.js";

const PINGS = { pingIdleMs: 100, pingMs: 150, pingMisses: 3 };

it.each([1, 2, 3])(
  verifies("FAIL-011") + "protocol %i without pings: three deadlines without a byte mean hung",
  async (protocol_version) => {
    const folder = tempDir();
    const extension = { protocol_version, hooks: [quickHook(150)] };
    variant(folder, "never-answers", { id: "bad", extension });
    // The breaker must not spare it the third deadline.
    const { host } = await startedHost([folder], { limits: { breakerTimeouts: 99 } });
    await host.emit(call(1));
    await host.emit(call(2));
    expect(statusOf(host, "bad").process?.restartCount).toBe(0);
    await host.emit(call(3));
    const { process: one } = await inState(host, "bad", "degraded");
    expect(one).toMatchObject({ restartCount: 1, poisoned: [] });
    expect(one?.reason).toMatch(/^hung: several deadlines passed without a byte from it; .*SIGKILL/);
  },
);

it(verifies("FAIL-012") + "deadlines with signs of life between them do not add up", async () => {
  const folder = tempDir();
  variant(folder, "answers-late", { id: "late", extension: { hooks: [quickHook(500)] } });
  const { host } = await startedHost([folder], { limits: { breakerTimeouts: 99 } });
  // It answers each event when the next one comes: always too late, but it lives.
  for (let n = 0; n < 8; n += 1)
    expect(votes(await host.emit(call({ n })))).toEqual(["late: abstained timeout"]);
  await until("all but the last answer came", () => statusOf(host, "late").process?.lateReplies === 7);
  expect(statusOf(host, "late")).toMatchObject({ state: "running", process: { restartCount: 0 } });
});

it(verifies("FAIL-009") + "one that negotiated pings and answers none is stuck once it is idle", async () => {
  const folder = tempDir();
  variant(folder, "ignores-pings", { id: "bad" });
  variant(folder, "ignores-pings", { id: "honest", args: ["honest"] });
  const { host } = await startedHost([folder], { limits: { ...PINGS, crashBudget: 1e9 } });
  expect(votes(await host.emit(call()))).toEqual(["bad: continue", "honest: continue"]);
  await until("it was restarted", () => (statusOf(host, "bad").process?.restartCount ?? 0) >= 2);
  expect(statusOf(host, "bad").process?.reason).toMatch(/^stuck: it answered no ping; /);
  // The one that promised nothing is left alone all the while.
  expect(statusOf(host, "honest")).toMatchObject({ state: "running", process: { restartCount: 0 } });
});

it(
  verifies("FAIL-009") + "one that closes its input is found by its pings, though none of them can be sent",
  async () => {
    const folder = tempDir();
    variant(folder, "closes-stdin-with-pings", { id: "bad" });
    const { host } = await startedHost([folder], { limits: { ...PINGS, crashBudget: 1e9 } });
    await until("it was restarted", () => (statusOf(host, "bad").process?.restartCount ?? 0) >= 1);
    expect(statusOf(host, "bad").process?.reason).toMatch(/^stuck: it answered no ping; /);
  },
);

it(
  verifies("FAIL-010") + "busy inside its deadline is not stuck: a handler of 2.5 times the ping's time",
  async () => {
    const folder = tempDir();
    variant(folder, "takes-its-time", { id: "busy" });
    const { host } = await startedHost([folder], { limits: PINGS });
    for (let n = 0; n < 3; n += 1) {
      // More pings would be missed meanwhile than it takes to be called stuck.
      const outcome = await host.emit(call({ ms: 2.5 * PINGS.pingMs + PINGS.pingIdleMs + n * 400 }));
      expect(votes(outcome)).toEqual(["busy: continue"]);
    }
    expect(statusOf(host, "busy")).toMatchObject({ state: "running", process: { restartCount: 0 } });
  },
);

it(
  verifies("FAIL-010") + "who answers events and no ping is left alone as long as there are events",
  async () => {
    const folder = tempDir();
    variant(folder, "ignores-pings", { id: "bad" });
    const { host } = await startedHost([folder], { limits: { pingIdleMs: 500, pingMs: 50, pingMisses: 2 } });
    const end = performance.now() + 2_000;
    for (let n = 0; performance.now() < end; n += 1)
      expect(votes(await host.emit(call({ n })))).toEqual(["bad: continue"]);
    expect(statusOf(host, "bad")).toMatchObject({ state: "running", process: { restartCount: 0 } });
  },
);

it(
  verifies("FAIL-011") + "one whose deadline is as long as the chain's time is found hung at the chain's end",
  async () => {
    const folder = tempDir();
    const chainBudgetMs = 400;
    variant(folder, "never-answers", { id: "bad", extension: { hooks: [quickHook(chainBudgetMs)] } });
    const { host } = await startedHost([folder], { limits: { chainBudgetMs, breakerTimeouts: 99 } });
    // A moment of the chain's time is gone before it is asked: it is the chain that ends, not its own deadline.
    for (let n = 0; n < 3; n += 1) expect(votes(await host.emit(call(n)))).toEqual(["bad: abstained budget"]);
    expect((await inState(host, "bad", "degraded")).process?.reason).toMatch(/^hung: /);
  },
);
