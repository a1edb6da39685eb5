import type { AbstentionReason, BreakerPolicy, Overflow } from "@synaps/sdk/protocol";
import type { Times } from "../supervision/work.js";
import type { Reply } from "../transport/rpc/reply.js";
import { SharedParams } from "../transport/rpc/shared-params.js";
import type { Waiting } from "../transport/rpc/request-table.js";
import type { Breaker } from "./breaker/breaker.js";
import type { Annotations } from "./annotations.js";
import type { OutgoingEvent } from "./outgoing-event.js";
import type { Projection } from "./projection.js";
import type { SentEvent } from "./sent-event.js";

/**
 * Kinds of work that wait apart, in the order in which they are served. `trial` is for gates that may have crashed the
 * last process: one at a time, so that the next crash has one cause.
 */
export const LANES = ["trial", "gate", "call", "observe", "stream"] as const;

export type Lane = (typeof LANES)[number];

/** Lanes that are one queue each; stream items wait by session. */
export const FIFO_LANES = ["trial", "gate", "call", "observe"] as const;

export type FifoLane = (typeof FIFO_LANES)[number];

/** Waiting for a live process, queued for a slot, sent to the process, done. */
export type RequestState = "waiting" | "queued" | "sent" | "done";

/** Every legal move. A request that has to go to another process goes back to `waiting`. */
export const MOVES: Readonly<Record<RequestState, readonly RequestState[]>> = {
  waiting: ["queued", "sent", "done"],
  queued: ["waiting", "sent", "done"],
  sent: ["waiting", "done"],
  done: [],
};

export interface RequestOptions {
  readonly method: string;
  readonly lane: Exclude<Lane, "trial">;
  /** Time for one answer in milliseconds, from when the frame is handed to the writer. */
  readonly deadlineMs: number;
  /** End of the time around the request (a chain's budget), on the host's clock. Infinity: none. */
  readonly untilMs: number;
  /** True if the request may be sent a second time when the process crashes under it. */
  readonly repeatable: boolean;
  /** For observers and streams: the policy for a full queue. */
  readonly overflow: Overflow;
}

/** The end of one request. */
export type DeliveryResult = Times &
  (
    | {
        answered: true;
        result: unknown;
        /** JSON pointers of integers in `result` whose digits were lost in parsing. */
        inexact?: readonly string[];
      }
    | {
        answered: false;
        reason: AbstentionReason;
        detail?: string;
        /** The extension's own error, when the reason is `error`. */
        error?: { code: number; message: string; data?: unknown };
        /** True if the caller gave the request up. */
        cancelled?: true;
      }
  );

/** Whoever is told of replies to requests: the delivery that sent them. */
export interface Carrier {
  replied(request: Request, reply: Reply): void;
}

/**
 * Anything handed to a process: an event for one subscription, or a call. One object from the hand-over to the end; the
 * delivery that has the request keeps its books in it. `finished` is called exactly once.
 */
export abstract class Request implements Waiting {
  readonly method: string;
  readonly deadlineMs: number;
  readonly untilMs: number;
  readonly repeatable: boolean;
  readonly overflow: Overflow;
  /** The event as the extension gets it; undefined for calls. */
  readonly event: SentEvent | undefined;
  /** Name of the subscription, which has its own breaker; undefined for calls. */
  readonly subscription: string | undefined;
  /** The policy of its breaker; undefined for the one that every subscription has. */
  breaker: BreakerPolicy | undefined;
  /** The breaker that lets this request alone through to see if the extension answers as it should. */
  probeOf: Breaker | undefined;
  /** Time for which the host had waited when the request was sent; only with a policy. */
  waitedMs = 0;
  /** The lane while nothing is known against the event. */
  readonly home: RequestOptions["lane"];
  state: RequestState = "waiting";
  lane: Lane;
  carrier: Carrier | undefined;
  /** End of the current state on the host's clock: of waiting, of the queue, or of the answer. */
  dueMs = Number.POSITIVE_INFINITY;
  /** True if `untilMs` ends the current state before the request's own deadline does. */
  cut = false;
  /** Times the request was sent. */
  attempt = 0;
  arrivedMs = 0;
  firstSentMs = 0;
  /** For streams: items of the session that its handler did not get since the one before. */
  dropped = 0;
  /** True if the request went to the process in a batch. */
  batched = false;
  /** Number on the wire of the last sending. */
  wireId = 0;
  /** Place and order among the requests that are with the process. */
  place = 0;
  order = 0;

  constructor(options: RequestOptions, event: SentEvent | undefined, subscription: string | undefined) {
    this.method = options.method;
    this.deadlineMs = options.deadlineMs;
    this.untilMs = options.untilMs;
    this.repeatable = options.repeatable;
    this.overflow = options.overflow;
    this.home = options.lane;
    this.event = event;
    this.subscription = subscription;
    this.lane = options.lane;
    this.breaker = undefined;
    this.probeOf = undefined;
  }

  /** Parameters of the next sending. */
  abstract params(withMeta: boolean, deadlineMs: number): string | SharedParams;

  abstract finished(result: DeliveryResult): void;

  /** For observers and streams: told once it is decided whether the queue has a place. */
  placed(): void {}

  /** Length of the text that waits, in UTF-16 code units. */
  get size(): number {
    return this.event?.text.length ?? 0;
  }

  /** Makes a legal move. An illegal one is a defect of the host and throws. */
  move(to: RequestState): void {
    if (!MOVES[this.state].includes(to))
      throw new Error(`illegal move of a request from ${this.state} to ${to}`);
    this.state = to;
  }

  /** Sets the end of a state that lasts until `ownMs`, unless the time around the request ends before. */
  limit(ownMs: number): void {
    const { untilMs } = this;
    this.cut = untilMs < ownMs;
    this.dueMs = this.cut ? untilMs : ownMs;
  }

  /** The reply to the last sending. */
  settle(reply: Reply): void {
    this.carrier?.replied(this, reply);
  }
}

/** Method of a single event. */
export const HANDLE = "hook.handle";

/** An event for one subscription. */
export abstract class EventRequest extends Request {
  declare readonly event: SentEvent;
  declare readonly subscription: string;
  /** The event with all its parts. */
  readonly source: OutgoingEvent;
  /** The shared context that earlier hooks of the chain made; undefined when there is none. */
  annotations: Annotations | undefined;

  constructor(
    options: RequestOptions,
    source: OutgoingEvent,
    subscription: string,
    projection: Projection | undefined,
  ) {
    super(options, source.sentTo(projection), subscription);
    this.source = source;
  }

  params(withMeta: boolean, deadlineMs: number): string | SharedParams {
    const params = this.event.params(withMeta, deadlineMs, this.attempt, this.dropped);
    return withMeta && this.annotations !== undefined ? annotated(params, this.annotations.text) : params;
  }
}

/** The same parameters with a further member of `meta`, which they end with. */
function annotated(params: string | SharedParams, text: string): string | SharedParams {
  const add = (end: string): string => `${end.slice(0, -2)},"annotations":${text}}}`;
  return typeof params === "string" ? add(params) : new SharedParams(params.shared, add(params.tail));
}
