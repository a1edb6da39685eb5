import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import {
  call,
  inState,
  quickHook,
  statusOf,
  told,
  variant,
  votes,
} from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

const ID = "exits-on-event";

it(
  verifies("PROC-001") +
    "a process that ends over an event is started again, and the event is sent once more",
  async () => {
    const folder = tempDir();
    variant(folder, ID, { args: ["once", join(tempDir(), "marker")] });
    const { host } = await startedHost([folder]);
    const before = statusOf(host, ID).process?.pid;
    const outcome = await host.emit(call({ n: 1 }));
    expect(told(outcome)["pid"]).not.toBe(before);
    expect(statusOf(host, ID)).toMatchObject({ state: "degraded", process: { restartCount: 1 } });
  },
);

it(
  verifies("PROC-002") + "a process that ends after its answer is back without anybody's asking",
  async () => {
    const folder = tempDir();
    variant(folder, ID, { args: ["after-answer", join(tempDir(), "marker")] });
    const { host } = await startedHost([folder]);
    const first = statusOf(host, ID).process?.pid;
    expect(votes(await host.emit(call()))).toEqual([`${ID}: continue`]);
    await inState(host, ID, "degraded");
    const { pid } = told(await host.emit(call()));
    expect(pid).not.toBe(first);
    expect(pid).toBe(statusOf(host, ID).process?.pid);
  },
);

it(
  verifies("PROC-071") +
    "an answer that a process gave right before its end counts, and is not asked for again",
  async () => {
    const folder = tempDir();
    variant(folder, ID, { args: ["last-words"] });
    const { host } = await startedHost([folder], { limits: { crashBudget: 100 } });
    let last: unknown;
    for (let n = 0; n < 8; n += 1) {
      const pid = await vi.waitFor(
        () => {
          const now = statusOf(host, ID).process?.pid;
          if (now === undefined || now === last) throw new Error("there is no new process yet");
          return now;
        },
        { timeout: 40_000, interval: 5 },
      );
      expect(told(await host.emit(call({ n })))).toEqual({ pid });
      last = pid;
    }
  },
);

it(
  verifies("PROC-003", "PROC-042") +
    "one that ends over every event is quarantined after five crashes and fails open",
  async () => {
    const folder = tempDir();
    variant(folder, ID, { args: ["always"] });
    const { host, log } = await startedHost([folder]);
    const seen: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const outcome = await host.emit(call({ n }));
      expect(outcome.action).toBe("continue");
      seen.push(...votes(outcome));
    }
    expect(seen).toEqual([
      `${ID}: abstained crash`,
      `${ID}: abstained crash`,
      `${ID}: abstained quarantined`,
      `${ID}: abstained quarantined`,
    ]);
    const status = statusOf(host, ID);
    expect(status).toMatchObject({ state: "quarantined", process: { restartCount: 4, pid: undefined } });
    expect(status.process?.reason).toContain("exited with code 1");
    expect(status.process?.reason).toContain("last on stderr: falling over");
    expect(log.filter(({ message }) => message === "extension crashed")).toHaveLength(5);
  },
);

it(verifies("PROC-004") + "every restart is counted, and shown in the status and the trace", async () => {
  const folder = tempDir();
  variant(folder, ID, { args: ["on-request"] });
  const { host, trace } = await startedHost([folder], {
    env: { ...process.env, SYNAPS_EXTENSIONS_TRACE: "1" },
  });
  for (let n = 1; n <= 2; n += 1) {
    await host.emit(call({ exit: true, n }));
    await inState(host, ID, "degraded");
    expect(statusOf(host, ID).process?.restartCount).toBe(2 * n);
  }
  expect(votes(await host.emit(call()))).toEqual([`${ID}: modify`]);
  expect(JSON.parse(trace.at(-1) ?? "")).toMatchObject({ health: "degraded", restart_count: 4 });
});

it(
  verifies("PROC-043") + "three restarts in a row that reach no handshake make it failed, with the reason",
  async () => {
    const folder = tempDir();
    variant(folder, ID, { args: ["broken", join(tempDir(), "marker")] });
    const { host } = await startedHost([folder]);
    // The event that it fell over waits for a restart within its deadline, and learns that there will be none.
    expect(votes(await host.emit(call()))).toEqual([`${ID}: abstained failed`]);
    const { process: snapshot } = await inState(host, ID, "failed");
    expect(snapshot?.restartCount).toBe(3);
    expect(snapshot?.reason).toContain("ended before its handshake: the process exited with code 4");
    expect(votes(await host.emit(call()))).toEqual([`${ID}: abstained failed`]);
  },
);

