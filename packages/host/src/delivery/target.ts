import type { EventRequest } from "./request.js";

/** Anything that can be handed events: an extension's delivery, or a function of the embedder. */
export interface Target {
  readonly id: string;
  readonly health: string;
  readonly restartCount: number;
  /** True if its answers may add to the shared context of an event: from protocol 3 on. */
  readonly annotates?: boolean;
  /** Takes an event. Calls `request.finished` exactly once, perhaps before returning. Never throws. */
  hand(request: EventRequest): void;
  /** Ends a request that was handed over, as `stopped`; protocol 3 is told. Does nothing for one that has ended. */
  abandon?(request: EventRequest): void;
}
