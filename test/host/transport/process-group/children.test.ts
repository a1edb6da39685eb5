import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ledgerFolder } from "../../../../packages/host/src/transport/process/ledger.js";
import { systemClock } from "../../../../packages/host/src/time/clock.js";
import { spawnChild } from "../../../../packages/host/src/transport/process/child.js";
import { PipePool } from "../../../../packages/host/src/transport/process/pipes.js";
import { call, gone, inState, statusOf, told, variant } from "../../../e2e/host/support/fixture.js";
import { startedHost, testHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { platformOn } from "./support.js";
import { verifies } from "../../../requirements/verifies.js";

/** The records in a base folder; none also when no host had the time to write one. */
function ledgers(baseDir: string): string[] {
  return existsSync(ledgerFolder(baseDir)) ? readdirSync(ledgerFolder(baseDir)) : [];
}

function pool(): PipePool {
  const pipes = new PipePool();
  onTestFinished(() => pipes.close());
  return pipes;
}

const linux = process.platform === "linux";

it("a child is not signalled any more once it was let go: its id may be a stranger's", async () => {
  const { platform, did } = platformOn("linux");
  let released = 0;
  const request = { command: "true", args: [], cwd: "/", env: { PATH: "/usr/bin:/bin" }, onStderrLine() {} };
  const child = spawnChild(request, platform, systemClock, pool(), () => void (released += 1));
  await child.exited;
  child.release();
  child.release();
  child.signal("SIGTERM");
  expect(did).toEqual([`kill -${child.pid} SIGKILL`]);
  expect(released).toBe(1);
});

it("a process that was never started is no child: nothing to signal, nothing to record", async () => {
  const { platform, did } = platformOn("linux");
  const request = { command: join(tempDir(), "absent"), args: [], cwd: "/", env: {}, onStderrLine() {} };
  const child = spawnChild(request, platform, systemClock, pool(), () => {});
  expect((await child.exited).error?.code).toBe("ENOENT");
  child.signal("SIGKILL");
  child.release();
  expect([child.pid, did]).toEqual([undefined, []]);
});

it("a running host has its children on record, and none when it stopped", async () => {
  const baseDir = tempDir();
  const folder = tempDir();
  variant(folder, "tells-itself");
  const { host } = await startedHost([folder], { baseDir });
  await until("they are on record", () => ledgers(baseDir).length === 1);
  await host.stop();
  expect(ledgers(baseDir)).toEqual([]);
});

it("a base folder that cannot be written costs one warning and nothing else", async () => {
  const folder = tempDir();
  const baseDir = join(tempDir(), "file");
  writeFileSync(baseDir, "");
  variant(folder, "tells-itself");
  variant(folder, "exits-on-event");
  const { host, log } = await startedHost([folder], { baseDir });
  for (let n = 0; n < 3; n += 1) await host.emit(call({ n }));
  expect(told(await host.emit(call()))).toHaveProperty("pid");
  await host.stop();
  const about = log.filter(
    ({ level, message }) => level === "warn" && message.startsWith("the record of extension"),
  );
  expect(about).toHaveLength(1);
});

it("a write to a process that is just gone hurts nobody", async () => {
  const folder = tempDir();
  variant(folder, "tells-itself");
  const { host } = await startedHost([folder], { limits: { restartBaseMs: 0, crashBudget: 100 } });
  for (let n = 0; n < 5; n += 1) {
    const pid = Number(statusOf(host, "tells-itself").process?.pid);
    process.kill(pid, "SIGKILL");
    // Written before the host can know: the kernel says EPIPE, and the event is sent again to the next process.
    const outcome = await host.emit(call({ n }));
    expect(told(outcome)["pid"]).not.toBe(pid);
    await gone(pid);
  }
});

it.skipIf(!linux)(
  verifies("FAIL-049") + "a stop while a restart is under way or due leaves no process and no record",
  async () => {
    for (const restartBaseMs of [0, 30, 600_000]) {
      const baseDir = tempDir();
      const folder = tempDir();
      variant(folder, "exits-on-start");
      variant(folder, "tells-itself");
      const limits = { restartBaseMs, restartCapMs: 600_000, restartAttempts: 100, crashBudget: 100 };
      const { host } = testHost({ folders: [folder], baseDir, limits });
      await host.start();
      const { process: snapshot } = await inState(host, "tells-itself", "running");
      const pid = Number(snapshot?.pid);
      process.kill(pid, "SIGKILL");
      await until("it fell", () => statusOf(host, "tells-itself").process?.pid !== pid);
      const during = statusOf(host, "tells-itself").process?.pid;
      await Promise.all([host.stop(), host.stop()]);
      await gone(pid);
      if (during !== undefined) await gone(during);
      expect(ledgers(baseDir)).toEqual([]);
    }
  },
);
