import type { FrameWriter, PieceSink, SendResult } from "@synaps/sdk/framing";
import type { Clock } from "../../time/clock.js";
import { DeadlineTimer } from "../../time/deadline-timer.js";
import type { Reply } from "./connection.js";
import { requestText } from "./message-writer.js";
import { RawParams, type SharedParams } from "./raw-params.js";
import type { RequestTable, Waiting } from "./request-table.js";

const CLOSED: Reply = { type: "closed" };

/**
 * Requests past the RPC library: no promise, no closure and no timer for each. Whoever waits is told once: of the
 * answer, that its deadline passed, or that the connection is closed.
 */
export class DirectRequests {
  readonly #frames: FrameWriter<PieceSink>;
  readonly #requests: RequestTable;
  readonly #deadlines: DeadlineTimer;
  /** Whether the other side is told what was given up. */
  cancels = false;

  constructor(frames: FrameWriter<PieceSink>, requests: RequestTable, clock: Clock) {
    this.#frames = frames;
    this.#requests = requests;
    this.#deadlines = new DeadlineTimer(clock, (nowMs, lagged) => this.#expire(nowMs, lagged));
  }

  /** Whether anybody waits for an answer. */
  get waiting(): boolean {
    return this.#requests.waiting().length > 0;
  }

  /** Sends. Returns the request's number, or how it ended at once: then nobody is told any more. */
  post(method: string, params: RawParams | SharedParams, waiting: Waiting): number | Reply {
    const id = this.#requests.add(waiting);
    const sent = this.#write(method, params, id);
    if (sent === "sent") {
      this.#deadlines.watch(waiting.dueMs);
      return id;
    }
    this.#requests.take(id);
    return sent === "closed" ? CLOSED : { type: "not_sent", reason: sent };
  }

  /** Gives a request up: a late answer finds nobody. */
  giveUp(id: number, reply: Reply): void {
    const waiting = this.#requests.take(id);
    if (waiting === undefined || typeof waiting === "number") return;
    // Before the settling, which may send the next request.
    if (this.cancels) this.#frames.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":${id}}}`);
    waiting.settle(reply);
  }

  /** Tells all who wait that the connection is closed. */
  close(): void {
    this.#deadlines.cancel();
    for (const [id, waiting] of this.#requests.waiting()) {
      this.#requests.take(id);
      waiting.settle(CLOSED);
    }
  }

  #write(method: string, params: RawParams | SharedParams, id: number): SendResult {
    if (params instanceof RawParams) return this.#frames.send(requestText(method, params.text, id));
    const head = `{"jsonrpc":"2.0","method":"${method}","params":`;
    return this.#frames.sendPieces(head, params.shared, `${params.tail},"id":${id}}`);
  }

  #expire(nowMs: number, lagged: boolean): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [id, { dueMs }] of this.#requests.waiting()) {
      if (dueMs <= nowMs) this.giveUp(id, { type: "timeout", lagged });
      else nextMs = Math.min(nextMs, dueMs);
    }
    return nextMs;
  }
}