it(verifies("PROC-044") + "an error as an answer is no crash: nothing restarts, however often", async () => {
  const folder = tempDir();
  variant(folder, "rpc-error");
  const { host } = await startedHost([folder]);
  const before = statusOf(host, "rpc-error").process?.pid;
  for (let n = 0; n < 6; n += 1) {
    const outcome = await host.emit(call());
    expect(outcome.action).toBe("continue");
    expect(outcome.votes).toMatchObject([
      { status: "abstained", reason: "error", detail: "error -32000: the policy file is empty" },
    ]);
  }
  expect(statusOf(host, "rpc-error")).toMatchObject({
    state: "running",
    process: { restartCount: 0, pid: before },
  });
});

it(
  verifies("PROC-045") + "one that crashes takes no other with it, and its neighbours' answers count",
  async () => {
    const folder = tempDir();
    variant(folder, ID, { args: ["always"] });
    variant(folder, "non-object-results");
    const { host } = await startedHost([folder]);
    const outcome = await host.emit(call({ result: { action: "block", reason: "no" } }));
    expect(votes(outcome)).toEqual([`${ID}: abstained crash`, "non-object-results: block"]);
    expect(outcome).toMatchObject({ action: "block", by: "non-object-results" });
  },
);

it(
  verifies("PROC-007") + "an end is noticed while a request is out and a grandchild still holds the output",
  async () => {
    const folder = tempDir();
    variant(folder, "forks-grandchild", { args: ["dies"], extension: { hooks: [quickHook(20_000)] } });
    const { host } = await startedHost([folder]);
    const outcome = await host.emit(call({ exit: true }));
    expect(votes(outcome)).toEqual(["forks-grandchild: abstained crash"]);
    expect(outcome.durationMs).toBeLessThan(15_000);
  },
);

it(
  verifies("PROC-009") + "a restart makes a new process; the end of the old one does nothing to it",
  async () => {
    const folder = tempDir();
    variant(folder, "forks-grandchild", { args: ["dies"] });
    const { host } = await startedHost([folder]);
    const first = told(await host.emit(call()));
    await host.emit(call({ exit: true }));
    await inState(host, "forks-grandchild", "degraded");
    for (let n = 0; n < 3; n += 1) expect(told(await host.emit(call()))["pid"]).not.toBe(first["pid"]);
    expect(statusOf(host, "forks-grandchild")).toMatchObject({
      state: "degraded",
      process: { restartCount: 2 },
    });
  },
);

it.each(["never-started", "crashed", "timed-out"])(
  verifies("PROC-046") + "a guard that fails closed blocks when it is %s",
  async (how) => {
    const folder = tempDir();
    const permissions = ["tools.intercept", "hooks.fail_closed"];
    const closed = { permissions, hooks: [quickHook(300, { on_failure: "closed" })] };
    if (how === "never-started") variant(folder, "exits-on-start", { id: "guard", extension: closed });
    if (how === "crashed") variant(folder, ID, { id: "guard", extension: closed });
    if (how === "timed-out") variant(folder, "never-answers", { id: "guard", extension: closed });
    const { host } = await startedHost([folder], { limits: { crashBudget: 1 } });
    const outcome = await host.emit(call());
    expect(outcome).toMatchObject({
      action: "block",
      by: "guard",
      votes: [{ status: "abstained", closed: true }],
    });
    let ran = false;
    const result = await host.intercept({ before: "before_tool_call" }, { tool_name: "bash" }, () => {
      ran = true;
      return "";
    });
    expect([result.ran, ran]).toEqual([false, false]);
  },
);

it(verifies("PROC-047") + "a guard that fails closed withholds an output that it could not see", async () => {
  const folder = tempDir();
  const permissions = ["tools.intercept", "hooks.fail_closed"];
  const hooks = [{ hook: "after_tool_call", on_failure: "closed" }];
  variant(folder, "exits-on-start", { id: "guard", extension: { permissions, hooks } });
  const { host } = await startedHost([folder]);
  const kinds = { before: "before_tool_call", after: "after_tool_call" };
  const result = await host.intercept(kinds, { tool_name: "bash" }, () => "the secret");
  expect(result).toMatchObject({ ran: true, output: expect.stringMatching(/^\[output withheld: 'guard'/) });
});

it(
  verifies("FAIL-052") + "one whose folder is gone when it is to be started again fails with the reason",
  async () => {
    const folder = tempDir();
    const root = variant(folder, ID, { args: ["on-request"] });
    const { host } = await startedHost([folder], { limits: { restartBaseMs: 0 } });
    rmSync(root, { recursive: true });
    // It runs on without its folder, until it falls.
    expect(votes(await host.emit(call({})))).toEqual([`${ID}: modify`]);
    expect(votes(await host.emit(call({ exit: true })))).toEqual([`${ID}: abstained failed`]);
    const status = await inState(host, ID, "failed");
    expect(status.process?.reason).toContain(root);
  },
);
