import { spawn, spawnSync } from "node:child_process";
import { events } from "@synaps/sdk/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { initializeParams } from "../../helpers/conversation.js";
import { frame, rawFrame } from "../../helpers/frames.js";
import { isAlive } from "../../helpers/is-alive.js";
import { repo } from "../../helpers/paths.js";
import { SDK_FIXTURES, spawnFixture } from "../../helpers/sdk-children.js";
import { until } from "../../helpers/wait.js";

describe("an extension as a process", () => {
  it("answers events, and hands on what handlers throw", async () => {
    const child = await spawnFixture("counts.mjs", { config: { limit: "1" } });
    const event = events.before_message({ message: "hello" });
    expect(await child.send(event)).toEqual({ action: "inject", content: "message 1" });
    await expect(child.send(event)).rejects.toMatchObject({ message: "too many messages", code: 429 });
  });

  it("answers shutdown when stop is done, and ends with 0", async () => {
    const child = await spawnFixture("counts.mjs");
    expect(await child.request("shutdown", null)).toBeNull();
    expect(child.stderr).toContain("stopped\nflushed\n");
    expect(await child.exited).toEqual({ code: 0, signal: null });
  });

  it.each([
    ["counts.mjs", "started as sample with env\nstopped\nflushed\n"],
    ["stop-hangs.mjs", "stopping for ever\n"],
  ])("runs the stop of %s and ends with 0 when its input ends", async (name, log) => {
    const child = spawn(process.execPath, [name], { cwd: SDK_FIXTURES });
    onTestFinished(() => void child.kill("SIGKILL"));
    const stderr: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const body = JSON.stringify({ jsonrpc: "2.0", method: "initialize", params: initializeParams(1), id: 1 });
    child.stdin.end(rawFrame(body));
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
    const compared =
      "hooks are not compared with the manifest: .synaps-plugin/plugin.json cannot be read (ENOENT)\n";
    expect(Buffer.concat(stderr).toString()).toBe(compared + log);
  });

  it("ends by itself after SIGKILL of its parent, although its input stays open", async () => {
    const child = await spawnFixture("intermediate.mjs", { args: ["intermediate.mjs", "counts.mjs"] });
    const { pid, parent } = (await child.callTool("pids", null)) as { pid: number; parent: number };
    expect(parent).toBe(child.pid);
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, "SIGKILL");
    });
    process.kill(parent, "SIGKILL");
    expect(await child.exited).toEqual({ code: null, signal: "SIGKILL" });
    await until("the orphan has ended", () => !isAlive(pid));
    expect(child.stderr).toContain("stopped\nflushed\n");
  });

  it("ends with the stack on standard error when a timer throws", async () => {
    const child = await spawnFixture("counts.mjs");
    await child.send(events.on_session_start({ session_id: "s" }));
    const { code } = await child.exited;
    expect(code).not.toBe(0);
    expect(child.stderr).toMatch(/Error: thrown in a timer\n {4}at .*counts\.mjs/);
  });

  it("ignores a frame from the host that it cannot read, and says so", async () => {
    const child = spawn(process.execPath, ["counts.mjs"], { cwd: SDK_FIXTURES });
    onTestFinished(() => void child.kill("SIGKILL"));
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin.end(rawFrame("{{{") + frame({ jsonrpc: "2.0", method: "ping", id: "p" }));
    await new Promise((resolve) => child.once("close", resolve));
    expect(Buffer.concat(stdout).toString()).toBe(frame({ jsonrpc: "2.0", id: "p", result: {} }));
    expect(Buffer.concat(stderr).toString()).toBe("ignored a frame from the host: not_json\n");
  });
});

/** A command that runs another on a terminal of its own, and ends with its code. */
function onTerminal(command: readonly string[]): { command: string; args: string[] } | undefined {
  const has = (name: string, flag: string): boolean => spawnSync(name, [flag]).status === 0;
  if (has("script", "--version")) {
    return { command: "script", args: ["-qec", command.join(" "), "/dev/null"] };
  }
  const code =
    "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 1024))))";
  if (process.platform !== "win32" && has("python3", "--version")) {
    return { command: "python3", args: ["-c", code, ...command] };
  }
  return undefined;
}

describe("an extension started by hand", () => {
  const terminal = onTerminal([process.execPath, repo("test/sdk/fixtures/counts.mjs")]);

  it.skipIf(terminal === undefined)(
    "says what it is and ends with 2 (needs `script` or python3 for a terminal)",
    async () => {
      const child = spawn(terminal?.command ?? "", terminal?.args ?? [], { stdio: ["pipe", "pipe", "pipe"] });
      onTestFinished(() => void child.kill("SIGKILL"));
      const output: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
      const code = await new Promise((resolve) => child.once("close", resolve));
      expect(code).toBe(2);
      const text = Buffer.concat(output).toString().replaceAll("\r\n", "\n");
      expect(text).toContain("This program is an extension: it talks to a host");
      expect(text).toContain("synaps-ext run --extensions-dir");
      expect(text).not.toContain("Content-Length");
    },
  );
});
