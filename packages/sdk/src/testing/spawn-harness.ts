import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { basename, resolve } from "node:path";
import { FrameReader } from "../framing/frame-reader.js";
import type { FrameProblem } from "../framing/reader-options.js";
import { FrameWriter } from "../framing/frame-writer.js";
import type { NoCatalogs } from "../define-extension.js";
import type { Catalogs } from "../protocol/catalog-types.js";
import type { InitializeResult } from "../protocol/messages.js";
import { ExtensionError } from "../errors.js";
import { childEnvironment } from "./child-environment.js";
import { ChildHold } from "./child-hold.js";
import { checkSpawnOptions } from "./option-checks.js";
import { handshake, type HandshakeOptions } from "./handshake.js";
import { HostPeer, type HostCalls } from "./host-peer.js";

/** Options of `spawnHarness`. An unknown key or a wrong type rejects with a TypeError. */
export interface SpawnHarnessOptions<O extends Catalogs = Catalogs> extends HandshakeOptions {
  /** Program to start: a path, or a name found on PATH. No shell reads it. */
  command: string;
  args?: readonly string[];
  /** Catalogs beside `synaps` whose events are sent: events and answers are typed, and answers checked. Default: none. */
  catalogs?: O;
  /** Working directory; a host uses the extension's folder. Default: this process's. */
  cwd?: string;
  /** Variables beside those that a host passes on to everybody (PATH, HOME, LANG ...). Default: none. */
  env?: Readonly<Record<string, string>>;
  /** Milliseconds for the handshake. Default 30000, as a host has it. */
  handshakeMs?: number;
  /** Milliseconds for each stage of stopping: the answer to `shutdown`, and the end of the process. Default 2000. */
  stopMs?: number;
}

