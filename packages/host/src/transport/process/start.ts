import type { ChildProcess as NodeProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { execa } from "execa";
import { messageOf, systemCode } from "../../errors.js";
import { lineOf } from "../../text-bounds.js";

export interface SpawnRequest {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  /** Receives each line, and at the end of the stream what came after the last line end. */
  onStderrLine(line: string): void;
  /** For short commands: sends SIGTERM to the process when the signal is aborted, SIGKILL when it still runs then. */
  cancel?: { signal: AbortSignal; forceKillAfterMs: number };
}

/** The end of a process. `error` is set instead for a process that never started. */
export interface ExitInfo {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: { code: string | undefined; message: string };
}

/** Longest message of a refused start that is kept. */
const MAX_MESSAGE_BYTES = 1_024;

/** A process that runs, or the report that the operating system refused to start one. */
export interface Started {
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves at the exit; a grandchild that holds a pipe does not delay it. */
  readonly ended: Promise<ExitInfo>;
  unref(): void;
}

/** Streams of a child by their number: a descriptor, or a stream that is to be made. */
export type Stdio = readonly [number | "pipe", number | "pipe", number | "pipe"];

/** Starts a process without a shell. Never throws and emits no error: a refused start is told by `ended`. */
export function startProcess(request: SpawnRequest, stdio: Stdio, ownGroup: boolean): Started {
  let hidden: NodeProcess | undefined;
  const note = (message: unknown): void => {
    hidden = (message as { process: NodeProcess }).process;
  };
  subscribe("child_process", note);
  try {
    return launch(request, stdio, ownGroup);
  } catch (error) {
    return refused(error, hidden);
  } finally {
    unsubscribe("child_process", note);
  }
}

function launch({ command, args, cwd, env, cancel }: SpawnRequest, stdio: Stdio, ownGroup: boolean): Started {
  // Execa takes any descriptor; its types know 3 to 9 only. Where one was given, execa makes no stream.
  const [stdin, stdout, stderr] = stdio as readonly ["pipe", "pipe", "pipe"];
  const subprocess = execa(command, [...args], {
    cwd,
    env,
    extendEnv: false,
    stdin,
    stdout,
    stderr,
    buffer: false,
    reject: false,
    // A group of its own, so that grandchildren can be ended with it. Ctrl-C on a terminal does not reach it either.
    detached: ownGroup,
    cleanup: false,
    windowsHide: true,
    ...(cancel && { cancelSignal: cancel.signal, forceKillAfterDelay: cancel.forceKillAfterMs }),
  });
  const ended = new Promise<ExitInfo>((resolve) => {
    // Execa's result waits for the pipes to close; the exit does not.
    subprocess.once("exit", (code, signal) => resolve({ code, signal }));
    void subprocess.then(({ code, originalMessage }) => {
      if (subprocess.pid === undefined) resolve(neverStarted(code, originalMessage ?? "spawn failed"));
    });
  });
  return {
    pid: subprocess.pid,
    stdin: subprocess.stdin,
    stdout: subprocess.stdout,
    stderr: subprocess.stderr,
    ended,
    unref: () => subprocess.unref(),
  };
}

/**
 * Without a free descriptor, Node returns a process that has no streams, execa throws at that, and the process emits an
 * error that nobody could listen for: it would end the program. The channel of new processes shows that process.
 */
function refused(error: unknown, hidden: NodeProcess | undefined): Started {
  const stdout = new PassThrough();
  const ended = new Promise<ExitInfo>((resolve) => {
    hidden?.once("error", (cause) => resolve(neverStarted(systemCode(cause), messageOf(cause))));
    if (hidden?.pid !== undefined) hidden.kill("SIGKILL");
    // Node emits that error before this runs; it emits none where execa refused an argument.
    setImmediate(() => resolve(neverStarted(systemCode(error), messageOf(error))));
  });
  void ended.then(() => stdout.end());
  const stderr = new PassThrough().end();
  return { pid: undefined, stdin: new PassThrough().resume(), stdout, stderr, ended, unref() {} };
}

function neverStarted(code: string | undefined, message: string): ExitInfo {
  return { code: null, signal: null, error: { code, message: lineOf(message, MAX_MESSAGE_BYTES) } };
}
