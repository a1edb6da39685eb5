import type { BreakerPolicy } from "@synaps/sdk/protocol";
import { isSamePolicy } from "../delivery/breaker/breaker.js";
import { InWindow } from "../delivery/breaker/in-window.js";
import { endingOf } from "../delivery/history.js";
import type { DeliveryResult, EventRequest } from "../delivery/request.js";
import type { BreakerStatus } from "../supervision/work.js";
import type { ProgramCalls } from "./program-calls.js";

/** Calls a handler of the program and tells of the end. */
type Ask = (ended: (result: DeliveryResult) => void) => void;

/** The breaker of one handler of the program, under the policy of the latest request. */
export class ProgramBreaker {
  #policy: BreakerPolicy;
  #breaker: InWindow;
  readonly #calls: ProgramCalls;
  readonly #extension: string;
  readonly #subscription: string;

  constructor(policy: BreakerPolicy, calls: ProgramCalls, extension: string, subscription: string) {
    this.#policy = policy;
    this.#breaker = new InWindow(policy);
    this.#calls = calls;
    this.#extension = extension;
    this.#subscription = subscription;
  }

  /** The breaker while it is not closed. */
  get status(): BreakerStatus | undefined {
    const { state, why = "" } = this.#breaker;
    return state === "closed" ? undefined : { subscription: this.#subscription, state, why };
  }

  /** Forgets the past, because the program wants another try. */
  forgive(): void {
    const isOpen = this.status !== undefined;
    this.#breaker = new InWindow(this.#policy);
    if (isOpen) this.#tell(false);
  }

  /** Takes another policy, which begins without a past. */
  under(policy: BreakerPolicy): this {
    if (isSamePolicy(policy, this.#policy)) return this;
    this.#policy = policy;
    this.forgive();
    return this;
  }

  /** Asks, unless the breaker is open: then the request ends at once. */
  ask(request: EventRequest, ask: Ask): void {
    const breaker = this.#breaker;
    if (!breaker.allows(this.#calls.clock.now())) {
      const detail = breaker.why ?? "";
      return request.finished({ answered: false, reason: "breaker", detail, queueMs: 0, runMs: 0 });
    }
    const isProbe = breaker.state === "half_open";
    ask((result) => {
      // Forgiven meanwhile: this call belongs to the past.
      if (breaker !== this.#breaker) return request.finished(result);
      const { state } = breaker;
      const ending = endingOf(result, !result.answered && result.reason === "timeout");
      // A function runs on the host's own thread: what it takes there is its own.
      breaker.ended(ending, result.runMs, this.#calls.clock.now(), isProbe);
      const isOpen = breaker.state !== "closed";
      if (isOpen !== (state !== "closed")) this.#tell(isOpen);
      request.finished(result);
    });
  }

  #tell(open: boolean): void {
    const { why = null } = this.#breaker;
    this.#calls.onBreaker({ extension: this.#extension, subscription: this.#subscription, open, why });
  }
}
