import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../../packages/host/src/time/clock.js";
import { nullLogger } from "../../../../packages/host/src/logger.js";
import { ownPlatform } from "../../../../packages/host/src/transport/process/platform/select.js";
import { Reaper } from "../../../../packages/host/src/transport/process/reaper.js";
import { WINDOWS_REAPER } from "../../../../packages/host/src/transport/process/reaper-script.js";
import { alive } from "../../../e2e/host/support/fixture.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";
import { verifies } from "../../../requirements/verifies.js";

function running(pid: number | undefined): boolean {
  try {
    return pid !== undefined && alive(pid);
  } catch {
    return false;
  }
}

/** A process that leads a group, in a folder of its own. */
function leader(cwd: string): number {
  const child = spawn("/bin/sh", ["-c", "trap '' TERM HUP; while :; do sleep 1; done"], {
    cwd,
    detached: true,
    stdio: "ignore",
  });
  const pid = Number(child.pid);
  onTestFinished(() => {
    if (running(pid)) process.kill(-pid, "SIGKILL");
  });
  return pid;
}

function reaper(): { reaper: Reaper; warnings: string[] } {
  const warnings: string[] = [];
  const logger = { ...nullLogger, warn: (message: string) => void warnings.push(message) };
  const made = new Reaper({ command: ownPlatform({}).reaper(process.pid), clock: systemClock, logger });
  onTestFinished(() => made.close());
  return { reaper: made, warnings };
}

describe.skipIf(process.platform === "win32")("the reaper", () => {
  it("kills the groups that it was told of and not told to forget, when its input ends", async () => {
    const folder = tempDir();
    const { reaper: one } = reaper();
    const pids = [leader(folder), leader(folder), leader(folder)];
    one.announce(folder);
    for (const pid of pids) one.add(pid);
    one.remove(pids[1] ?? 0);
    one.close();
    await until(
      "it and two of three are gone",
      () => !running(pids[0]) && !running(pids[2]) && !running(one.pid),
    );
    expect(running(pids[1])).toBe(true);
  });

  it("hears no gentle signal, holds no terminal and nothing of the host's", async () => {
    const folder = tempDir();
    const { reaper: one } = reaper();
    one.announce(folder);
    const pid = Number(one.pid);
    // What is written is read only after the traps are set.
    const group = leader(folder);
    one.add(group);
    await until("it has set its traps", () => /SigIgn:\s+\w*[4-7c-f]\w{3}$/m.test(status(pid)));
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.kill(pid, signal);
    expect(running(pid)).toBe(true);
    if (process.platform === "linux") {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      const [, parent, own, session, terminal] = fields.map(Number);
      expect({ parent, own, session, terminal }).toEqual({
        parent: process.pid,
        own: pid,
        session: pid,
        terminal: 0,
      });
      expect(readFileSync(`/proc/${pid}/environ`, "utf8")).toBe("PATH=/usr/bin:/bin\0");
    }
    one.remove(group);
  });

  it(
    verifies("FAIL-036") +
      "is started again when somebody kills it, and told of all that live; one warning is enough",
    async () => {
      const folder = tempDir();
      const { reaper: one, warnings } = reaper();
      one.announce(folder);
      const group = leader(folder);
      one.add(group);
      for (let n = 0; n < 2; n += 1) {
        const old = Number(one.pid);
        process.kill(old, "SIGKILL");
        await until("it is gone", () => one.pid !== old);
        // One that lived for less than a second is started again with the next child.
        one.announce(folder);
        one.add(undefined);
        expect(one.pid).not.toBe(old);
      }
      expect(warnings).toEqual(["the reaper of extension processes ended"]);
      one.close();
      await until("the group was killed", () => !running(group));
    },
  );

  it("that cannot be started is one warning and nothing else", async () => {
    const folder = tempDir();
    const warnings: string[] = [];
    const logger = { ...nullLogger, warn: (message: string) => void warnings.push(message) };
    const command = { command: join(tempDir(), "absent"), args: [], env: {} };
    const one = new Reaper({ command, clock: systemClock, logger });
    for (let n = 0; n < 3; n += 1) {
      one.announce(folder);
      one.add(undefined);
      await until("it is known to have failed", () => warnings.length === 1);
    }
    one.close();
    expect(warnings).toEqual(["the reaper of extension processes ended"]);
  });
});

it("the reaper of Windows ends the trees that are left, whatever the pieces in which it hears of them", async () => {
  const folder = tempDir();
  const fake = join(folder, "bin", "taskkill");
  mkdirSync(join(folder, "bin"));
  writeFileSync(fake, `#!/bin/sh\necho "$@" >"${folder}/$4"\n`);
  chmodSync(fake, 0o755);
  const child = spawn(process.execPath, ["-e", WINDOWS_REAPER, fake], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  for (const piece of ["?/folder\n+1", "1\n+12\n?\n", "-12\n+13\n"]) child.stdin.write(piece);
  child.stdin.end();
  await new Promise((resolve) => child.once("exit", resolve));
  await until("two were ended", () => existsSync(join(folder, "11")) && existsSync(join(folder, "13")));
  expect(readFileSync(join(folder, "11"), "utf8")).toBe("/T /F /PID 11\n");
  expect(existsSync(join(folder, "12"))).toBe(false);
});

function status(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, "utf8");
}
