import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nullLogger } from "@synaps/host";
import { runCommand, settingsOf } from "@synaps/host/tooling";
import { expect, it } from "vitest";
import { gone } from "../../../e2e/host/support/fixture.js";
import { tempDir } from "../../../helpers/temp.js";
import { until } from "../../../helpers/wait.js";

function run(script: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}) {
  const cwd = tempDir();
  const lines: string[] = [];
  const command = {
    extension: "x",
    command: "bash",
    args: ["-c", script],
    cwd,
    timeoutMs: 60_000,
    signal: undefined,
    onLine: (line: string) => void lines.push(line),
    ...options,
  };
  const settings = settingsOf({ baseDir: tempDir(), projectDir: cwd, logger: nullLogger });
  const there = (name: string): Promise<void> =>
    until(
      `${name} is there`,
      () => existsSync(join(cwd, name)) && readFileSync(join(cwd, name), "utf8") !== "",
    );
  const read = (name: string): string => readFileSync(join(cwd, name), "utf8").trim();
  return { end: runCommand(command, settings), lines, there, read };
}

it("a command that is given up gets SIGTERM, may clear up, and its last words arrive", async () => {
  const over = new AbortController();
  const one = run("trap 'echo cleared; exit 7' TERM; echo $$ > self; while :; do sleep 0.01; done", {
    signal: over.signal,
  });
  await one.there("self");
  over.abort();
  expect(await one.end).toEqual({ type: "exited", code: 7 });
  expect(one.lines).toEqual(["cleared"]);
});

it("a command that ignores SIGTERM is killed, and what it started with it", async () => {
  const over = new AbortController();
  const one = run("trap '' TERM; sleep 300 & echo $! > child; echo $$ > self; wait; sleep 300", {
    signal: over.signal,
  });
  await one.there("self");
  over.abort();
  expect(await one.end).toEqual({ type: "killed", signal: "SIGKILL" });
  for (const name of ["self", "child"]) await gone(Number(one.read(name)));
});

it("what a command started gets SIGTERM, too, when the command is ended", async () => {
  const over = new AbortController();
  const child = `trap "echo child cleared; exit" TERM; echo $$ > child; while :; do sleep 0.01; done`;
  const one = run(`bash -c '${child}' & sleep 300`, { signal: over.signal });
  await one.there("child");
  over.abort();
  await one.end;
  expect(one.lines).toContain("child cleared");
});

it("a command is not started when it was given up before", async () => {
  const one = run("echo started", { signal: AbortSignal.abort() });
  expect(await one.end).toMatchObject({ type: "killed" });
  expect(one.lines).toEqual([]);
});

it("a command that is too slow ends with that reason", async () => {
  const one = run("echo begun; sleep 300", { timeoutMs: 200 });
  expect(await one.end).toEqual({ type: "timeout" });
});

it("output beyond the bound is left out, and the last line that arrives says so", async () => {
  const one = run(`head -c 20000000 /dev/zero | tr '\\0' x | fold -w 8000`);
  expect(await one.end).toEqual({ type: "exited", code: 0 });
  expect(one.lines.at(-1)).toBe("… the rest of the output is left out");
  expect(one.lines.join("").length).toBeLessThan(17 * 1024 * 1024);
});
