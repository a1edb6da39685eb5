import type { Readable } from "node:stream";
import { FrameReader, type FrameProblem } from "@synaps/sdk/framing";
import { classifyMessage, type WireError } from "@synaps/sdk/protocol";
import {
  AbstractMessageReader,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type ResponseMessage,
} from "vscode-jsonrpc/node";

export interface ReaderEvents {
  /** Any bytes: a sign of life. */
  onBytes(): void;
  onStray(bytes: number, sample: string): void;
  onProblem(problem: FrameProblem | { type: "not_a_message"; reason: string }): void;
}

/** Feeds the library from the bounded, resynchronising frame reader, and undoes the writer's shift of request ids. */
export class BoundedMessageReader extends AbstractMessageReader implements MessageReader {
  readonly #stdout: Readable;
  readonly #events: ReaderEvents;

  constructor(stdout: Readable, events: ReaderEvents) {
    super();
    this.#stdout = stdout;
    this.#events = events;
  }

  listen(callback: DataCallback): Disposable {
    const frames = new FrameReader({
      onMessage: (value) => {
        const message = this.#toLibrary(value);
        if (message) callback(message);
      },
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

  #toLibrary(value: unknown): Message | undefined {
    const message = classifyMessage(value);
    switch (message.type) {
      case "request":
      case "notification":
        return value as Message;
      case "response":
        if (typeof message.id !== "number") {
          // Old extensions answer notifications with `id: null`; a string was never an id of ours.
          if (message.id !== null) this.#reject("a response id must be a number");
          return undefined;
        }
        return libraryResponse(
          message.id - 1,
          message.error ? { error: message.error } : { result: message.result },
        );
      case "invalid":
        this.#reject(message.problem);
        return undefined;
    }
  }

  #reject(reason: string): void {
    this.#events.onProblem({ type: "not_a_message", reason });
  }
}

function libraryResponse(id: number, outcome: { error: WireError } | { result: unknown }): ResponseMessage {
  return { jsonrpc: "2.0", id, ...outcome } as ResponseMessage;
}
