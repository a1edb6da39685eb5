import type { Subscription } from "../dispatch/subscription.js";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { Vote } from "../dispatch/votes.js";

/** Sees what happens on the road of an event. Called synchronously: it must be quick and must not throw. */
export interface Recorder {
  /** One subscription was asked. */
  handlerCalled(subscription: Subscription, vote: Vote): void;
  /** Extensions put something in place of an output. */
  outputReplaced?(event: OutgoingEvent, votes: readonly Vote[]): void;
  /** One event is settled: all its votes. */
  eventSettled(kind: string, votes: readonly Vote[]): void;
}
