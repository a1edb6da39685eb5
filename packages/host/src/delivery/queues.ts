import { Fifo } from "./fifo.js";
import { LANES, type Lane, type Request } from "./request.js";

/** Text of gates that may wait for one process, in UTF-16 code units: about 64 MiB of mostly ASCII text. */
const MAX_GATES_SIZE = 64 * 1024 * 1024;

export interface QueueLimits {
  gateQueue: number;
  observeQueue: number;
}

/** The requests that wait for one extension, first in, first out within each lane, bounded by number and text. */
export class Queues {
  readonly #limits: QueueLimits;
  readonly #lanes: Readonly<Record<Lane, Fifo<Request>>> = {
    trial: new Fifo(),
    gate: new Fifo(),
    call: new Fifo(),
    observe: new Fifo(),
  };
  #gatesSize = 0;
  #length = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#length;
  }

  count(lane: Lane): number {
    return this.#lanes[lane].length;
  }

  peek(lane: Lane): Request | undefined {
    return this.#lanes[lane].peek();
  }

  hasRoom({ lane, size }: Request): boolean {
    const { gateQueue, observeQueue } = this.#limits;
    if (lane === "observe") return this.#lanes.observe.length < observeQueue;
    if (lane === "call") return this.#lanes.call.length < gateQueue;
    const gates = this.#lanes.gate.length + this.#lanes.trial.length;
    return gates < gateQueue && (gates === 0 || this.#gatesSize + size <= MAX_GATES_SIZE);
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

  /** Takes out all that `select` picks, lane by lane, in order. */
  take(select: (request: Request) => boolean): Request[] {
    const taken = LANES.flatMap((lane) => this.#lanes[lane].take(select));
    for (const request of taken) this.#count(request, -1);
    return taken;
  }

  all(): Request[] {
    return LANES.flatMap((lane) => this.#lanes[lane].all());
  }

  #count({ lane, size }: Request, change: 1 | -1): void {
    this.#length += change;
    if (lane === "gate" || lane === "trial") this.#gatesSize += change * size;
  }
}
