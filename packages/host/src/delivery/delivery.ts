import type { AbstentionReason, Overflow } from "@synaps/sdk/protocol";
import type { Lane } from "./lanes.js";
import type { OutgoingEvent } from "./outgoing-event.js";

/** An event of a gate or of a lifecycle kind. */
export interface AskRequest {
  readonly event: OutgoingEvent;
  /** For one answer, from when the frame is handed to the writer. */
  readonly deadlineMs: number;
  /** When the time of the whole chain ends, on the host's clock. */
  readonly untilMs: number;
  /**
   * Whether it may be sent a second time when the process falls under it. Default false: only a gate does nothing but
   * answer, everybody else may have had effects.
   */
  readonly repeatable?: boolean;
}

export interface DeliveryRequest extends AskRequest {
  lane: Lane;
  /** For observers: what happens when their queue is full. */
  overflow: Overflow;
  /** For observers: called once the event has a place in the queue, or none. */
  onQueued?: () => void;
}

/** An event for an observer that can take it without a promise. */
export interface ObserveRequest {
  event: OutgoingEvent;
  deadlineMs: number;
  /** When the event was raised, on the host's clock. */
  arrivedMs: number;
  overflow: Overflow;
  settle(result: DeliveryResult): void;
}

/** What came back for one event from one extension, and how long it waited and ran. */
export type DeliveryResult = {
  queueMs: number;
  runMs: number;
  /** Whether the failure was that of a whole batch, and is counted with another event of it. */
  shared?: true;
} & ({ answered: true; result: unknown } | { answered: false; reason: AbstentionReason; detail?: string });

/** Anything that can be handed events: an extension's process, or a function of the embedder. */
export interface Target {
  readonly id: string;
  readonly health: string;
  readonly restartCount: number;
  deliver(request: DeliveryRequest): Promise<DeliveryResult>;
  /** Hands a gate's event over, and calls `settle` once with what came back. */
  ask(request: AskRequest, settle: (result: DeliveryResult) => void): void;
  /** Takes an observed event at once, to report on it later. False when it cannot: then `deliver` is to be used. */
  observe?(request: ObserveRequest): boolean;
}
