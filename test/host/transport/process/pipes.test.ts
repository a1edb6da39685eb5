import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished, vi } from "vitest";
import { spawnChild } from "../../../../packages/host/src/transport/process/child.js";
import { PipePool, removeStalePipes } from "../../../../packages/host/src/transport/process/pipes.js";
import { ownPlatform } from "../../../../packages/host/src/transport/process/platform/select.js";
import { systemClock } from "../../../../packages/host/src/time/clock.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";

const env = { PATH: process.env["PATH"] ?? "" };

function child(command: string, args: readonly string[]) {
  const pipes = new PipePool();
  const errors: string[] = [];
  const request = { command, args, cwd: "/", env, onStderrLine: (line: string) => void errors.push(line) };
  const one = spawnChild(request, ownPlatform(env), systemClock, pipes, () => {});
  onTestFinished(() => {
    one.release();
    pipes.close();
  });
  return { one, errors };
}

it("a child opens its three streams by name, as it does when it is started by hand", async () => {
  const script = "set -e; echo log > /dev/stderr; read line < /dev/stdin; echo got $line > /dev/stdout";
  const { one } = child("sh", ["-c", script]);
  const said = text(one.stdout);
  one.stdin.end("hello\n");
  expect([await said, (await one.exited).code, one.stderrLines(1)]).toEqual(["got hello\n", 0, ["log"]]);
});

it("a program of a JavaScript runtime opens its standard error by name", async () => {
  const { one } = child(process.execPath, ["-e", "fs.writeFileSync('/dev/stderr', 'log\\n')"]);
  one.stdout.resume();
  expect([(await one.exited).code, one.stderrLines(1)]).toEqual([0, ["log"]]);
});

it("the end of its input reaches a child, and the end of its output the host, with a megabyte before", async () => {
  const { one } = child("sh", ["-c", "cat"]);
  const said = text(one.stdout);
  one.stdin.end("x".repeat(1_000_000));
  expect((await said).length).toBe(1_000_000);
  expect((await one.exited).code).toBe(0);
});

it("gives no pipes where there are none, and leaves nothing in the folder for temporary files", async () => {
  const folder = tempDir();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const pipes = new PipePool();
  await pipes.prepare();
  expect(readdirSync(folder)).toHaveLength(1);
  const opened = pipes.open("sh");
  opened?.handedOver();
  for (const stream of [opened?.stdin, opened?.stdout, opened?.stderr]) stream?.destroy();
  expect(opened?.stdio.map((one) => typeof one)).toEqual(["number", "number", "number"]);
  pipes.close();
  expect(readdirSync(folder)).toEqual([]);
  expect(pipes.open("sh")).toBeUndefined();
});

it("removes the folders of programs that are gone, and nothing else", async () => {
  const folder = tempDir();
  const short = spawn(process.execPath, ["-e", "0"], { stdio: "ignore" });
  await new Promise((resolve) => short.once("exit", resolve));
  const named = (pid: number | string, end = "aB3dE6"): string => `synaps-pipes-${pid}-${end}`;
  const stay = [named(process.pid), named("x"), named(0), named(`${short.pid}`, "more-than-that"), "other"];
  for (const name of [...stay, named(`${short.pid}`)]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, named(`${short.pid}`), "1"), "");
  // A link with such a name leads to somebody else's files.
  symlinkSync(tempDir(), join(folder, named(`${short.pid}`, "linked")));
  const { isAlive } = ownPlatform(env);
  removeStalePipes(isAlive, folder);
  expect(readdirSync(folder).sort()).toEqual([...stay, named(`${short.pid}`, "linked")].sort());
  removeStalePipes(isAlive, join(folder, "missing"));
});

it("a host that was killed leaves a folder that the next one finds", async () => {
  const folder = tempDir();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const pipes = new PipePool();
  await pipes.prepare();
  removeStalePipes(() => true);
  expect(readdirSync(folder)).toHaveLength(1);
  removeStalePipes((pid) => pid !== process.pid);
  expect(readdirSync(folder)).toEqual([]);
  pipes.close();
});

it("makes new pipes after somebody cleared the folder for temporary files", async () => {
  const folder = tempDir();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const pipes = new PipePool();
  await pipes.prepare();
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  expect(pipes.open("sh")).toBeUndefined();
  const opened = pipes.open("sh");
  opened?.handedOver();
  for (const stream of [opened?.stdin, opened?.stdout, opened?.stderr]) stream?.destroy();
  expect(opened).toBeDefined();
  pipes.close();
  await until("nothing is left", () => readdirSync(folder).length === 0);
});
