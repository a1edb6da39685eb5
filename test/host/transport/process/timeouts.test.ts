import { expect, it } from "vitest";
import { call, quickHook, statusOf, told, variant, votes } from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";

const HOOKS = { hooks: [quickHook(250)] };

it(
  verifies("PROC-048") + "no answer within the deadline is an abstention; nothing is restarted",
  async () => {
    const folder = tempDir();
    variant(folder, "never-answers", { extension: HOOKS });
    const { host } = await startedHost([folder]);
    const outcome = await host.emit(call());
    expect(outcome.action).toBe("continue");
    expect(votes(outcome)).toEqual(["never-answers: abstained timeout"]);
    expect(outcome.durationMs).toBeLessThan(4_000);
    expect(statusOf(host, "never-answers")).toMatchObject({ state: "running", process: { restartCount: 0 } });
  },
);

it(verifies("PROC-048") + "one timeout does not keep the next event from being answered", async () => {
  const folder = tempDir();
  variant(folder, "never-answers", { args: ["first"], extension: HOOKS });
  const { host } = await startedHost([folder]);
  await host.emit(call());
  expect(told(await host.emit(call()))).toEqual({ seen: 2 });
});

it(
  verifies("PROC-049") + "a late answer is dropped and counted, and never taken for another event's",
  async () => {
    const folder = tempDir();
    variant(folder, "answers-late", { extension: { hooks: [quickHook(1_500)] } });
    const { host } = await startedHost([folder]);
    expect(votes(await host.emit(call()))).toEqual(["answers-late: abstained timeout"]);
    expect(await host.emit(call({ last: true }))).toMatchObject({ action: "block", reason: "in time" });
    await until("the late answer came", () => statusOf(host, "answers-late").process?.lateReplies === 1);
  },
);

it(
  verifies("PROC-050") + "a process that stops reading costs deadlines, and what waits for it is bounded",
  async () => {
    const folder = tempDir();
    variant(folder, "stops-reading", { extension: { max_concurrency: 4, hooks: [quickHook(3_000)] } });
    const { host } = await startedHost([folder]);
    expect(votes(await host.emit(call()))).toEqual(["stops-reading: continue"]);
    const message = "x".repeat(30_000_000);
    const outcomes = await Promise.all([1, 2, 3].map((n) => host.emit({ ...call(n), message })));
    const [timeout, overloaded] = ["stops-reading: abstained timeout", "stops-reading: abstained overloaded"];
    expect(outcomes.flatMap(votes)).toEqual([timeout, timeout, overloaded]);
  },
);

it(verifies("PROC-051") + "an event of over 32 MiB is not sent and abstains as too_large", async () => {
  const folder = tempDir();
  variant(folder, "echoes-votes", { extension: { hooks: [{ hook: "before_message" }] } });
  const { host } = await startedHost([folder]);
  const outcome = await host.emit({ kind: "before_message", message: "x".repeat(33 * 1024 * 1024) });
  expect(votes(outcome)).toEqual(["echoes-votes: abstained too_large"]);
  expect(votes(await host.emit({ kind: "before_message", message: "x" }))).toEqual([
    "echoes-votes: continue",
  ]);
});

it(
  verifies("PROC-052") + "a process that closes its input abstains, and is not taken for dead while it lives",
  async () => {
    const folder = tempDir();
    variant(folder, "closes-stdin", { extension: HOOKS });
    const { host } = await startedHost([folder]);
    for (let n = 0; n < 3; n += 1) {
      const outcome = await host.emit(call());
      expect(votes(outcome)).toEqual(["closes-stdin: abstained timeout"]);
      expect(outcome.durationMs).toBeLessThan(4_000);
    }
    expect(statusOf(host, "closes-stdin").process?.restartCount).toBe(0);
  },
);

it(verifies("PROC-010") + "a living process that closed its output is one that does not answer", async () => {
  const folder = tempDir();
  variant(folder, "closes-stdin", { args: ["stdout"], extension: HOOKS });
  const { host } = await startedHost([folder]);
  const outcome = await host.emit(call());
  expect(votes(outcome)).toEqual(["closes-stdin: abstained timeout"]);
  expect(statusOf(host, "closes-stdin").process?.pid).toBeGreaterThan(0);
});

it(
  verifies("PROC-011") +
    "the status is read at any moment: a request under way is counted and changes nothing else",
  async () => {
    const folder = tempDir();
    variant(folder, "never-answers", { extension: HOOKS });
    const { host } = await startedHost([folder]);
    const before = statusOf(host, "never-answers").process;
    const under = host.emit(call());
    expect(statusOf(host, "never-answers").process).toEqual({ ...before, inFlight: 1 });
    await under;
    expect(statusOf(host, "never-answers").process).toEqual(before);
  },
);
