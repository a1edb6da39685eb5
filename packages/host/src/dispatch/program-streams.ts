import type { DeliveryResult, EventRequest, Request } from "../delivery/request.js";
import { abstained, wasSeen } from "../delivery/results.js";
import { SessionQueues } from "../delivery/streams/session-queues.js";
import type { OpenCall, ProgramCalls } from "./program-calls.js";

/** Sessions that one function works on at a time. What waits for a slow one beyond that waits in the queue. */
const MOST_SESSIONS = 1_024;

/** Calls the function with an item. Calls `ended` exactly once, perhaps before returning. */
export type RunItem = (
  request: EventRequest,
  queueMs: number,
  ended: (result: DeliveryResult) => void,
) => void;

/** The items of streams for one function of the program: each session in its order, none held up by another. */
export class ProgramStreams {
  readonly #queues: SessionQueues;
  readonly #calls: ProgramCalls;
  readonly #run: RunItem;
  readonly #blocked = new Map<Request, OpenCall>();
  #serving = false;

  constructor(calls: ProgramCalls, run: RunItem) {
    this.#queues = new SessionQueues(calls.streamLimits);
    this.#calls = calls;
    this.#run = run;
  }

  hand(request: EventRequest): void {
    const nowMs = this.#calls.clock.now();
    request.arrivedMs = nowMs;
    const offer = this.#queues.offer(request, nowMs);
    if (offer.type === "blocked") this.#wait(request);
    else request.placed();
    // Nobody can be disconnected here: the newest item goes, as with `drop_newest`.
    if (offer.type === "dropped") for (const one of offer.dropped) this.#drop(one as EventRequest);
    this.#serve();
  }

  #wait(request: EventRequest): void {
    const { dueMs } = request;
    const call: OpenCall = {
      dueMs,
      expired: () => {
        this.#blocked.delete(request);
        this.#queues.take((one) => one === request);
        request.placed();
        this.#drop(request);
      },
    };
    this.#blocked.set(request, call);
    this.#calls.opened(call);
  }

  #drop(request: EventRequest): void {
    this.#queues.ended(request, false);
    request.finished(abstained(request, "overloaded", this.#calls.clock.now()));
  }

  #serve(): void {
    // A function that answers at once ends its item within the loop.
    if (this.#serving) return;
    this.#serving = true;
    while (this.#queues.ready > 0 && this.#queues.out < MOST_SESSIONS) {
      const request = this.#queues.shift() as EventRequest;
      request.firstSentMs = this.#calls.clock.now();
      this.#run(request, request.firstSentMs - request.arrivedMs, (result) => this.#ended(request, result));
      this.#admit();
    }
    this.#serving = false;
  }

  #admit(): void {
    for (const request of this.#queues.admit()) {
      const call = this.#blocked.get(request);
      if (call) this.#calls.close(call);
      this.#blocked.delete(request);
      request.placed();
    }
  }

  #ended(request: EventRequest, result: DeliveryResult): void {
    this.#queues.ended(request, wasSeen(request, result));
    request.finished(result);
    this.#serve();
  }
}
