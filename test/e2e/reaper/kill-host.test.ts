import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ledgerFolder } from "../../../packages/host/src/transport/process/ledger.js";
import { parseLedger } from "../../../packages/host/src/transport/process/ledger-file.js";
import { startedHost } from "../../helpers/hosts.js";
import { repo } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { alive } from "../host/support/fixture.js";
import { runScript } from "./run-script.js";
import { verifies } from "../../requirements/verifies.js";

/** A machine that has other things to do takes many times the usual few seconds. */
const BUSY = { timeout: 300_000 };

const linux = process.platform === "linux";
const FIXTURES = repo("test/e2e/reaper/fixtures");

function running(pid: number): boolean {
  try {
    return alive(pid);
  } catch {
    return false;
  }
}

it.skipIf(!linux)(
  verifies("FAIL-035") + "a host that is killed at any moment leaves nobody behind",
  BUSY,
  async () => {
    const { code, report } = await runScript("kill-host", "--count", "32", "--parallel", "4", "--seed", "11");
    expect(report).toMatchObject({ kills: 32, survivors: 0, left_behind: [] });
    expect(code).toBe(0);
  },
);

it.skipIf(!linux).each(["stays", "leaves"])(
  verifies("FAIL-036") +
    "a process that the reaper was not told of yet and that %s is found by its folder, with its child",
  async (way) => {
    const folder = tempDir();
    const program = [join(FIXTURES, "dies-in-between.mjs"), folder, way];
    const { stdout, signal } = spawnSync(process.execPath, program, { encoding: "utf8" });
    const group = Number(stdout);
    onTestFinished(() => {
      if (group > 1 && hasMembers(group)) process.kill(-group, "SIGKILL");
    });
    expect([signal, group > 1]).toEqual(["SIGKILL", true]);
    await until("all are gone", () => !hasMembers(group));
  },
);

it.skipIf(!linux)(
  verifies("FAIL-037") + "what outlives the host and its reaper is ended by the next host",
  async () => {
    const baseDir = tempDir();
    const args = [join(FIXTURES, "forks-grandchild.sh"), "deaf"];
    const extension = { runtime: "process", command: "/bin/sh", args, permissions: ["tools.intercept"] };
    const root = writeExtension(tempDir(), "deaf", { ...extension, hooks: [{ hook: "before_tool_call" }] });
    const first = spawn(process.execPath, [join(FIXTURES, "host.mjs"), baseDir, "running", root], {
      stdio: "ignore",
    });
    onTestFinished(() => void first.kill("SIGKILL"));
    let pid = 0;
    await until("the child is on record", () => (pid = recorded(baseDir)) > 0);
    // The reaper first, and the host stopped, so that it starts no other.
    first.kill("SIGSTOP");
    process.kill(reaperOf(Number(first.pid)), "SIGKILL");
    first.kill("SIGKILL");
    await new Promise((resolve) => first.once("exit", resolve));
    onTestFinished(() => {
      if (running(pid)) process.kill(-pid, "SIGKILL");
    });
    expect(running(pid)).toBe(true);

    const { host, log } = await startedHost([], { baseDir });
    expect(log).toContainEqual({
      level: "warn",
      message: "a process of an earlier host was still running and was killed",
      fields: { extension: "deaf", pid, host: first.pid },
    });
    await until("it is gone", () => !running(pid));
    await host.stop();
    expect(readdirSync(ledgerFolder(baseDir))).toEqual([]);
  },
);

function hasMembers(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** The child on the only ledger, 0 as long as there is none. */
function recorded(baseDir: string): number {
  try {
    const [name = ""] = readdirSync(ledgerFolder(baseDir)).filter((one) => one.endsWith(".json"));
    return parseLedger(readFileSync(join(ledgerFolder(baseDir), name), "utf8"))?.children[0]?.pid ?? 0;
  } catch {
    return 0;
  }
}

function reaperOf(hostPid: number): number {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const own = pids.find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`\0synaps-reaper\0${hostPid}\0`);
    } catch {
      return false;
    }
  });
  return Number(own ?? fail());
}

function fail(): never {
  throw new Error("there is no reaper");
}
