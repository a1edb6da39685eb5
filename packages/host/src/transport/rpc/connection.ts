import type { Readable, Writable } from "node:stream";
import { FrameWriter, type OpenPart, type PieceSink } from "@synaps/sdk/framing";
import type { JsonValue } from "@synaps/sdk/protocol";
import type { Clock } from "../../time/clock.js";
import { DeadlineTimer } from "../../time/deadline-timer.js";
import { InboundRequests, type RequestHandler } from "./inbound-requests.js";
import { LibraryRequests } from "./library-requests.js";
import { FrameSorter, type SorterEvents } from "./frame-sorter.js";
import { quoted } from "../../text-bounds.js";
import { kindOfProblem, MISTAKES, type MistakeKind } from "./mistakes.js";
import type { SharedParams } from "./shared-params.js";
import type { Reply } from "./reply.js";
import { RequestTable, type Waiting } from "./request-table.js";

export interface ConnectionOptions extends Pick<SorterEvents, "onStray" | "onNotification" | "onLateReply"> {
  stdin: Writable;
  stdout: Readable;
  clock: Clock;
  /** Answers what the extension asks by itself. */
  onRequest: RequestHandler;
  /** The last open request of the extension was answered. */
  onAnswered(): void;
  /** Something arrived that is no message of the protocol; `sample` is its beginning, `reason` says more. */
  onProblem(kind: MistakeKind, sample: string, reason?: string): void;
  /** The extension's output ended: nothing will be answered any more. */
  onEnd(): void;
}

const CLOSED: Reply = { type: "closed" };
const CANCELLED: Reply = { type: "cancelled" };

/** Methods of events. They take the fast lane: the library's closures and promises cost as much as the pipe. */
const EVENTS: ReadonlySet<string> = new Set(["hook.handle", "hook.batch"]);

/**
 * JSON-RPC with one process, three flows over one pipe. Requests that the host makes go through vscode-jsonrpc, events
 * take a lane past the library, and what the extension asks by itself is answered within a bound. All requests are
 * posted, given up and settled in the same way: by their answer, their deadline, or the end of the connection.
 */
