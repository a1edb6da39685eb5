import { readdirSync } from "node:fs";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished, vi } from "vitest";
import { spawnChild } from "../../../../packages/host/src/transport/process/child.js";
import { PipePool } from "../../../../packages/host/src/transport/process/pipes.js";
import { ownPlatform } from "../../../../packages/host/src/transport/process/platform/select.js";
import { systemClock } from "../../../../packages/host/src/time/clock.js";
import { tempDir } from "../../../helpers/temp.js";

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
