import type { Reply } from "../transport/rpc/reply.js";
import type { Waiting } from "../transport/rpc/request-table.js";
import { BatchBody } from "./batch-body.js";
import type { Channel } from "./recipient.js";
import type { Request } from "./request.js";
import { batchResult, judged, type Judged } from "./results.js";

/** Most events in one batch; more only delay the first answer. */
const MAX_EVENTS = 512;
/**
 * A batch is sent once it has this much text; a single larger event goes alone. A pipe takes 64 KiB at a time, and larger
 * texts cost the process fresh memory for each batch (docs/performance.md).
 */
const MAX_BYTES = 60 * 1024;
/** Batches that may be with the process: one to work on, one that is there when the first is done. */
const MAX_IN_FLIGHT = 2;
/** Size of the first batch. The size doubles while batches come back fast and halves when they do not. */
const FIRST_SIZE = 16;
const FAST_MS = 50;
const SLOW_MS = 500;
/** A whole batch gets more time than one event, but not more than the longest deadline there is. */
const MAX_BATCH_MS = 60_000;
/** A batch gets at most this many times the deadline of its slowest event. */
const MAX_DEADLINES = 12;

/** The side of the delivery that batches need. */
export interface BatchSource {
  /** The pipe of a live process that takes batches. */
  readonly channel: Channel | undefined;
  readonly sendsMeta: boolean;
  now(): number;
  /** The next observed event that may be sent, and whether the event may have crashed the last process. */
  next(): { request: Request; suspect: boolean } | undefined;
  /** Takes the next event out of the queue: the event is with the process from now on. */
  take(request: Request, nowMs: number): void;
  /** The connection is closed under a request. */
  cutOff(request: Request): void;
  /** The end of one event of a batch. Serves nothing yet. */
  ended(request: Request, reply: Reply, end: Judged, nowMs: number): void;
  /** The end of a whole batch, after the ends of its events. */
  batchEnded(timedOut: boolean): void;
}

/**
 * Sends observed events many at a time to a process that understands batches (protocol 3). Nothing waits for a batch to
 * fill: all that is there when the process has room for a batch is the batch. Order is kept.
 */
export class Batches {
  readonly #source: BatchSource;
  #inFlight = 0;
  /** True while an event that may have crashed the last process is with this one: nothing else is sent then. */
  #onTrial = false;
  #size = FIRST_SIZE;
  /** Memory of answered batches. */
  #spare: Buffer[] = [];
  #scheduled = false;

  constructor(source: BatchSource) {
    this.#source = source;
  }

  /** Sends what waits after everything that is due now, so that all events of one turn share a batch. */
  schedule(): void {
    if (this.#scheduled || this.#crowded) return;
    this.#scheduled = true;
    process.nextTick(this.#sendAll);
  }

  /** The process is gone with all its batches. */
  reset(): void {
    this.#inFlight = 0;
    this.#onTrial = false;
    this.#size = FIRST_SIZE;
    this.#spare = [];
  }

  get #crowded(): boolean {
    return this.#onTrial || this.#inFlight >= MAX_IN_FLIGHT;
  }

  readonly #sendAll = (): void => {
    this.#scheduled = false;
    for (;;) {
      const { channel } = this.#source;
      const next = this.#source.next();
      if (!channel || !next || this.#crowded || (next.suspect && this.#inFlight > 0)) return;
      this.#send(channel);
    }
  };

  #send(channel: Channel): void {
    const { sendsMeta } = this.#source;
    const nowMs = this.#source.now();
    const batch: Request[] = [];
    const body = new BatchBody(this.#spare.pop());
    let longestMs = 0;
    for (let next = this.#source.next(); next && batch.length < this.#size; next = this.#source.next()) {
      const { request, suspect } = next;
      const { event, deadlineMs } = request;
      const full = body.length + request.size > MAX_BYTES;
      if (!event || this.#onTrial || (batch.length > 0 && (suspect || full))) break;
      this.#onTrial = suspect;
      body.add(event, sendsMeta, deadlineMs);
      longestMs = Math.max(longestMs, deadlineMs);
      batch.push(request);
      this.#source.take(request, nowMs);
    }
    this.#inFlight += 1;
    const dueMs = nowMs + Math.min(MAX_BATCH_MS, longestMs * Math.min(batch.length, MAX_DEADLINES));
    const waiting: Waiting = { dueMs, settle: (reply) => this.#replied(batch, reply, nowMs, body) };
    const posted = channel.post("hook.batch", body.params(), waiting);
    if (typeof posted !== "number") this.#replied(batch, posted, nowMs, body);
  }

  #replied(batch: readonly Request[], reply: Reply, sentMs: number, { memory }: BatchBody): void {
    // A batch that was answered was read whole: nothing reads its memory any more. New memory is taken only when none is
    // spare, so there is at most one piece for each batch that may be in flight.
    if (reply.type === "result" && memory.length <= 2 * MAX_BYTES) this.#spare.push(memory);
    // A closed connection settles nothing: the end of the process does, and `reset` comes with it.
    if (reply.type !== "closed") {
      this.#inFlight -= 1;
      this.#onTrial = false;
      this.#adapt(batch.length, this.#source.now() - sentMs);
    }
    this.#share(
      batch.filter(({ state }) => state === "sent"),
      reply,
    );
  }

  /** Shares the reply out to the events that were in the batch. */
  #share(batch: readonly Request[], reply: Reply): void {
    if (batch.length === 0) return;
    if (reply.type === "closed") return batch.forEach((request) => this.#source.cutOff(request));
    const nowMs = this.#source.now();
    const timedOut = reply.type === "timeout" && !reply.lagged;
    // One deadline that passed counts once for each subscription, however many of its events were in the batch.
    const counted = new Set<string | undefined>();
    batch.forEach((request, place) => {
      const counts = timedOut && !counted.has(request.subscription);
      counted.add(request.subscription);
      const result =
        reply.type === "result"
          ? batchResult(request, reply.result, place, nowMs)
          : judged(request, reply, () => false, nowMs).result;
      this.#source.ended(request, reply, { result, counts }, nowMs);
    });
    this.#source.batchEnded(timedOut);
  }

  #adapt(sent: number, tookMs: number): void {
    if (tookMs > SLOW_MS) this.#size = Math.max(1, Math.floor(this.#size / 2));
    else if (tookMs < FAST_MS && sent === this.#size) this.#size = Math.min(MAX_EVENTS, this.#size * 2);
  }
}
