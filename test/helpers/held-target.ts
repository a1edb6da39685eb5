import type { DeliveryResult, EventRequest } from "../../packages/host/src/delivery/request.js";
import type { Target } from "../../packages/host/src/delivery/target.js";

/** A target that keeps what it is handed until the test ends each request itself. */
export class HeldTarget implements Target {
  readonly id: string;
  readonly health = "running";
  readonly restartCount = 0;
  /** All requests, in the order of asking. */
  readonly requests: EventRequest[] = [];
  readonly #placesAtOnce: boolean;

  constructor(id: string, { placesAtOnce = true } = {}) {
    this.id = id;
    this.#placesAtOnce = placesAtOnce;
  }

  hand(request: EventRequest): void {
    this.requests.push(request);
    if (this.#placesAtOnce) request.placed();
  }

  /** The last request. */
  get last(): EventRequest {
    const last = this.requests.at(-1);
    if (!last) throw new Error(`nobody asked '${this.id}'`);
    return last;
  }

  answer(result: unknown = { action: "continue" }, queueMs = 0, runMs = 1): void {
    this.end({ answered: true, result, queueMs, runMs });
  }

  end(result: DeliveryResult): void {
    this.last.finished(result);
  }
}
