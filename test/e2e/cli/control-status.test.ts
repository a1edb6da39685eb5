import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { until } from "../../helpers/wait.js";
import { call, cli, writeActor } from "./command.js";
import { on, startHost, writeBroken, writeInvalid } from "./control.js";
import { verifies } from "../../requirements/verifies.js";

interface Shown {
  schemaVersion: number;
  hosts: { pid: number; started_at: number; extensions: object[]; subscriptions: object[] }[];
}

const shown = (stdout: string): Shown => JSON.parse(stdout) as Shown;
const socketsOf = (base: string): string => join(base, "extensions", "control");

describe("run --control", () => {
  test("says how to look at it, and the socket is gone with it", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    const host = await startHost(folder, base);
    expect(existsSync(join(socketsOf(base), `${host.pid}.sock`))).toBe(true);
    const { code, stderr } = await host.end();
    expect(code).toBe(0);
    expect(stderr).toContain(`\nLook at it with: synaps-ext status --base-dir ${base}\n`);
    expect(existsSync(join(socketsOf(base), `${host.pid}.sock`))).toBe(false);
    const quiet = await on(base, "run", "--control", "--quiet", "--extensions-dir", folder);
    expect(quiet.stderr).toBe("");
  });

  test("goes on without a socket, and says so also when it is quiet", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    mkdirSync(socketsOf(base), { recursive: true, mode: 0o755 });
    for (const flags of [[], ["--quiet"]]) {
      const run = await on(base, "run", "--control", "--extensions-dir", folder, ...flags);
      expect(run.code).toBe(0);
      expect(run.stderr).toContain("error  The folder for the control socket");
      expect(run.stderr).not.toContain("Look at it");
    }
  });

  test("without the flag nobody can look at it", async () => {
    const base = tempDir();
    await on(base, "run", "--extensions-dir", tempDir());
    expect(existsSync(socketsOf(base))).toBe(false);
  });
});

