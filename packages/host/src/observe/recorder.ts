import type { Action } from "@synaps/sdk/protocol";
import type { Vote } from "./vote.js";

/** A subscription that was asked, as far as a record of the call names it. */
export interface AskedSubscription {
  readonly kind: string;
  readonly deadlineMs: number;
  readonly target: { readonly health: string; readonly restartCount: number };
}

/** An event of which somebody was asked, as far as a record of the call names it. Never its payload. */
export interface TracedEvent {
  readonly eventId: string;
  readonly toolName: string | null;
  readonly traceFields: TraceFields | undefined;
}

/** Further members of an event's trace lines. */
export type TraceFields = Readonly<Record<string, string | number>>;

/** An event whose output was replaced, as far as a record of the replacement names it. */
export interface ReplacedEvent {
  readonly kind: string;
  /** The output before any preview was cut from it. */
  readonly fullOutput: string | null;
  readonly envelope: { readonly tool_name: string | null };
}

/** The outcome of an event, as far as counts need it. */
export interface ConcludedEvent {
  readonly kind: string;
  readonly action: Action;
  readonly votes: readonly Vote[];
  readonly durationMs: number;
}

/** Sees the calls and the end of each event. Called synchronously: it must be quick and must not throw. */
export interface Recorder {
  /** One subscription was asked. */
  handlerCalled(subscription: AskedSubscription, vote: Vote, event: TracedEvent): void;
  /** Extensions put something in place of an output. */
  outputReplaced?(event: ReplacedEvent, votes: readonly Vote[]): void;
  /** One event is settled: all its votes. */
  eventSettled(kind: string, votes: readonly Vote[]): void;
  /** One event has its outcome. */
  outcomeMade?(outcome: ConcludedEvent): void;
}
