import type { Readable, Writable } from "node:stream";
import { FrameWriter, type PieceSink } from "@synaps/sdk/framing";
import type { JsonValue } from "@synaps/sdk/protocol";
import {
  createMessageConnection,
  ParameterStructures,
  ResponseError,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import type { Clock } from "../../time/clock.js";
import { DirectRequests } from "./direct-requests.js";
import { InboundRequests, type RequestHandler } from "./inbound-requests.js";
import { BoundedMessageReader, type ReaderEvents } from "./message-reader.js";
import { notSentReason, SingleWriteMessageWriter } from "./message-writer.js";
import type { RawParams, SharedParams } from "./raw-params.js";
import { RequestTable, type Waiting } from "./request-table.js";

/** Every way a request can end. An application error is an answer; it says nothing about the process. */
export type Reply =
  | {
      type: "result";
      result: unknown;
      /** JSON pointers of integers in `result` whose digits were lost in parsing. */
      inexact?: readonly string[];
    }
  | { type: "error"; code: number; message: string; data?: unknown }
  /** `lagged`: the host itself did not run in time, so the process is not to blame. */
  | { type: "timeout"; lagged: boolean }
  | { type: "cancelled" }
  | { type: "closed" }
  | { type: "not_sent"; reason: "too_large" | "full" }
  /** Protocols 1 and 2: the only request in flight was answered with something that cannot be decoded. */
  | { type: "unreadable"; reason: "invalid" | "too_large"; detail: string };

export interface ConnectionOptions extends Omit<ReaderEvents, "onRequest"> {
  stdin: Writable;
  stdout: Readable;
  clock: Clock;
  /** Answers what the extension asks by itself. */
  onRequest: RequestHandler;
  /** The last open request of the extension was answered. */
  onAnswered(): void;
}

const CLOSED: Reply = { type: "closed" };
const TIMEOUT: Reply = { type: "timeout", lagged: false };
const CANCELLED: Reply = { type: "cancelled" };

/**
 * JSON-RPC with one process. Every request settles: by its answer, its deadline, or the end of the connection.
 * The library carries what belongs to the connection itself: initialize, ping, info.get and shutdown. Events and calls
 * take a lane past it: its closures and its turn of the event loop cost as much as the pipe (docs/performance.md), and
 * it keeps what was given up until an answer comes. What an extension asks is answered past it too, within a bound.
 */
export class Connection {
  readonly #rpc: MessageConnection;
  readonly #frames: FrameWriter<PieceSink>;
  readonly #direct: DirectRequests;
  readonly #inbound: InboundRequests;
  readonly #clock: Clock;
  readonly #onLateReply: () => void;
  readonly #pending = new Set<(reply: Reply) => void>();
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#clock = options.clock;
    this.#onLateReply = options.onLateReply;
    const frames = (this.#frames = new FrameWriter<PieceSink>(options.stdin, { coalesce: true }));
    const requests = new RequestTable();
    this.#direct = new DirectRequests(frames, requests, options.clock);
    const silent = { error() {}, warn() {}, info() {}, log() {} };
    const inbound = (this.#inbound = new InboundRequests(frames, options.onRequest, options.onAnswered));
    const { onBytes, onStray, onProblem, onNotification, onLateReply } = options;
    const events = { onBytes, onStray, onProblem, onNotification, onLateReply };
    const onRequest: ReaderEvents["onRequest"] = (id, method, params) => inbound.handle(id, method, params);
    this.#rpc = createMessageConnection(
      new BoundedMessageReader(options.stdout, requests, { ...events, onRequest }, options.clock),
      new SingleWriteMessageWriter(frames, requests),
      silent,
    );
    // Without a listener the library's emitter would throw; what they report is known from elsewhere.
    this.#rpc.onError(() => {});
    this.#rpc.onClose(() => {});
    this.#rpc.listen();
  }

  /** True while the extension waits for an answer of the host to a request of its own. */
  get asking(): boolean {
    return this.#inbound.open > 0;
  }

  /** Gives up a request that was posted. The extension is told first, where it understands that. */
  giveUp(id: number, reply: Reply): void {
    this.#direct.giveUp(id, reply);
  }

  /** Whether anybody waits for an answer. */
  get waiting(): boolean {
    return this.#pending.size > 0 || this.#direct.waiting;
  }

  /** From now on an event that is given up is cancelled on the other side (protocol 3, when negotiated). */
  enableCancel(): void {
    this.#direct.cancels = true;
  }

  /**
   * Hands an event or a call over, without a promise. Returns the request's number, or how it ended at once: then
   * `waiting` is not told. The deadline is `waiting`'s own.
   */
  post(method: string, params: RawParams | SharedParams, waiting: Waiting): number | Reply {
    return this.#closed ? CLOSED : this.#direct.post(method, params, waiting);
  }

  /**
   * The same with a promise that never rejects. What is given up, by its deadline or by the signal, is cancelled on
   * the other side where that was negotiated.
   */
  send(
    method: string,
    params: RawParams | SharedParams,
    deadlineMs: number,
    signal?: AbortSignal,
  ): Promise<Reply> {
    if (signal?.aborted) return Promise.resolve(CANCELLED);
    return new Promise((resolve) => {
      const settle = (reply: Reply): void => {
        signal?.removeEventListener("abort", cancel);
        resolve(reply);
      };
      const cancel = (): void => {
        if (typeof posted === "number") this.#direct.giveUp(posted, CANCELLED);
      };
      signal?.addEventListener("abort", cancel, { once: true });
      const posted = this.post(method, params, { settle, dueMs: this.#clock.now() + deadlineMs });
      if (typeof posted !== "number") settle(posted);
    });
  }

  /** Tells the extension something that has no answer. Returns whether it went out. */
  tell(method: string, params: JsonValue): boolean {
    return !this.#closed && this.#frames.send(JSON.stringify({ jsonrpc: "2.0", method, params })) === "sent";
  }

  /** Sends any other request, through the library. Never rejects. */
  request(method: string, params: RawParams, deadlineMs: number, signal?: AbortSignal): Promise<Reply> {
    if (this.#closed) return Promise.resolve(CLOSED);
    return new Promise((resolve) => {
      let open = true;
      const settle = (reply: Reply): void => {
        if (!open) return;
        open = false;
        timer.cancel();
        this.#pending.delete(settle);
        signal?.removeEventListener("abort", giveUp);
        resolve(reply);
      };
      const giveUp = (): void => settle(TIMEOUT);
      const timer = this.#clock.after(deadlineMs, giveUp);
      this.#pending.add(settle);
      signal?.addEventListener("abort", giveUp, { once: true });
      const arrived = (reply: Reply): void => {
        // After the end of the connection it is the library that rejects, not an answer that comes.
        if (this.#closed) return settle(CLOSED);
        if (!open && (reply.type === "result" || reply.type === "error")) this.#onLateReply();
        settle(reply);
      };
      this.#viaLibrary(method, params).then(
        (result) => arrived({ type: "result", result }),
        (error: unknown) => arrived(replyOf(error)),
      );
    });
  }

  /** Settles everything that is under way as closed and frees the streams' listeners. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#direct.close();
    for (const settle of this.#pending) settle(CLOSED);
    // The library keeps pending requests until it is disposed; disposing rejects them, which nobody awaits any more.
    this.#rpc.dispose();
  }

  // async: the library throws synchronously on a closed connection.
  async #viaLibrary(method: string, params: RawParams): Promise<unknown> {
    return this.#rpc.sendRequest(method, ParameterStructures.byName, params);
  }
}

function replyOf(error: unknown): Reply {
  if (!(error instanceof ResponseError)) return CLOSED;
  const reason = notSentReason(error.message);
  if (reason === "too_large" || reason === "full") return { type: "not_sent", reason };
  if (reason !== undefined) return CLOSED;
  const { code, message, data } = error;
  return { type: "error", code, message, ...(data === undefined ? {} : { data }) };
}
