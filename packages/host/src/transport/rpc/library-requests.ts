import type { FrameWriter, PieceSink, SendResult } from "@synaps/sdk/framing";
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  CancellationTokenSource,
  createMessageConnection,
  ParameterStructures,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import type { Reply } from "./reply.js";
import type { RequestTable, Waiting } from "./request-table.js";

/** The library's code for a request that was given up; only the library sees the answers that carry it. */
const GIVEN_UP = -32_800;
const SILENT = { error() {}, warn() {}, info() {}, log() {} };

interface Outgoing extends Message {
  id?: number;
  method: string;
}

/**
 * Requests that the host makes through vscode-jsonrpc. Numbers on the wire are the table's, so that both flows of the
 * host count from 1 together; the library's own numbers never leave this file. Deadlines and replies are judged when a
 * frame is read, above the library; it is told of each end, so that it keeps nothing.
 */
export class LibraryRequests {
  readonly #frames: FrameWriter<PieceSink>;
  readonly #requests: RequestTable;
  readonly #feed = new Feed();
  readonly #rpc: MessageConnection;
  /** The request that `sendRequest` writes now. */
  #writing: LibraryRequest | undefined;
  /** True if the other side understands `$/cancelRequest`. */
  cancels = false;

  constructor(frames: FrameWriter<PieceSink>, requests: RequestTable) {
    this.#frames = frames;
    this.#requests = requests;
    const writer = new TableWriter((message) => this.#write(message));
    // With a bound on parallelism the library hands a response over as soon as it gets it, not a turn later.
    this.#rpc = createMessageConnection(this.#feed, writer, SILENT, { maxParallelism: 1 });
    // Without a listener the library's emitter would throw; the pipe's own end says what these report.
    this.#rpc.onError(() => {});
    this.#rpc.onClose(() => {});
    this.#rpc.listen();
  }

  /** Sends a request. Returns its number, or how it ended at once: `waiting` is not told then. */
  post(method: string, params: string, waiting: Waiting): number | Reply {
    const cancellation = new CancellationTokenSource();
    const request = new LibraryRequest(params, waiting, cancellation, this.#feed);
    this.#writing = request;
    const answered = this.#rpc.sendRequest(method, ParameterStructures.byName, request, cancellation.token);
    this.#writing = undefined;
    const done = (): void => {
      cancellation.dispose();
      request.dispatched();
    };
    answered.then(done, done);
    const { refused } = request;
    if (refused === undefined) return request.wireId;
    return refused === "closed" ? { type: "closed" } : { type: "not_sent", reason: refused };
  }

  /** Ends the library's connection. What was read was dispatched before. */
  dispose(): void {
    this.#rpc.dispose();
  }

  #write({ method, id }: Outgoing): SendResult {
    const request = this.#writing;
    if (request) {
      request.libraryId = Number(id);
      request.wireId = this.#requests.add(request);
      const sent = this.#frames.send(
        `{"jsonrpc":"2.0","method":"${method}","params":${request.text},"id":${request.wireId}}`,
      );
      if (sent !== "sent") {
        this.#requests.take(request.wireId);
        request.refused = sent;
      }
      return sent;
    }
    // The only other message that the library writes here is the cancellation of a request.
    const cancelled = this.#feed.cancelling;
    if (cancelled === undefined || !this.cancels) return "sent";
    return this.#frames.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":${cancelled}}}`);
  }
}

/** One request that the library carries. Stands in the table like any other, under its number on the wire. */
class LibraryRequest implements Waiting {
  readonly text: string;
  readonly dueMs: number;
  libraryId = 0;
  wireId = 0;
  refused: Exclude<SendResult, "sent"> | undefined;
  readonly #waiting: Waiting;
  readonly #cancellation: CancellationTokenSource;
  readonly #feed: Feed;
  #answer: Reply | undefined;

  constructor(text: string, waiting: Waiting, cancellation: CancellationTokenSource, feed: Feed) {
    this.text = text;
    this.dueMs = waiting.dueMs;
    this.#waiting = waiting;
    this.#cancellation = cancellation;
    this.#feed = feed;
  }

  settle(reply: Reply): void {
    const { libraryId: id } = this;
    switch (reply.type) {
      case "result":
        this.#answer = reply;
        return this.#feed.give({ id, result: reply.result ?? null });
      case "error": {
        const { code, message, data } = reply;
        this.#answer = reply;
        return this.#feed.give({ id, error: { code, message, data } });
      }
      case "timeout":
      case "cancelled":
        // The cancellation leaves first: whoever is told may send the next request at once.
        this.#feed.cancelling = this.wireId;
        this.#cancellation.cancel();
        this.#feed.cancelling = undefined;
        break;
      case "closed":
      case "not_sent":
      case "unreadable":
        break;
    }
    this.#waiting.settle(reply);
    this.#feed.give({ id, error: { code: GIVEN_UP, message: "given up" } });
  }

  /** The library has dispatched the answer. */
  dispatched(): void {
    if (this.#answer) this.#waiting.settle(this.#answer);
  }
}

/** The messages that the library reads: answers that were judged already, and ends of requests that got none. */
class Feed extends AbstractMessageReader {
  /** Number on the wire of the request that is being cancelled. */
  cancelling: number | undefined;
  #callback: DataCallback | undefined;

  listen(callback: DataCallback): Disposable {
    this.#callback = callback;
    return { dispose: () => (this.#callback = undefined) };
  }

  give(response: {
    id: number;
    result?: unknown;
    error?: { code: number; message: string; data: unknown } | { code: number; message: string };
  }): void {
    const message: Message & Record<string, unknown> = { jsonrpc: "2.0", ...response };
    this.#callback?.(message);
  }
}

/** Writes the library's messages as single frames. */
class TableWriter extends AbstractMessageWriter {
  readonly #write: (message: Outgoing) => SendResult;

  constructor(write: (message: Outgoing) => SendResult) {
    super();
    this.#write = write;
  }

  write(message: Outgoing): Promise<void> {
    // The request itself knows how it ended: the library only has to learn that there is nothing to wait for.
    return this.#write(message) === "sent" ? Promise.resolve() : Promise.reject(new Error("not sent"));
  }

  end(): void {}
}
