import { Fifo } from "./fifo.js";
import { LANES, type Lane, type Request } from "./request.js";

/** Text of gates that may wait for one process, in UTF-16 code units: about 64 MiB of mostly ASCII text. */
const MAX_GATES_SIZE = 64 * 1024 * 1024;

export interface QueueLimits {
  gateQueue: number;
  observeQueue: number;
  overflowBlockMs: number;
}

/** The end of a request's search for a place: the request has one, waits for one, or a request has to go. */
export type Offer = { type: "placed" } | { type: "blocked" } | { type: "dropped"; dropped: Request };

/** The requests that wait for one extension, first in, first out within each lane, bounded by number and text. */
export class Queues {
  readonly #limits: QueueLimits;
  readonly #lanes: Readonly<Record<Lane, Fifo<Request>>> = {
    trial: new Fifo(),
    gate: new Fifo(),
    call: new Fifo(),
    observe: new Fifo(),
  };
  /** Observed events that wait for a place in their full queue (overflow `block`). */
  readonly #blocked = new Fifo<Request>();
  #gatesSize = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Requests that wait, those without a place included. */
  length = 0;

  count(lane: Lane): number {
    return this.#lanes[lane].length;
  }

  peek(lane: Lane): Request | undefined {
    return this.#lanes[lane].peek();
  }

  /** Asks for a place; a full queue follows the request's overflow policy. `disconnect` is up to the caller. */
  offer(request: Request, nowMs: number): Offer {
    if (this.#hasRoom(request)) {
      this.push(request);
      return { type: "placed" };
    }
    const { observeQueue, overflowBlockMs } = this.#limits;
    const policy = request.lane === "observe" ? request.overflow : "drop_newest";
    if (policy === "drop_oldest") {
      const dropped = this.shift("observe") ?? request;
      if (dropped !== request) this.push(request);
      return { type: "dropped", dropped };
    }
    if (policy !== "block" || this.#blocked.length >= observeQueue)
      return { type: "dropped", dropped: request };
    request.dueMs = nowMs + overflowBlockMs;
    this.#blocked.push(request);
    this.length += 1;
    return { type: "blocked" };
  }

  /** Gives places to observed events that wait for one, as far as there is room. Returns them. */
  admit(): Request[] {
    const admitted: Request[] = [];
    for (let next = this.#blocked.peek(); next && this.#hasRoom(next); next = this.#blocked.peek()) {
      this.#blocked.shift();
      this.length -= 1;
      next.dueMs = Number.POSITIVE_INFINITY;
      this.push(next);
      admitted.push(next);
    }
    return admitted;
  }

  push(request: Request): void {
    this.#lanes[request.lane].push(request);
    this.#count(request, 1);
  }

  /** Puts requests of one lane before all that wait there. For requests that had their place already: no bound. */
  prepend(lane: Lane, requests: readonly Request[]): void {
    if (requests.length === 0) return;
    this.#lanes[lane].prepend(requests);
    for (const request of requests) this.#count(request, 1);
  }

  shift(lane: Lane): Request | undefined {
    const request = this.#lanes[lane].shift();
    if (request) this.#count(request, -1);
    return request;
  }

  /** Takes out all that `select` picks, lane by lane, in order; `blocked` are those that had no place yet. */
  take(select: (request: Request) => boolean): { queued: Request[]; blocked: Request[] } {
    const queued = LANES.flatMap((lane) => this.#lanes[lane].take(select));
    for (const request of queued) this.#count(request, -1);
    const blocked = this.#blocked.take(select);
    this.length -= blocked.length;
    return { queued, blocked };
  }

  all(): Request[] {
    return LANES.flatMap((lane) => this.#lanes[lane].all());
  }

  /** The earliest end of a wait, on the host's clock; infinity when there is none. */
  nextDueMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { dueMs } of [...this.all(), ...this.#blocked.all()]) nextMs = Math.min(nextMs, dueMs);
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
    this.length += change;
    if (lane === "gate" || lane === "trial") this.#gatesSize += change * size;
  }
}
