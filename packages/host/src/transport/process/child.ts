import type { Readable, Writable } from "node:stream";
import type { Clock } from "../../time/clock.js";
import { readBraked } from "../read-braked.js";
import type { Platform } from "./platform/platform.js";
import type { PipePool } from "./pipes.js";
import { startProcess, type ExitInfo, type SpawnRequest } from "./start.js";
import { StderrTail } from "./stderr-tail.js";

export type { ExitInfo, SpawnRequest } from "./start.js";

/** One operating system process of an extension, in a process group of its own. */
export interface ChildProcess {
  readonly request: SpawnRequest;
  /** Measures the time that the process gets to end. */
  readonly clock: Clock;
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
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
  const started = startProcess(request, named?.stdio ?? SOCKETS, platform.groups);
  named?.handedOver();
  const streams = {
    stdin: named?.stdin ?? started.stdin,
    stdout: named?.stdout ?? started.stdout,
    stderr: named?.stderr ?? started.stderr,
  };
  // The host's Activity alone keeps the program alive, not a child that waits for the next event.
  started.unref();
  for (const stream of Object.values(streams)) {
    unreference(stream);
    stream.on("error", () => {}); // EPIPE: the exit, which says more, follows.
  }
  let exit: ExitInfo | undefined;
  const tail = new StderrTail(request.onStderrLine);
  const endBrake = readBraked(streams.stderr, clock, (chunk) => tail.push(chunk));
  streams.stderr.once("end", () => tail.end());
  const exited = started.ended.then((info) => {
    exit = info;
    endBrake();
    return info;
  });

  const { pid } = started;
  let released = false;
  const signal = (name: NodeJS.Signals): void => {
    if (pid !== undefined && !released) platform.signalTree(pid, name);
  };
  return {
    request,
    clock,
    pid,
    ...streams,
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
      endBrake();
      // A grandchild may hold the pipe: what came without a line end is a line all the same.
      tail.end();
      onReleased();
      for (const stream of Object.values(streams)) stream.destroy();
    },
  };
}

/** Streams of children are sockets or pipes of Node, whose types do not say so. */
function unreference(stream: object): void {
  if ("unref" in stream && typeof stream.unref === "function") (stream as { unref(): void }).unref();
}
