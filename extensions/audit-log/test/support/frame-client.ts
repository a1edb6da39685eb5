import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";

export interface Answer {
  id: number | null;
  result?: unknown;
  error?: { code: number; message: string };
}

export interface Start {
  command: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
}

/** Longest time a test waits for anything; far above what is needed, so that a busy machine fails no test. */
export const DEADLINE_MS = 20_000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A host reduced to its pipes: starts one extension as a real child, sends frames and collects answers. */
export class FrameClient {
  readonly child: Child;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Every answer received, in order. */
  readonly answers: Answer[] = [];
  stderr = "";
  #buffer = Buffer.alloc(0);
  #nextId = 1;
  readonly #waiting = new Set<() => void>();

  constructor({ command, args, cwd, env }: Start) {
    const base = { PATH: process.env["PATH"], HOME: process.env["HOME"] };
    this.child = spawn(command, args, { cwd, env: { ...base, ...env }, stdio: ["pipe", "pipe", "pipe"] });
    this.child.stdout.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.child.stderr.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
      this.#changed();
    });
    // A killed child breaks the pipe; the exit tells more.
    this.child.stdin.on("error", () => undefined);
    this.exited = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        resolve({ code, signal });
        this.#changed();
      });
    });
  }

  /** Sends a request without waiting and returns its id. */
  send(method: string, params: unknown = null): number {
    const id = this.#nextId++;
    this.raw(frame({ jsonrpc: "2.0", method, params, id }));
    return id;
  }

  raw(bytes: string | Buffer): void {
    this.child.stdin.write(bytes);
  }

  async call(method: string, params: unknown = null): Promise<Answer> {
    const id = this.send(method, params);
    await this.until(() => this.answers.some((answer) => answer.id === id), `the answer to ${method}`);
    return this.answers.find((answer) => answer.id === id) as Answer;
  }

  async initialize(
    version: number,
    config: Record<string, unknown>,
    root: string | null = null,
  ): Promise<Answer> {
    return this.call("initialize", {
      synaps_version: "0.3.0",
      extension_protocol_version: version,
      plugin_id: "under-test",
      plugin_root: root,
      config,
    });
  }

  hook(kind: string, fields: Record<string, unknown> = {}): Promise<Answer> {
    return this.call("hook.handle", event(kind, fields));
  }

  /** Resolves when `done` holds, which is looked at whenever the child wrote or ended. */
  async until(done: () => boolean, what: string): Promise<void> {
    if (done()) return;
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        const ended = this.child.exitCode !== null || this.child.signalCode !== null;
        if (!done() && !ended) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        if (done()) resolve();
        else reject(new Error(`the child ended before ${what}; stderr: ${this.stderr}`));
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`waited in vain for ${what}; stderr: ${this.stderr}`));
      }, DEADLINE_MS);
      this.#waiting.add(look);
    });
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  #receive(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const head = this.#buffer.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(this.#buffer.toString("latin1", 0, head))?.[1]);
      if (head < 0 || this.#buffer.length < head + 4 + length) break;
      this.answers.push(JSON.parse(this.#buffer.toString("utf8", head + 4, head + 4 + length)) as Answer);
      this.#buffer = this.#buffer.subarray(head + 4 + length);
    }
    this.#changed();
  }

  #changed(): void {
    for (const look of this.#waiting) look();
  }
}

export function frame(message: unknown): string {
  const body = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** A whole event as it travels: every key of the envelope, null where the test says nothing. */
export function event(kind: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  const keys = [
    "tool_name",
    "tool_runtime_name",
    "tool_input",
    "tool_output",
    "message",
    "session_id",
    "transcript",
    "data",
  ];
  return { kind, ...Object.fromEntries(keys.map((key) => [key, null])), ...fields };
}
