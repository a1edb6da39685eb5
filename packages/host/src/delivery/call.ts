import type { CallRequest, CallResult } from "../supervision/work.js";
import { Request } from "./request.js";
import { callResult } from "./results.js";
import type { DeliveryResult } from "./request.js";

/** A call on its way: the same states as an event, with a promise at its end. */
export class Call extends Request {
  readonly #params: string;
  readonly #resolve: (result: CallResult) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #abandon: () => void;

  /** `abandon` is called when the caller gives the call up. */
  constructor(
    request: CallRequest,
    nowMs: number,
    resolve: (result: CallResult) => void,
    abandon: (call: Call) => void,
  ) {
    const { method, deadlineMs, whole = false, idempotent: repeatable = false, signal } = request;
    const untilMs = whole ? nowMs + deadlineMs : Number.POSITIVE_INFINITY;
    const overflow = "drop_newest";
    super({ method, lane: "call", deadlineMs, untilMs, repeatable, overflow }, undefined, undefined);
    this.#params = JSON.stringify(request.params);
    this.#resolve = resolve;
    this.#signal = signal;
    this.#abandon = () => abandon(this);
    signal?.addEventListener("abort", this.#abandon, { once: true });
  }

  params(): string {
    return this.#params;
  }

  override get size(): number {
    return this.#params.length;
  }

  finished(result: DeliveryResult): void {
    this.#signal?.removeEventListener("abort", this.#abandon);
    this.#resolve(callResult(result));
  }
}
