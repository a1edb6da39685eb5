import type { Readable, Writable } from "node:stream";
import { WIRE_ERRORS } from "@synaps/sdk/protocol";
import {
  CancellationTokenSource,
  createMessageConnection,
  ParameterStructures,
  ResponseError,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import type { Clock } from "../clock.js";
import { BoundedMessageReader, type ReaderEvents } from "./message-reader.js";
import { notSentReason, SingleWriteMessageWriter } from "./message-writer.js";
import type { RawParams } from "./raw-params.js";

/** Every way a request can end. An application error is an answer; it says nothing about the process. */
export type Reply =
  | { type: "result"; result: unknown }
  | { type: "error"; code: number; message: string }
  | { type: "timeout" }
  | { type: "closed" }
  | { type: "not_sent"; reason: "too_large" | "full" };

export interface ConnectionOptions extends ReaderEvents {
  stdin: Writable;
  stdout: Readable;
  clock: Clock;
  /** An answer came after its request was given up. */
  onLateReply(): void;
  onNotification(method: string, params: unknown): void;
}

const CLOSED: Reply = { type: "closed" };
const TIMEOUT: Reply = { type: "timeout" };

/** JSON-RPC with one process. Every request settles: by its answer, its deadline, or the end of the connection. */
export class Connection {
  readonly #rpc: MessageConnection;
  readonly #clock: Clock;
  readonly #onLateReply: () => void;
  readonly #pending = new Set<(reply: Reply) => void>();
  #closed = false;
  #cancels = false;

  constructor(options: ConnectionOptions) {
    this.#clock = options.clock;
    this.#onLateReply = options.onLateReply;
    const silent = { error() {}, warn() {}, info() {}, log() {} };
    this.#rpc = createMessageConnection(
      new BoundedMessageReader(options.stdout, options),
      new SingleWriteMessageWriter(options.stdin),
      silent,
    );
    this.#rpc.onRequest((method) => {
      throw new ResponseError(WIRE_ERRORS.method_not_found, `method not found: ${method}`);
    });
    this.#rpc.onNotification((method, params) => options.onNotification(method, params));
    // Without a listener the library's emitter would throw; what they report is known from elsewhere.
    this.#rpc.onError(() => {});
    this.#rpc.onClose(() => {});
    this.#rpc.listen();
  }

  /** Whether anybody waits for an answer. */
  get waiting(): boolean {
    return this.#pending.size > 0;
  }

  /** From now on a request that is given up is cancelled on the other side (protocol 3, when negotiated). */
  enableCancel(): void {
    this.#cancels = true;
  }

  /** Sends a request. Never rejects. The deadline starts when the frame is handed to the writer. */
  request(method: string, params: RawParams, deadlineMs: number, signal?: AbortSignal): Promise<Reply> {
    if (this.#closed) return Promise.resolve(CLOSED);
    return new Promise((resolve) => {
      const cancel = this.#cancels ? new CancellationTokenSource() : undefined;
      let open = true;
      const settle = (reply: Reply): void => {
        if (!open) return;
        open = false;
        timer.cancel();
        this.#pending.delete(settle);
        signal?.removeEventListener("abort", giveUp);
        resolve(reply);
      };
      const giveUp = (): void => {
        settle(TIMEOUT);
        cancel?.cancel();
      };
      const timer = this.#clock.after(deadlineMs, giveUp);
      this.#pending.add(settle);
      signal?.addEventListener("abort", giveUp, { once: true });
      const arrived = (reply: Reply): void => {
        if (!open && (reply.type === "result" || reply.type === "error")) this.#onLateReply();
        settle(reply);
      };
      this.#send(method, params, cancel).then(
        (result) => arrived({ type: "result", result }),
        (error: unknown) => arrived(replyOf(error)),
      );
    });
  }

  /** Settles everything that is under way as closed and frees the streams' listeners. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const settle of [...this.#pending]) settle(CLOSED);
    // The library keeps pending requests until it is disposed; disposing rejects them, which nobody awaits any more.
    this.#rpc.dispose();
  }

  // async: the library throws synchronously on a closed connection.
  async #send(
    method: string,
    params: RawParams,
    cancel: CancellationTokenSource | undefined,
  ): Promise<unknown> {
    return cancel
      ? this.#rpc.sendRequest(method, ParameterStructures.byName, params, cancel.token)
      : this.#rpc.sendRequest(method, ParameterStructures.byName, params);
  }
}

function replyOf(error: unknown): Reply {
  if (!(error instanceof ResponseError)) return CLOSED;
  const reason = notSentReason(error.message);
  if (reason === "too_large" || reason === "full") return { type: "not_sent", reason };
  if (reason !== undefined) return CLOSED;
  return { type: "error", code: error.code, message: error.message };
}
