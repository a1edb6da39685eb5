import type { Readable, Writable } from "node:stream";
import { execa } from "execa";
import type { Clock } from "../../time/clock.js";
import { messageOf, systemCode } from "../../errors.js";
import { FloodBrake } from "../flood-brake.js";
import type { Platform } from "./platform/platform.js";
import type { PipePool } from "./pipes.js";
import { StderrTail } from "./stderr-tail.js";

export interface SpawnRequest {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  onStderrLine(line: string): void;
}

/** The end of a process. `error` is set instead for a process that never started. */
export interface ExitInfo {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: { code: string | undefined; message: string };
}

/** One operating system process of an extension, in a process group of its own. */
export interface ChildProcess {
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when the process ended or could not be started; a grandchild holding a pipe does not delay it. */
  readonly exited: Promise<ExitInfo>;
  readonly exit: ExitInfo | undefined;
  stderrLines(count: number): string[];
  /** Signals the process and all that belongs to it. Does nothing after `release`: the id may be a stranger's then. */
  signal(signal: NodeJS.Signals): void;
  /**
   * Kills what is left of the group and lets go of the pipes, so that a grandchild that left the group and holds the
   * other ends keeps nothing of ours open. Safe to call twice.
   */
  release(): void;
}

const SOCKETS = ["pipe", "pipe", "pipe"] as const;

/** Starts a process without a shell. Never throws: a refused start is reported by `exited`. */
export function spawnChild(
  request: SpawnRequest,
  platform: Platform,
  clock: Clock,
  pipes: PipePool,
  onReleased: () => void,
): ChildProcess {
  const named = pipes.open(request.command);
  const [stdin, stdout, stderr] = named?.stdio ?? SOCKETS;
  // Execa takes any descriptor; its types know 3 to 9 only. Where one was given, execa makes no stream.
  const subprocess = execa(request.command, [...request.args], {
    cwd: request.cwd,
    env: request.env,
    extendEnv: false,
    stdin: stdin as "pipe",
    stdout: stdout as "pipe",
    stderr: stderr as "pipe",
    buffer: false,
    reject: false,
    // A group of its own, so that grandchildren can be ended with it. Ctrl-C on a terminal does not reach it either.
    detached: platform.groups,
    cleanup: false,
    windowsHide: true,
  });
  named?.handedOver();
  const streams = {
    stdin: named?.stdin ?? subprocess.stdin,
    stdout: named?.stdout ?? subprocess.stdout,
    stderr: named?.stderr ?? subprocess.stderr,
  };
  // The host's Activity alone keeps the program alive, not a child that waits for the next event.
  subprocess.unref();
  for (const stream of Object.values(streams)) unreference(stream);
  const tail = new StderrTail(request.onStderrLine);
  const brake = new FloodBrake(clock, streams.stderr);
  streams.stderr.on("data", (chunk: Buffer) => {
    const fromMs = clock.now();
    tail.push(chunk);
    const nowMs = clock.now();
    brake.charge(nowMs - fromMs, nowMs);
  });
  streams.stderr.once("end", () => tail.end());
  streams.stdin.on("error", () => {}); // EPIPE: the exit, which says more, follows.
  streams.stdout.on("error", () => {});
  streams.stderr.on("error", () => {});

  let exit: ExitInfo | undefined;
  const exited = new Promise<ExitInfo>((resolve) => {
    const settle = (info: ExitInfo): void => {
      brake.stop();
      exit ??= info;
      resolve(exit);
    };
    subprocess.once("exit", (code, signal) => settle({ code, signal }));
    subprocess.once("error", (error) => settle(neverStarted(error)));
    // A start that is refused before there is a process is only told by the result.
    void subprocess.then((result) => {
      if (subprocess.pid === undefined) settle(neverStarted(result.cause ?? new Error("spawn failed")));
    });
  });

  const { pid } = subprocess;
  let released = false;
  const signal = (name: NodeJS.Signals): void => {
    if (pid !== undefined && !released) platform.signalTree(pid, name);
  };
  return {
    pid,
    stdin: streams.stdin,
    stdout: streams.stdout,
    exited,
    get exit() {
      return exit;
    },
    stderrLines: (count) => tail.lines(count),
    signal,
    release() {
      if (released) return;
      signal("SIGKILL");
      released = true;
      brake.stop();
      // A grandchild may hold the pipe: what came without a line end is a line all the same.
      tail.end();
      onReleased();
      for (const stream of Object.values(streams)) stream.destroy();
    },
  };
}

/** Streams of children are sockets or pipes of Node, whose types do not say so. */
function unreference(stream: object): void {
  if ("unref" in stream && typeof stream.unref === "function") stream.unref();
}

function neverStarted(error: unknown): ExitInfo {
  return { code: null, signal: null, error: { code: systemCode(error), message: messageOf(error) } };
}
