import type { Readable } from "node:stream";
import { FrameReader, type FrameProblem } from "@synaps/sdk/framing";
import { classifyMessage, type RequestId, type WireError } from "@synaps/sdk/protocol";
import {
  AbstractMessageReader,
  type DataCallback,
  type Disposable,
  type MessageReader,
  type ResponseMessage,
} from "vscode-jsonrpc/node";
import type { Clock } from "../../time/clock.js";
import { FloodBrake } from "../flood-brake.js";
import type { RequestTable } from "./request-table.js";

export interface ReaderEvents {
  /** Any bytes: a sign of life. */
  onBytes(): void;
  onStray(bytes: number, sample: string): void;
  onProblem(problem: FrameProblem | { type: "not_a_message"; reason: string }): void;
  onNotification(method: string, params: unknown): void;
  onRequest(id: RequestId, method: string, params: unknown): void;
  /** An answer came to a request that nobody waits for any more. */
  onLateReply(): void;
}

/**
 * Sorts what the bounded, resynchronising frame reader decodes: answers to our own lane go straight to whoever waits,
 * everything else to the library, under the library's own numbers.
 */
export class BoundedMessageReader extends AbstractMessageReader implements MessageReader {
  readonly #stdout: Readable;
  readonly #requests: RequestTable;
  readonly #events: ReaderEvents;

  readonly #clock: Clock;
  /** Whether something came that nobody had asked for, since it was last looked. */
  #unasked = false;

  constructor(stdout: Readable, requests: RequestTable, events: ReaderEvents, clock: Clock) {
    super();
    this.#stdout = stdout;
    this.#requests = requests;
    this.#events = events;
    this.#clock = clock;
  }

  listen(callback: DataCallback): Disposable {
    const { onBytes, onStray, onProblem } = this.#events;
    const frames = new FrameReader({
      onMessage: (value) => this.#sort(value, callback),
      onStray: (bytes, sample) => {
        this.#unasked = true;
        onStray(bytes, sample);
      },
      onProblem: (problem) => {
        this.#unasked = true;
        onProblem(problem);
      },
    });
    const brake = new FloodBrake(this.#clock, this.#stdout);
    const onData = (chunk: Buffer): void => {
      const fromMs = this.#clock.now();
      onBytes();
      frames.push(chunk);
      if (!this.#unasked) return;
      this.#unasked = false;
      const nowMs = this.#clock.now();
      brake.charge(nowMs - fromMs, nowMs);
    };
    this.#stdout.on("data", onData);
    return {
      dispose: () => {
        brake.release();
        this.#stdout.off("data", onData);
      },
    };
  }

  #sort(value: unknown, callback: DataCallback): void {
    // What nearly all are, without a look at what else it could be.
    if (isPlainResult(value)) return this.#answer(value.id, undefined, value.result, callback);
    const message = classifyMessage(value);
    switch (message.type) {
      case "request":
        this.#unasked = true;
        // Both past the library, which queues without bound and takes one a turn: a flood would be kept.
        return this.#events.onRequest(message.id, message.method, message.params);
      case "notification":
        this.#unasked = true;
        return this.#events.onNotification(message.method, message.params);
      case "response":
        return this.#answer(message.id, message.error, message.result, callback);
      case "invalid":
        return this.#reject(message.problem);
    }
  }

  #answer(
    id: string | number | null,
    error: WireError | undefined,
    result: unknown,
    callback: DataCallback,
  ): void {
    // Old extensions answer notifications with `id: null`.
    if (id === null) return;
    if (typeof id !== "number") return this.#reject("a response id must be a number");
    const pending = this.#requests.take(id);
    if (pending === undefined) {
      if (this.#requests.wasSent(id)) this.#events.onLateReply();
      else this.#reject("a response to a request that was never sent");
    } else if (typeof pending === "number") {
      callback({
        jsonrpc: "2.0",
        id: pending,
        ...(error ? { error } : { result }),
      } as ResponseMessage);
    } else if (error) {
      pending.settle({ type: "error", ...error });
    } else {
      pending.settle({ type: "result", result });
    }
  }

  #reject(reason: string): void {
    this.#events.onProblem({ type: "not_a_message", reason });
  }
}

function isPlainResult(value: unknown): value is { id: number; result: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { id, method, result, error } = value as Record<string, unknown>;
  return typeof id === "number" && result !== undefined && method === undefined && error === undefined;
}
