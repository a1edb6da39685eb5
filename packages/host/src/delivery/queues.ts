import { Fifo } from "./fifo.js";
import { FIFO_LANES, type FifoLane, type Lane, type Request } from "./request.js";
import type { StreamLimits } from "./streams/room.js";
import { SessionQueues, type StreamOffer } from "./streams/session-queues.js";

/** Text of gates that may wait for one process, in UTF-16 code units: about 64 MiB of mostly ASCII text. */
const MAX_GATES_SIZE = 64 * 1024 * 1024;

export interface QueueLimits extends StreamLimits {
  gateQueue: number;
  observeQueue: number;
}

/** The end of a request's search for a place: the request has one, waits for one, or some requests have to go. */
export type Offer = StreamOffer;

/** The requests that wait for one extension, first in, first out within each lane and session, bounded by number and text. */
export class Queues {
  readonly #limits: QueueLimits;
  readonly #lanes: Readonly<Record<FifoLane, Fifo<Request>>> = {
    trial: new Fifo(),
    gate: new Fifo(),
    call: new Fifo(),
    observe: new Fifo(),
  };
  /** Observed events that wait for a place in their full queue (overflow `block`). */
  readonly #blocked = new Fifo<Request>();
  readonly streams: SessionQueues;
  #gatesSize = 0;
  #length = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
    this.streams = new SessionQueues(limits);
  }

  /** Requests that wait, those without a place included. */
  get length(): number {
    return this.#length + this.streams.length;
  }

  /** Requests of the lane that could be sent now, as far as their order goes. */
  count(lane: Lane): number {
    return lane === "stream" ? this.streams.ready : this.#lanes[lane].length;
  }

  peek(lane: FifoLane): Request | undefined {
    return this.#lanes[lane].peek();
  }

  /** Asks for a place; a full queue follows the request's overflow policy. `disconnect` is up to the caller. */
  offer(request: Request, nowMs: number): Offer {
    if (request.lane === "stream") return this.streams.offer(request, nowMs);
    if (this.#hasRoom(request)) {
      this.push(request);
      return { type: "placed" };
    }
    const { observeQueue, overflowBlockMs } = this.#limits;
    const policy = request.lane === "observe" ? request.overflow : "drop_newest";
    if (policy === "drop_oldest") {
      const dropped = this.shift("observe") ?? request;
      if (dropped !== request) this.push(request);
      return { type: "dropped", dropped: [dropped] };
    }
    if (policy !== "block" || this.#blocked.length >= observeQueue)
      return { type: "dropped", dropped: [request] };
    request.dueMs = nowMs + overflowBlockMs;
    this.#blocked.push(request);
    this.#length += 1;
    return { type: "blocked" };
  }

  /** Gives places to observed events and stream items that wait for one, as far as there is room. Returns them. */
  admit(): Request[] {
    const admitted = [...this.streams.admit()];
    for (let next = this.#blocked.peek(); next && this.#hasRoom(next); next = this.#blocked.peek()) {
      this.#blocked.shift();
      this.#length -= 1;
      next.dueMs = Number.POSITIVE_INFINITY;
      this.push(next);
      admitted.push(next);
    }
    return admitted;
  }

  push(request: Request): void {
    this.#lanes[request.lane as FifoLane].push(request);
    this.#count(request, 1);
  }

  /** Puts requests of one lane before all that wait there. For requests that had their place already: no bound. */
  prepend(lane: Lane, requests: readonly Request[]): void {
    if (requests.length === 0) return;
    if (lane === "stream") return this.streams.prepend(requests);
    this.#lanes[lane].prepend(requests);
    for (const request of requests) this.#count(request, 1);
  }

  shift(lane: Lane): Request | undefined {
    if (lane === "stream") return this.streams.shift();
    const request = this.#lanes[lane].shift();
    if (request) this.#count(request, -1);
    return request;
  }

  /** Takes out all that `select` picks, lane by lane, in order; `blocked` are those that had no place yet. */
  take(select: (request: Request) => boolean): { queued: Request[]; blocked: Request[] } {
    const queued = FIFO_LANES.flatMap((lane) => this.#lanes[lane].take(select));
    for (const request of queued) {
      this.#count(request, -1);
      // An item that waited for its trial was out.
      if (request.home === "stream") this.streams.release(request);
    }
    const blocked = this.#blocked.take(select);
    this.#length -= blocked.length;
    const items = this.streams.take(select);
    return { queued: [...queued, ...items.queued], blocked: [...blocked, ...items.blocked] };
  }

  all(): Request[] {
    return [...FIFO_LANES.flatMap((lane) => this.#lanes[lane].all()), ...this.streams.all()];
  }

  /** The earliest end of a wait, on the host's clock; infinity when there is none. */
  nextDueMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    const blocked = [...this.#blocked.all(), ...this.streams.allBlocked()];
    for (const { dueMs } of [...this.all(), ...blocked]) nextMs = Math.min(nextMs, dueMs);
    return nextMs;
  }

  #hasRoom({ lane, size }: Request): boolean {
    const { gateQueue, observeQueue } = this.#limits;
    if (lane === "observe") return this.#lanes.observe.length < observeQueue;
    if (lane === "call") return this.#lanes.call.length < gateQueue;
    const gates = this.#lanes.gate.length + this.#lanes.trial.length;
    return gates < gateQueue && (gates === 0 || this.#gatesSize + size <= MAX_GATES_SIZE);
  }

  #count({ lane, size }: Request, change: 1 | -1): void {
    this.#length += change;
    if (lane === "gate" || lane === "trial") this.#gatesSize += change * size;
  }
}
