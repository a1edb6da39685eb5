import { PassThrough, Writable } from "node:stream";
import { FrameReader } from "@synaps/sdk/framing";
import type {
  ChildProcess,
  ExitInfo,
  SpawnRequest,
} from "../../packages/host/src/transport/process/child.js";
import type { Clock } from "../../packages/host/src/time/clock.js";
import { rawFrame } from "./frames.js";

export interface Heard {
  id?: number;
  method: string;
  params: unknown;
}

/** How a process answers: with a message's result or error, or not at all. */
export type Script = (heard: Heard, child: ScriptedChild) => object | undefined | void;

/** A process that follows a script, behind the interface through which the host sees its children. */
export class ScriptedChild implements ChildProcess {
  readonly request: SpawnRequest;
  readonly clock: Clock;
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly exited: Promise<ExitInfo>;
  exit: ExitInfo | undefined;
  /** What it was asked and told, and what was done to it, in order. */
  readonly heard: Heard[] = [];
  readonly done: string[] = [];
  /** Signals that end it. */
  mortal: readonly string[] = ["SIGTERM", "SIGKILL"];
  /** The last lines that it wrote to standard error. */
  lines: string[] = [];
  #end: (exit: ExitInfo) => void = () => {};
  #released = false;

  constructor(request: SpawnRequest, clock: Clock, pid: number | undefined, script: Script) {
    this.request = request;
    this.clock = clock;
    this.pid = pid;
    this.exited = new Promise((resolve) => (this.#end = resolve));
    const reader = new FrameReader({
      onMessage: (message) => {
        const heard = message as Heard;
        this.heard.push(heard);
        const answer = script(heard, this);
        if (answer) this.say({ id: heard.id, ...answer });
      },
    });
    this.stdin = new Writable({
      write: (chunk: Buffer, _, done) => {
        reader.push(chunk);
        done();
      },
      final: (done) => {
        this.done.push("end of input");
        done();
      },
    });
  }

  /** Sends a message to the host. */
  say(message: object): void {
    this.print(rawFrame(JSON.stringify({ jsonrpc: "2.0", ...message })));
  }

  print(text: string): void {
    this.stdout.emit("data", Buffer.from(text));
  }

  /** Ends, with the end of its output behind it. */
  end(exit: Partial<ExitInfo> = {}): void {
    if (this.exit) return;
    this.exit = { code: null, signal: null, ...exit };
    this.#end(this.exit);
    for (const stream of [this.stdout, this.stderr]) {
      stream.resume();
      stream.end();
    }
  }

  stderrLines(count: number): string[] {
    return this.lines.slice(-count);
  }

  signal(name: NodeJS.Signals): void {
    if (this.#released) return;
    this.done.push(name);
    if (this.mortal.includes(name)) this.end({ signal: name });
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.done.push("released");
    this.end({ signal: "SIGKILL" });
  }

  methods(): string[] {
    return this.heard.map(({ method }) => method);
  }
}

/** The answer of a process that shakes hands and ends when it is asked to. */
export const well =
  (answer: object = { protocol_version: 3 }, others: Script = () => undefined): Script =>
  (heard, child) => {
    if (heard.method === "initialize") return { result: answer };
    if (heard.method === "shutdown") {
      child.end({ code: 0 });
      return undefined;
    }
    return others(heard, child);
  };
