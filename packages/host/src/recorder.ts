import type { Vote } from "./dispatch/votes.js";

export interface HandlerCall {
  kind: string;
  vote: Vote;
  health: string;
  restartCount: number;
  deadlineMs: number;
}

/** Sees what happens on the road of an event. Called synchronously: it must be quick and must not throw. */
export interface Recorder {
  /** One subscription was asked. */
  handlerCalled(call: HandlerCall): void;
  /** One event is settled: all its votes. */
  eventSettled(kind: string, votes: readonly Vote[]): void;
}
