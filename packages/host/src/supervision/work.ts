import type { AbstentionReason, JsonValue } from "@synaps/sdk/protocol";
import type { Reply } from "../transport/rpc/reply.js";

/** A request to an extension that is no event: a tool, a provider, a command, a settings editor. */
export interface CallRequest {
  method: string;
  params: JsonValue;
  /** Time for the answer, from when the frame is handed to the writer; the wait for a slot has the same limit. */
  deadlineMs: number;
  /** True if `deadlineMs` covers everything together, the wait for a slot included. Default false. */
  whole?: boolean;
  /** Gives the call up at once, in the queue or at the process; protocol 3 is told. */
  signal?: AbortSignal | undefined;
  /** True if the call may be sent again when the process crashes under it. Default false: it may have had effects. */
  idempotent?: boolean;
}

/** Time that a request waited for its turn, and time that the process had the request. */
export interface Times {
  queueMs: number;
  runMs: number;
}

/** The end of a call: an answer or an error of the extension, or the reason for having neither. */
export type CallResult = Times &
  (
    | { type: "reply"; reply: Extract<Reply, { type: "result" | "error" }> }
    | { type: "none"; reason: AbstentionReason; detail?: string }
    | { type: "cancelled" }
  );

/** An event that is kept from an extension. Says nothing of the event's content. */
export interface PoisonedEventStatus {
  fingerprint: string;
  kind: string;
  tool: string | null;
  crashes: number;
  /** End of the embargo, in milliseconds since the epoch. */
  until: number;
}

/** The breaker of a subscription that is not asked for a while. */
export interface BreakerStatus {
  subscription: string;
  /** `half_open`: single events are let through to see if it is well again. */
  state: "open" | "half_open";
  /** The bound that opened it, in a clause. */
  why: string;
}

/** Report of delivery about one extension's requests. */
export interface WorkStatus {
  /** Requests and batches that are with the process. */
  inFlight: number;
  /** Requests that wait for a process or for a slot. */
  waiting: number;
  /** Subscriptions that are not asked for a while, because they timed out, failed or were slow too often. */
  openBreakers: readonly string[];
  /** The same with the reason of each. */
  breakers: readonly BreakerStatus[];
  /** Events that are kept from the extension, because the process crashed over them. */
  poisoned: readonly PoisonedEventStatus[];
}

/** The requests of one extension, as its supervision sees them. Implemented by `Delivery`. */
export interface Work {
  readonly inFlight: number;
  status(): WorkStatus;
  /** The requests that are with the process, in words; undefined when there is none. */
  doing(): string | undefined;
  /** Never rejects. */
  call(request: CallRequest): Promise<CallResult>;
  /** The extension moved to another state, or the process has answered or been answered. */
  changed(): void;
  /** The live process ended and its connection is closed. Called after the move to the next state. */
  exited(byItself: boolean): void;
  /** Forgets the past, because the user wants another try. */
  forgive(): void;
  /** Resolves when nothing waits and nothing is in flight, or after `ms`; then turns away whatever still waits. */
  drain(ms: number): Promise<void>;
  /** Ends everything that is left as `stopped`. */
  close(): void;
}