describe("status", () => {
  test("shows each extension with its numbers and what is wrong with it", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    writeBroken(folder);
    writeInvalid(folder);
    const host = await startHost(folder, base);
    await host.emit(call({ answer: { action: "dance" } }));
    await host.emit(call());
    const { code, stdout, stderr } = await on(base, "status");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(new RegExp(`^Host ${host.pid}, up (less than 1|\\d+) s\n`));
    expect(stdout).toMatch(/^actor +1\.0\.0 +running +\d+ +0 +0 +0 +2 +1 +1 \(1 invalid\)$/m);
    expect(stdout).toMatch(
      /^broken +1\.0\.0 +failed +- +0 +0 +0 +2 +0 +2 \(2 failed\) +Failed to spawn .*…/m,
    );
    expect(stdout).toMatch(/^invalid +- +invalid( +-){7} +unknown hook kind 'before_tol_call'$/m);
    expect(stdout).toMatch(
      /\n\n.*broken.* {2}error {2}Failed to spawn extension 'broken'.*\n {2}found: .*\n {2}hint: Install/,
    );
    expect(stdout).toMatch(
      /\n.*hook {2}error {2}unknown hook kind.*\n {2}found: .*\n {2}hint: Did you mean 'before_tool_call'/,
    );
    const json = shown((await on(base, "status", "--json")).stdout);
    expect(json).toEqual({ schemaVersion: 1, hosts: [expect.objectContaining({ pid: host.pid })] });
    expect(Object.keys(json.hosts[0] ?? {}).sort()).toEqual([
      "cache",
      "extensions",
      "pid",
      "raised",
      "started_at",
      "streams",
      "subscriptions",
    ]);
    expect(json.hosts[0]?.subscriptions).toMatchObject([
      { extension: "actor", matched: 2, voted: 1, reasons: { invalid: 1 } },
      { extension: "broken", matched: 2, abstained: 2, reasons: { failed: 2 } },
    ]);
    await host.end();
  });

  test(verifies("FAIL-047") + "names breakers, and events that an extension fell over", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    const hooks = [{ hook: "before_tool_call", timeout_ms: 20 }];
    writeActor(folder, "slow", { hooks: [{ ...hooks[0], tool: "slow" }] });
    writeActor(folder, "weak", { hooks: [{ hook: "before_tool_call", tool: "weak" }] });
    const host = await startHost(folder, base);
    for (const n of [1, 2, 3]) await host.emit(call({ until: join(folder, "never"), n }, "slow"));
    await host.emit(call({ die: true }, "weak"));
    let stdout = "";
    await until("it was started again", async () => {
      ({ stdout } = await on(base, "status"));
      return /^weak .* degraded /m.test(stdout);
    });
    expect(stdout).toMatch(/^slow .* 3 \(3 timeout\).*breaker open: before_tool_call#1/m);
    expect(stdout).toMatch(/^weak .* degraded .*exited with code 7.*1 poisoned event for \d+ min/m);
    expect(stdout).toMatch(
      /^weak is not sent before_tool_call of weak \(fingerprint [0-9a-f]{16}\): it crashed over it 2 times; for \d+ min/m,
    );
    const check = await on(base, "status", "--check");
    expect([check.code, check.stdout]).toEqual([
      1,
      "slow: breaker open: before_tool_call#1: 3 missed deadlines in a row\n",
    ]);
    await host.end();
  });

  test("shows several hosts on one base folder, or the one that is named", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeBroken(folder);
    const one = await startHost(folder, base);
    const two = await startHost(folder, base);
    const both = shown((await on(base, "status", "--json")).stdout);
    expect(both.hosts.map(({ pid }) => pid)).toEqual([one.pid, two.pid]);
    const named = await on(base, "status", "--pid", String(two.pid));
    expect(named.stdout).toContain(`Host ${two.pid}`);
    expect(named.stdout).not.toContain(`Host ${one.pid}`);
    const { stdout } = await on(base, "status", "--check");
    expect(stdout).toMatch(
      new RegExp(`^host ${one.pid}: broken: failed: .*\nhost ${two.pid}: broken: failed: .*\n$`),
    );
    const gone = await on(base, "status", "--pid", "1");
    expect(gone.code).toBe(3);
    expect(gone.stderr).toContain(`hint: There are: ${one.pid}, ${two.pid}.\n`);
    await Promise.all([one.end(), two.end()]);
  });

  test("passes over what a killed host left behind", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    const [dead, alive] = [await startHost(folder, base), await startHost(folder, base)];
    await dead.end("SIGKILL");
    const socket = join(socketsOf(base), `${dead.pid}.sock`);
    expect(existsSync(socket)).toBe(true);
    const { code, stdout, stderr } = await on(base, "status");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(new RegExp(`^Host ${alive.pid}, .*\nNo extensions\\.\n$`));
    expect(existsSync(socket)).toBe(false);
    await alive.end("SIGKILL");
    expect((await on(base, "status")).code).toBe(3);
  });

  test("ends with 3 and what to do when no host runs", async () => {
    const base = tempDir();
    for (const flags of [[], ["--check"], ["--watch"]]) {
      const { code, stdout, stderr } = await on(base, "status", ...flags);
      expect([code, stdout]).toEqual([3, ""]);
      expect(stderr).toMatch(
        /^error: No host .*\nhint: Start one with: synaps-ext run --control --base-dir \S+\n$/,
      );
    }
    const { stderr } = await on(base, "status", "--json");
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "HOST_NOT_FOUND" } });
    const home = await cli(["status"], { env: { SYNAPS_BASE_DIR: "", HOME: base } });
    expect(home.stderr).toMatch(/run --control\n$/);
  });

  test.skipIf(process.platform === "win32")("tells of a host that does not answer", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    const host = await startHost(folder, base);
    host.signal("SIGSTOP");
    const [plain, check] = await Promise.all([on(base, "status"), on(base, "status", "--check")]);
    expect([plain.code, plain.stderr]).toEqual([3, expect.stringContaining("did not answer within")]);
    expect([check.code, check.stdout]).toEqual([1, expect.stringContaining(`process id ${host.pid}`)]);
    host.signal("SIGCONT");
    expect((await on(base, "status")).code).toBe(0);
    await host.end();
  });
});

describe("status --check", () => {
  test("is silent and ends with 0 when all is fine", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    const host = await startHost(folder, base);
    expect(await on(base, "status", "--check")).toEqual({ code: 0, stdout: "", stderr: "" });
    const json = JSON.parse((await on(base, "status", "--check", "--json")).stdout) as object;
    expect(json).toMatchObject({ ok: true, problems: [], hosts: [{ pid: host.pid }] });
    await host.end();
  });

  test("ends with 1 and a line for each that is not", async () => {
    const [folder, base] = [tempDir(), tempDir()];
    writeActor(folder);
    writeBroken(folder);
    writeInvalid(folder);
    const host = await startHost(folder, base);
    const { code, stdout } = await on(base, "status", "--check");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^broken: failed: Failed to spawn .*\ninvalid: invalid: unknown hook kind .*\n$/);
    const json = await on(base, "status", "--check", "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      problems: [{ pid: host.pid, extension: "broken" }, { extension: "invalid" }],
    });
    await host.end();
  });

  test("does not go with --watch, nor does a wrong process id", async () => {
    for (const flags of [["--check", "--watch"], ["--pid", "0"], ["--pid", "x"], ["extra"]]) {
      expect((await on(tempDir(), "status", ...flags)).code).toBe(2);
    }
  });
});