/** How a process ended: `code` or `signal`, the other one is null. */
export interface ExitStatus {
  /** null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** An extension that runs as a child process, as a host sees it. Ends with `await using`; nothing restarts it. */
export interface SpawnHarness<O extends Catalogs = Catalogs> extends HostCalls<O>, AsyncDisposable {
  /** What the extension answered to `initialize`. */
  readonly initialized: InitializeResult;
  readonly pid: number;
  /** Everything the child wrote to standard error so far. */
  readonly stderr: string;
  /** Number of bytes on standard output outside of frames: anything but 0 means that the child prints there. */
  readonly strayBytes: number;
  /** Frames that could not be read. */
  readonly problems: readonly FrameProblem[];
  /** Resolves when the process has ended, by itself or not. Never rejects. Asking for it keeps the program alive. */
  readonly exited: Promise<ExitStatus>;
  /** `shutdown`, then the end of its input, then SIGKILL. Resolves with how it ended; calling it twice is fine. */
  stop(): Promise<ExitStatus>;
}

/** Most characters of standard error that an error repeats: its end. */
const LAST_WORDS = 8 * 1024;

/** Wait for the rest of standard error after the exit; a grandchild may hold it open for ever. */
const LAST_OUTPUT_MS = 200;

/**
 * Starts any program that speaks the protocol as a real child and does the handshake: the way to test an
 * extension written in another language, or a bundle as it ships. Default id: the folder's name, root: the folder,
 * protocol 3. Sets no deadline after the handshake, restarts nothing and reads no manifest. Rejects when the
 * program cannot be started, ends early or does not answer in time; then no child is left behind. Rejects with a TypeError
 * for an unknown or wrong option. Keeps the program alive only while something is waited for; a child that is still there
 * when the program ends is killed.
 */
export async function spawnHarness<const O extends Catalogs = NoCatalogs>(
  options: SpawnHarnessOptions<O>,
): Promise<SpawnHarness<O>> {
  checkSpawnOptions(spawnHarness, options);
  options.signal?.throwIfAborted();
  const folder = resolve(options.cwd ?? ".");
  const child = spawn(options.command, [...(options.args ?? [])], {
    cwd: folder,
    env: childEnvironment(options.env ?? {}),
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  const { id = basename(folder), root = folder, handshakeMs = 30_000, stopMs = 2_000 } = options;
  const writer = new FrameWriter(child.stdin);
  const hold = new ChildHold(child);
  const seen = { stderr: "", strayBytes: 0, problems: [] as FrameProblem[] };
  const lastWords = (): string => seen.stderr.slice(-LAST_WORDS);
  const peer = new HostPeer((body) => writer.send(body), options, {
    waiting: (isWaiting) => (isWaiting ? hold.take() : hold.release()),
    lastWords,
  });
  const reader = new FrameReader({
    onMessage: (message) => peer.receive(message),
    onStray: (bytes) => (seen.strayBytes += bytes),
    onProblem: (problem) => seen.problems.push(problem),
  });
  child.stdout.on("data", (chunk: Buffer) => reader.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (seen.stderr += text));
  // A child that ended breaks the pipe; its exit tells more.
  child.stdin.on("error", () => {});
  const exited = exitOf(child);
  void exited.then(({ code, signal, error }) => {
    const how = error?.message ?? (signal ? `was ended by ${signal}` : `ended with code ${code}`);
    peer.close(new Error(withWords(`${options.command}: ${how}`, lastWords())));
    options.signal?.removeEventListener("abort", abort);
  });
  const abort = (): void => {
    peer.close(options.signal?.reason as Error);
    child.kill("SIGKILL");
  };
  options.signal?.addEventListener("abort", abort, { once: true });
  let initialized: InitializeResult;
  try {
    const late = `${options.command}: no answer to initialize within ${handshakeMs} ms`;
    initialized = await within(handshake(peer, id, root, options), handshakeMs, late);
  } catch (error) {
    child.kill("SIGKILL");
    await hold.during(exited);
    throw options.signal?.aborted ? error : explained(error, lastWords());
  }
  let stopping: Promise<ExitStatus> | undefined;
  const ended = exited.then(({ code, signal }): ExitStatus => ({ code, signal }));
  const stopOnce = (): Promise<ExitStatus> => (stopping ??= hold.during(stop(child, peer, ended, stopMs)));
  return {
    initialized,
    pid: child.pid as number,
    problems: seen.problems,
    get stderr() {
      return seen.stderr;
    },
    get strayBytes() {
      return seen.strayBytes;
    },
    get exited() {
      return hold.during(ended);
    },
    send: peer.send.bind(peer) as SpawnHarness<O>["send"],
    callTool: (name, input, call) => peer.callTool(name, input, call),
    invoke: (command, args, call) => peer.invoke(command, args, call),
    told: peer.told,
    publish: (topic, data, from) => peer.publish(topic, data, from),
    drop: (...hooks) => peer.drop(...hooks),
    published: peer.published,
    complete: (provider, model, call) => peer.complete(provider, model, call),
    stream: (provider, model, call) => peer.stream(provider, model, call),
    request: (method, params, call) => peer.request(method, params, call),
    notify: (method, params) => peer.notify(method, params),
    stop: stopOnce,
    [Symbol.asyncDispose]: async () => void (await stopOnce()),
  };
}

/** The error of a handshake, with the end of the child's standard error in its message. */
function explained(error: unknown, words: string): unknown {
  if (!(error instanceof Error) || error.message.includes(words)) return error;
  const message = withWords(error.message, words);
  if (!(error instanceof ExtensionError)) return new Error(message, { cause: error });
  return new ExtensionError(message, { code: error.code, data: error.data, cause: error.cause });
}

function withWords(message: string, words: string): string {
  return words === "" ? message : `${message}\n${words}`;
}

async function stop(
  child: ChildProcessWithoutNullStreams,
  peer: HostPeer,
  ended: Promise<ExitStatus>,
  stopMs: number,
): Promise<ExitStatus> {
  // Every stage may fail in its own way; what counts is that the process has ended after the last.
  await within(peer.request("shutdown", null), stopMs).catch(() => {});
  child.stdin.end();
  await within(ended, stopMs).catch(() => child.kill("SIGKILL"));
  return ended;
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<ExitStatus & { error?: Error }> {
  return new Promise((settle) => {
    child.once("error", (error) => {
      if (child.pid === undefined) settle({ code: null, signal: null, error });
    });
    child.once("close", (code, signal) => settle({ code, signal }));
    child.once("exit", (code, signal) => {
      setTimeout(() => settle({ code, signal }), LAST_OUTPUT_MS);
    });
  });
}

function within<T>(work: Promise<T>, ms: number, late = "too late"): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late)), ms);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
