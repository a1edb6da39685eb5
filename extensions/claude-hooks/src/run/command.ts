import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { CommandRun } from "../config/handler.js";
import type { Ended } from "../answer/read.js";
import { statOf } from "../stat.js";
import { BoundedText } from "./bounded-text.js";
import { fillPlaces, fillShellPlaces, placeVariables, type Places } from "./places.js";

/** Circumstances of one run of a hook. */
export interface Circumstances {
  readonly places: Places;
  readonly cwd: string;
  /** Without the variables of places. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Written to the input, which is closed then. */
  readonly input: string;
  readonly timeoutMs: number;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** The end of a hook, or the reason why there is none. */
export type Run = Ended | { readonly failure: string };

export const MAX_STDOUT_BYTES = 1024 * 1024;
const MAX_STDERR_BYTES = 64 * 1024;
/** Time for output that is still in the pipes when the program has ended; a child of it may hold them open for ever. */
const DRAIN_MS = 100;
const NOBODY = "nobody waited for it any more";
/** Time between the request to end and the end by force. */
const TERM_MS = 250;

/** Programs that run as hooks. Each is the leader of a session of its own, without a terminal, and ends as a group. */
export class Commands {
  readonly #running = new Set<ChildProcess>();

  get count(): number {
    return this.#running.size;
  }

  /** Never rejects. Settles with the end of the program itself, not of what it left behind, and at the timeout at once. */
  run(command: CommandRun, how: Circumstances): Promise<Run> {
    if (how.signal.aborted) return Promise.resolve({ failure: NOBODY });
    let child: ChildProcess;
    try {
      child = start(command, how);
    } catch (error) {
      return Promise.resolve({ failure: `it could not be started: ${message(error)}` });
    }
    return new Promise((resolve) => this.#follow(child, how, resolve));
  }

  /** Ends all of them by force. */
  end(): void {
    for (const child of this.#running) signalGroup(child, "SIGKILL");
  }

  #follow(child: ChildProcess, how: Circumstances, resolve: (run: Run) => void): void {
    this.#running.add(child);
    const [stdout, stderr] = [new BoundedText(MAX_STDOUT_BYTES), new BoundedText(MAX_STDERR_BYTES)];
    child.stdout?.on("data", (part: Buffer) => stdout.add(part));
    child.stderr?.on("data", (part: Buffer) => stderr.add(part));
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(how.input);
    const settle = (run: Run): void => {
      clearTimeout(timer);
      how.signal.removeEventListener("abort", abort);
      resolve(run);
    };
    const give = (failure: string): void => {
      endGroup(child);
      settle({ failure });
    };
    const abort = (): void => give(NOBODY);
    const timer = setTimeout(() => give(`timed out after ${how.timeoutMs / 1_000} s`), how.timeoutMs);
    how.signal.addEventListener("abort", abort, { once: true });
    child.once("error", (error) => {
      this.#running.delete(child);
      settle({ failure: `it could not be started: ${message(error)}` });
    });
    child.once("exit", (code, signal) => {
      this.#running.delete(child);
      const ended = (): void => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        if (code === null) return settle({ failure: `it was ended by ${signal}` });
        if (stdout.isCut && code !== 2) return settle({ failure: "it wrote more than 1 MiB" });
        settle({ code, stdout: stdout.isCut ? "" : stdout.toString(), stderr: stderr.toString() });
      };
      const drain = setTimeout(ended, DRAIN_MS);
      child.once("close", () => {
        clearTimeout(drain);
        ended();
      });
    });
  }
}

function start({ command, args, shell }: CommandRun, { places, cwd, env }: Circumstances): ChildProcess {
  if (places.pluginData !== null) mkdirSync(places.pluginData, { recursive: true, mode: 0o700 });
  const options = {
    cwd: isFolder(cwd) ? cwd : isFolder(places.projectDir) ? places.projectDir : "/",
    env: { ...env, ...placeVariables(places) },
    detached: true,
    stdio: "pipe" as const,
  };
  if (args === undefined) return spawn(shell, ["-c", fillShellPlaces(command, places)], options);
  const [program, ...words] = [command, ...args].map((word) => fillPlaces(word, places));
  return spawn(program as string, words, options);
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() === true;
}

function endGroup(child: ChildProcess): void {
  signalGroup(child, "SIGTERM");
  setTimeout(() => signalGroup(child, "SIGKILL"), TERM_MS);
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended.
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
