import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, vi } from "vitest";
import { CLI } from "../../helpers/paths.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string | Buffer;
  cwd?: string;
  env?: Readonly<Record<string, string>>;
}

/** The command as a user runs it, with an empty base folder unless `env` names one. */
export function start(
  args: readonly string[],
  { cwd, env = {} }: Omit<RunOptions, "input"> = {},
): ChildProcessWithoutNullStreams {
  const { SYNAPS_EXTENSIONS_TRACE: _, FORCE_COLOR: __, NO_COLOR: ___, ...inherited } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: cwd ?? tempDir(),
    env: { ...inherited, SYNAPS_BASE_DIR: env["SYNAPS_BASE_DIR"] ?? tempDir(), ...env },
  });
  child.stdin.on("error", () => {}); // It may end before it read everything.
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Runs it to its end. */
export async function cli(
  args: readonly string[],
  { input = "", ...options }: RunOptions = {},
): Promise<Finished> {
  const child = start(args, options);
  child.stdin.end(input);
  return finished(child);
}

export async function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** Reads the output of a running command line by line. */
export function lineReader(child: ChildProcessWithoutNullStreams): () => Promise<ResultLine> {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => JSON.parse(String((await lines.next()).value)) as ResultLine;
}

export interface ResultLine {
  seq: number;
  kind?: string;
  outcome?: Record<string, unknown>;
  confirm?: string;
  votes?: Record<string, unknown>[];
  durationMs?: number;
  error?: { code: string; message: string; pointer?: string; hint?: string };
}

export function results(stdout: string): ResultLine[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ResultLine);
}

export const ACTOR = readFileSync(fileURLToPath(new URL("fixtures/actor.js", import.meta.url)), "utf8");
export const IN_TERMINAL = fileURLToPath(new URL("fixtures/in-terminal.py", import.meta.url));

/** Writes an extension that does what each event says, see fixtures/actor.js. */
export function writeActor(parent: string, id = "actor", section: Record<string, unknown> = {}): string {
  const extension = {
    protocol_version: 3,
    runtime: "process",
    command: "node",
    args: ["main.js"],
    permissions: ["tools.intercept", "privacy.llm_content"],
    // It often waits for the test, which a busy machine makes slow.
    hooks: [{ hook: "before_tool_call", timeout_ms: 60_000 }],
    ...section,
  };
  return writeExtension(parent, id, extension, { "main.js": ACTOR });
}

/** A before_tool_call line whose input tells the actor what to do. */
export function call(input: Record<string, unknown> = {}, tool = "bash"): string {
  return `${JSON.stringify({ kind: "before_tool_call", tool_name: tool, tool_input: input })}\n`;
}

/** Waits until nothing of the process is left. */
export async function expectGone(pid: number): Promise<void> {
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 30_000 });
}
