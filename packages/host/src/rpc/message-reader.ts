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

  constructor(stdout: Readable, requests: RequestTable, events: ReaderEvents) {
    super();
    this.#stdout = stdout;
    this.#requests = requests;
    this.#events = events;
  }

  listen(callback: DataCallback): Disposable {
    const frames = new FrameReader({
      onMessage: (value) => this.#sort(value, callback),
      onStray: this.#events.onStray,
      onProblem: this.#events.onProblem,
    });
    const onData = (chunk: Buffer): void => {
      this.#events.onBytes();
      frames.push(chunk);
    };
    this.#stdout.on("data", onData);
    return { dispose: () => void this.#stdout.off("data", onData) };
  }

  #sort(value: unknown, callback: DataCallback): void {
    const message = classifyMessage(value);
    switch (message.type) {
      case "request":
        // Both past the library, which queues without bound and takes one a turn: a flood would be kept.
        return this.#events.onRequest(message.id, message.method, message.params);
      case "notification":
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
    if (!pending) {
      if (this.#requests.wasSent(id)) this.#events.onLateReply();
      else this.#reject("a response to a request that was never sent");
    } else if ("library" in pending) {
      callback({
        jsonrpc: "2.0",
        id: pending.library,
        ...(error ? { error } : { result }),
      } as ResponseMessage);
    } else if (error) {
      pending.lane({ type: "error", ...error });
    } else {
      pending.lane({ type: "result", result });
    }
  }

  #reject(reason: string): void {
    this.#events.onProblem({ type: "not_a_message", reason });
  }
}