export class Connection {
  readonly #frames: FrameWriter<PieceSink>;
  readonly #requests = new RequestTable();
  readonly #library: LibraryRequests;
  readonly #inbound: InboundRequests;
  readonly #sorter: FrameSorter;
  readonly #deadlines: DeadlineTimer;
  readonly #clock: Clock;
  #cancels = false;
  /** True while at most one request is open at a time by the protocol's rule. */
  #oneByOne = true;
  #readFirst = false;
  /** Requests that were given up and not answered since. */
  #owed = 0;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#clock = options.clock;
    this.#frames = new FrameWriter<PieceSink>(options.stdin, { coalesce: true });
    this.#library = new LibraryRequests(this.#frames, this.#requests);
    const inbound = new InboundRequests(this.#frames, options.onRequest, options.onAnswered);
    this.#inbound = inbound;
    this.#deadlines = new DeadlineTimer(options.clock, (nowMs, lagged) => this.#expire(nowMs, lagged));
    this.#sorter = new FrameSorter(options.stdout, options.clock, this.#requests, {
      onStray: options.onStray,
      onNotification: options.onNotification,
      onLateReply: () => {
        this.#owed -= 1;
        options.onLateReply();
      },
      onRequest: (id, method, params, inexact) => inbound.handle(id, method, params, inexact),
      onProblem: (problem) => {
        const { type, sample } = problem;
        // JSON that is no message was decoded: it is no answer, so it ends nothing.
        if (type === "not_a_message") return options.onProblem(type, sample, problem.reason);
        const kind = kindOfProblem(problem);
        options.onProblem(kind, sample);
        this.#undecodable(kind, sample);
      },
      onEnd: options.onEnd,
    });
  }

  /** Time of the last bytes from the process, on the host's clock. */
  get heardMs(): number {
    return this.#sorter.heardMs;
  }

  /** The message that has begun to arrive and has no end yet. */
  get open(): OpenPart | undefined {
    return this.#sorter.open;
  }

  /** True if a request that was given up has not been answered to this day. */
  get owing(): boolean {
    return this.#owed > 0;
  }

  /** True while a request of the host waits for its answer. */
  get waiting(): boolean {
    return this.#requests.size > 0;
  }

  /** True while the extension waits for an answer of the host to a request of its own. */
  get asking(): boolean {
    return this.#inbound.open > 0;
  }

  /** From now on a request that is given up is cancelled on the other side (protocol 3, when negotiated). */
  enableCancel(): void {
    this.#cancels = true;
    this.#library.cancels = true;
  }

  /** From now on several requests may be open (protocol 3): an answer that cannot be decoded may be any one's. */
  allowMany(): void {
    this.#oneByOne = false;
  }

  /** Sends a request. Returns its number, or how it ended at once: `waiting` is not told then. */
  post(method: string, params: string | SharedParams, waiting: Waiting): number | Reply {
    if (this.#closed) return CLOSED;
    // A pause that was begun while nobody waited may be long.
    if (this.#requests.size === 0 && this.#sorter.brake.active) this.#sorter.brake.release();
    const posted =
      EVENTS.has(method) || !(typeof params === "string")
        ? this.#postEvent(method, params, waiting)
        : this.#library.post(method, params, waiting);
    if (typeof posted === "number" && waiting.dueMs < this.#deadlines.armedForMs)
      this.#deadlines.watch(waiting.dueMs);
    return posted;
  }

  /** Gives up a request that was posted. The extension is told first, where it understands that. */
  giveUp(id: number, reply: Reply): void {
    const waiting = this.#requests.take(id);
    if (waiting === undefined) return;
    if (this.#cancels && isEvent(waiting)) this.#cancelEvent(id);
    this.#owed += 1;
    waiting.settle(reply);
  }

  /** Sends a request and waits for its end. Never rejects. The signal gives the request up. */
  request(method: string, params: string, deadlineMs: number, signal?: AbortSignal): Promise<Reply> {
    if (signal?.aborted) return Promise.resolve(CANCELLED);
    return new Promise((resolve) => {
      const cancel = (): void => {
        if (typeof posted === "number") this.giveUp(posted, CANCELLED);
      };
      const settle = (reply: Reply): void => {
        signal?.removeEventListener("abort", cancel);
        resolve(reply);
      };
      const posted = this.post(method, params, { settle, dueMs: this.#clock.now() + deadlineMs });
      if (typeof posted === "number") signal?.addEventListener("abort", cancel);
      else resolve(posted);
    });
  }

  /** Tells the extension something that has no answer. Returns true if it went out. */
  tell(method: string, params: JsonValue): boolean {
    return !this.#closed && this.#frames.send(JSON.stringify({ jsonrpc: "2.0", method, params })) === "sent";
  }

  /** Settles everything that is open as closed and frees the streams' listeners. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#deadlines.cancel();
    this.#sorter.dispose();
    for (const [id] of this.#requests.waiting()) this.#requests.take(id)?.settle(CLOSED);
    this.#library.dispose();
  }

  #postEvent(method: string, params: string | SharedParams, waiting: Waiting): number | Reply {
    const id = this.#requests.add(waiting);
    const head = `{"jsonrpc":"2.0","method":"${method}","params":`;
    const sent =
      typeof params === "string"
        ? this.#frames.send(`${head}${params},"id":${id}}`)
        : this.#frames.sendPieces(head, params.shared, `${params.tail},"id":${id}}`);
    if (sent === "sent") return id;
    this.#requests.take(id);
    return sent === "closed" ? CLOSED : { type: "not_sent", reason: sent };
  }

  #cancelEvent(id: number): void {
    this.#frames.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":${id}}}`);
  }

  /**
   * An answer that cannot be decoded ends the request whose number its beginning names; without a number, the only
   * request that is open, where the protocol allows one. With several open, it ends none. Requests and notifications of
   * the extension are no answers and end nothing.
   */
  #undecodable(kind: MistakeKind, sample: string): void {
    const named = ANSWER.exec(sample)?.[1];
    if (NO_ANSWER.test(sample)) return;
    const [only] = this.#oneByOne && this.#requests.size === 1 ? this.#requests.waiting() : [];
    const id = named === undefined ? only?.[0] : Number(named);
    const waiting = id === undefined ? undefined : this.#requests.take(id);
    if (!waiting) return;
    const detail = `${MISTAKES[kind].why}${sample === "" ? "" : `: ${quoted(sample)}`}`;
    waiting.settle({ type: "unreadable", reason: kind === "too_large" ? "too_large" : "invalid", detail });
  }

  #expire(nowMs: number, lagged: boolean): number {
    // A pipe that was held back because of a flood is read once before anybody's time is over.
    if (this.#sorter.brake.active && !this.#readFirst) {
      this.#readFirst = true;
      this.#sorter.brake.release();
      return nowMs;
    }
    this.#readFirst = false;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [id, { dueMs }] of this.#requests.waiting()) {
      if (dueMs <= nowMs) this.giveUp(id, { type: "timeout", lagged });
      else nextMs = Math.min(nextMs, dueMs);
    }
    return nextMs;
  }
}

/** The beginning of an answer as nearly all libraries write it. A byte order mark counts as a space. */
const ANSWER = /^\s*\{\s*"jsonrpc"\s*:\s*"2\.0"\s*,\s*"id"\s*:\s*"?(\d{1,15})"?\s*,\s*"(?:result|error)"\s*:/;

/** The beginning of a request or a notification, by the same libraries. */
const NO_ANSWER =
  /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?(?:"id"\s*:\s*(?:-?[\d.]+|"[^"]*"|null)\s*,\s*)?"method"\s*:/;

/** The library cancels its own requests. */
function isEvent(waiting: Waiting): boolean {
  return !("libraryId" in waiting);
}
