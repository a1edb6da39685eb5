import { expect, it } from "vitest";
import {
  alive,
  call,
  gone,
  inState,
  quickHook,
  statusOf,
  told,
  variant,
  votes,
} from "../../../e2e/host/support/fixture.js";
import { startedHost, testHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

it(
  verifies("PROC-053") + "stop asks by shutdown, and a process that ends by itself is not signalled",
  async () => {
    const folder = tempDir();
    variant(folder, "tells-itself");
    const { host } = await startedHost([folder], { limits: { shutdownMs: 10_000, stdinEndMs: 10_000 } });
    const pid = Number(statusOf(host, "tells-itself").process?.pid);
    await host.stop();
    await gone(pid);
    expect(statusOf(host, "tells-itself")).toMatchObject({ state: "stopped", process: { pid: undefined } });
  },
);

it(
  verifies("PROC-054") + "a process that answers no shutdown and ignores SIGTERM is gone after stop",
  async () => {
    const folder = tempDir();
    variant(folder, "ignores-sigterm");
    const limits = { shutdownMs: 100, stdinEndMs: 100, sigtermMs: 200 };
    const { host, log } = await startedHost([folder], { limits });
    const { pid } = told(await host.emit(call()));
    expect(alive(Number(pid))).toBe(true);
    await host.stop();
    await gone(Number(pid));
    expect(log.map(({ message }) => message)).toContain("SIGTERM? No.");
  },
);

it(verifies("PROC-055") + "grandchildren go with their process, also one that ignores SIGTERM", async () => {
  const folder = tempDir();
  variant(folder, "forks-grandchild");
  const { host } = await startedHost([folder]);
  const { pid, grandchild } = told(await host.emit(call()));
  expect([alive(Number(pid)), alive(Number(grandchild))]).toEqual([true, true]);
  await host.stop();
  await gone(Number(pid));
  await gone(Number(grandchild));
});

it(verifies("PROC-055") + "a grandchild of a process that crashed goes too", async () => {
  const folder = tempDir();
  variant(folder, "forks-grandchild", { args: ["dies"] });
  const { host } = await startedHost([folder], { limits: { crashBudget: 1 } });
  const { grandchild } = told(await host.emit(call()));
  await host.emit(call({ exit: true }));
  await inState(host, "forks-grandchild", "quarantined");
  await gone(Number(grandchild));
});

it(verifies("PROC-056") + "stop during a start ends what was starting", async () => {
  const folder = tempDir();
  variant(folder, "handshake-hangs", { args: ["loading"] });
  const { host } = await startedHost([folder], { limits: { startMs: 50 } });
  expect(statusOf(host, "handshake-hangs").state).toBe("starting");
  await host.stop();
  expect(statusOf(host, "handshake-hangs")).toMatchObject({ state: "stopped", process: { pid: undefined } });
});

it(verifies("PROC-056") + "stop before start finished reading leaves nothing running", async () => {
  const folder = tempDir();
  variant(folder, "echoes-votes");
  const { host } = testHost({ folders: [folder] });
  const starting = host.start();
  await Promise.all([host.stop(), starting]);
  for (const { process: snapshot } of host.snapshot().extensions) expect(snapshot?.pid).toBeUndefined();
  await expect(host.start()).rejects.toMatchObject({ code: "HOST_STOPPED" });
});

it(
  verifies("PROC-057") + "stop may be called twice, at the same time or later; the host cannot start again",
  async () => {
    const folder = tempDir();
    variant(folder, "echoes-votes");
    const { host } = await startedHost([folder]);
    await Promise.all([host.stop(), host.stop()]);
    await host.stop();
    await expect(host.start()).rejects.toMatchObject({ code: "HOST_STOPPED" });
  },
);

it(verifies("PROC-008") + "stop takes nothing new at once, though a request is still out", async () => {
  const folder = tempDir();
  variant(folder, "never-answers", { extension: { hooks: [quickHook(600)] } });
  const { host } = await startedHost([folder], { limits: { drainMs: 5_000 } });
  const under = host.emit(call());
  const stopping = host.stop();
  await new Promise((resolve) => setImmediate(resolve));
  await expect(host.emit(call())).rejects.toMatchObject({ code: "HOST_STOPPED" });
  expect(votes(await under)).toEqual(["never-answers: abstained timeout"]);
  await stopping;
  await expect(host.emit(call())).rejects.toMatchObject({ code: "HOST_STOPPED" });
});

it(verifies("PROC-058") + "stop waits for work under way to be answered", async () => {
  const folder = tempDir();
  variant(folder, "split-at-every-byte");
  const { host } = await startedHost([folder], { limits: { drainMs: 10_000 } });
  const under = host.emit(call({ answer: { action: "block", reason: "x".repeat(2_000) } }));
  await host.stop();
  expect((await under).action).toBe("block");
});

it(verifies("PROC-056") + "stop in the pause before a restart does not wait for its end", async () => {
  const folder = tempDir();
  variant(folder, "exits-on-event", { extension: { hooks: [quickHook(200)] } });
  const limits = { restartBaseMs: 600_000, restartCapMs: 600_000 };
  const { host } = await startedHost([folder], { limits, random: () => 0.99 });
  expect(votes(await host.emit(call()))).toEqual(["exits-on-event: abstained restarting"]);
  await host.stop();
  expect(statusOf(host, "exits-on-event")).toMatchObject({ state: "stopped", process: { restartCount: 0 } });
});

it(verifies("PROC-070") + "a time limit of 0 is one, an endless one is refused", async () => {
  for (const handshakeMs of [Number.POSITIVE_INFINITY, 2 ** 31, -1, Number.NaN]) {
    expect(() => testHost({ limits: { handshakeMs } })).toThrow("the limit 'handshakeMs'");
  }
  const folder = tempDir();
  variant(folder, "ignores-sigterm");
  const limits = { startMs: 0, drainMs: 0, shutdownMs: 0, stdinEndMs: 0, sigtermMs: 0, exitDrainMs: 0 };
  const { host } = await startedHost([folder], { limits });
  const { process: snapshot } = await inState(host, "ignores-sigterm", "running");
  await host.stop();
  await gone(Number(snapshot?.pid));
});
