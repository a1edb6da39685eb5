import type { BreakerPolicy } from "@synaps/sdk/protocol";
import { isSamePolicy, type Breaker, type BreakerState, type Ending } from "./breaker/breaker.js";
import { InARow, type InARowLimits } from "./breaker/in-a-row.js";
import { InWindow } from "./breaker/in-window.js";
import type { SentEvent } from "./sent-event.js";
import { PoisonTable, type PoisonedEvent, type PoisonLimits, type Standing } from "./poison.js";
import type { Request } from "./request.js";
import type { DeliveryResult } from "./request.js";
import type { BreakerStatus, WorkStatus } from "../supervision/work.js";

/** Deadlines within this time count as one: their requests were sent together. */
const TOGETHER_MS = 50;

export interface HistoryLimits extends InARowLimits, PoisonLimits {
  hungDeadlines: number;
}

/** A breaker that opened or closed. */
export interface BreakerChange {
  readonly subscription: string;
  readonly open: boolean;
  /** The bound that opened it, in a clause; null when it closed. */
  readonly why: string | null;
}

/** A breaker and the policy for which it was made. */
interface Kept {
  readonly policy: BreakerPolicy | undefined;
  readonly breaker: Breaker;
}

/** Reason for not sending an event. */
export interface Refusal {
  readonly reason: "poison" | "breaker";
  readonly detail?: string | undefined;
}

/** Reasons in an extension's past against sending it an event: breakers by subscription, poison, and silence. */
export class History {
  readonly #limits: HistoryLimits;
  #onBreaker: (change: BreakerChange) => void;
  readonly #breakers = new Map<string, Kept>();
  readonly #poison: PoisonTable;
  #silentDeadlines = 0;
  #silentSinceMs = 0;

  /** `onBreaker` is told when the breaker of a subscription opens or closes. */
  constructor(limits: HistoryLimits, onBreaker: (change: BreakerChange) => void = () => {}) {
    this.#limits = limits;
    this.#onBreaker = onBreaker;
    this.#poison = new PoisonTable(limits);
  }

  /** True while nothing at all is held against any event: nearly always. */
  clean = true;

  #look(): void {
    this.clean = this.#breakers.size === 0 && this.#poison.empty;
  }

  /** The reason for refusing the request, or undefined to accept it. After accepting, `ended` must be called. */
  refuses(request: Request, nowMs: number): Refusal | undefined {
    const { event, subscription } = request;
    if (event === undefined || subscription === undefined) return undefined;
    if (this.#poison.blocks(event, nowMs)) return { reason: "poison" };
    if (this.#breakers.size === 0) return undefined;
    const kept = this.#breakers.get(subscription);
    if (!kept) return undefined;
    if (!isSamePolicy(kept.policy, request.breaker)) {
      this.#drop(subscription, kept);
      return undefined;
    }
    const { breaker } = kept;
    // Asked again when it is sent: the probe was let through when it came.
    if (request.probeOf === breaker || breaker.allows(nowMs)) {
      if (breaker.state === "half_open") request.probeOf = breaker;
      return undefined;
    }
    return { reason: "breaker", detail: breaker.why };
  }

  /** The event's standing at the moment at which the event could be sent. */
  standing(event: SentEvent | undefined, nowMs: number): Standing {
    if (event === undefined || !this.#poison.suspects(event)) return "clean";
    return this.#poison.blocks(event, nowMs) ? "poison" : "suspect";
  }

  /** The process survived the event. */
  answered({ event }: Request): void {
    if (event) this.#poison.clear(event);
    this.#look();
  }

  /**
   * The request ended. `counts`: a deadline passed that the extension has to answer for. `tookMs`: time for which the host
   * waited for it.
   */
  ended(request: Request, result: DeliveryResult, counts: boolean, tookMs: number, nowMs: number): void {
    const { subscription, breaker: policy } = request;
    if (subscription === undefined) return;
    let kept = this.#breakers.get(subscription);
    if (!kept) {
      if (!counts && policy === undefined) return;
      kept = { policy, breaker: this.#begin(policy) };
      this.#breakers.set(subscription, kept);
    }
    // Sent under another policy: it says nothing about this one.
    if (!isSamePolicy(kept.policy, policy)) return;
    const { breaker } = kept;
    const { state } = breaker;
    breaker.ended(endingOf(result, counts), tookMs, nowMs, request.probeOf === breaker);
    this.#tell(subscription, breaker, state);
    this.#look();
  }

  /**
   * A deadline passed without an answer. True when so many passed in a row without a byte that the process counts as
   * hung. `heardMs`: the time of the last byte.
   */
  deadlinePassed(heardMs: number, nowMs: number): boolean {
    if (heardMs >= this.#silentSinceMs) this.#silentDeadlines = 0;
    // Deadlines of requests that were sent together pass together: they are one in the row.
    if (this.#silentDeadlines === 0 || nowMs - this.#silentSinceMs >= TOGETHER_MS) this.#silentDeadlines += 1;
    this.#silentSinceMs = nowMs;
    return this.#silentDeadlines >= this.#limits.hungDeadlines;
  }

  /**
   * The process ended. Of the requests that were with it, events that had seen a crash before are suspected first. When
   * the host itself ended the process, no event is.
   */
  exited(sent: readonly Request[], byItself: boolean, nowMs: number): void {
    const events = sent.flatMap(({ event, attempt }) => (event ? [{ event, attempt }] : []));
    const repeated = events.filter(({ event, attempt }) => attempt > 1 || this.#poison.suspects(event));
    const suspects = (repeated.length > 0 ? repeated : events).map(({ event }) => event);
    if (byItself) this.#poison.suspect(suspects, nowMs);
    this.#silentDeadlines = 0;
    for (const { breaker } of this.#breakers.values()) breaker.probeSoon(nowMs);
    this.#look();
  }

  /** Forgets the past, because the user wants another try. */
  forgive(): void {
    const open = this.breakers();
    this.#breakers.clear();
    this.#poison.forget();
    this.#silentDeadlines = 0;
    this.#look();
    for (const { subscription } of open) this.#onBreaker({ subscription, open: false, why: null });
  }

  /** Another history begins: all breakers count as closed, and nobody is told of what becomes of them. */
  retire(): void {
    const open = this.breakers();
    const tell = this.#onBreaker;
    this.#onBreaker = () => {};
    for (const { subscription } of open) tell({ subscription, open: false, why: null });
  }

  /** Subscriptions whose breaker is not closed. */
  breakers(): BreakerStatus[] {
    return [...this.#breakers].flatMap(([subscription, { breaker }]) => {
      const { state, why = "" } = breaker;
      return state === "closed" ? [] : [{ subscription, state, why }];
    });
  }

  poisoned(nowMs: number): PoisonedEvent[] {
    return this.#poison.list(nowMs);
  }

  /** Everything that is held against events, for people. `offsetMs` makes a time of the host's clock one since the epoch. */
  status(nowMs: number, offsetMs: number): Pick<WorkStatus, "openBreakers" | "breakers" | "poisoned"> {
    const breakers = this.breakers();
    const poisoned = this.poisoned(nowMs).map(({ untilMs = nowMs, ...event }) => ({
      ...event,
      until: Math.round(untilMs + offsetMs),
    }));
    return { openBreakers: breakers.map(({ subscription }) => subscription), breakers, poisoned };
  }

  #begin(policy: BreakerPolicy | undefined): Breaker {
    return policy === undefined
      ? new InARow(this.#limits)
      : new InWindow(policy, this.#limits.breakerTimeouts);
  }

  /** The subscription has another policy now, which begins without a past. */
  #drop(subscription: string, { breaker }: Kept): void {
    this.#breakers.delete(subscription);
    this.#look();
    if (breaker.state !== "closed") this.#onBreaker({ subscription, open: false, why: null });
  }

  #tell(subscription: string, { state, why }: Breaker, before: BreakerState): void {
    const isOpen = state !== "closed";
    if (isOpen !== (before !== "closed")) this.#onBreaker({ subscription, open: isOpen, why: why ?? null });
  }
}

/** The meaning of a request's end for a breaker. */
export function endingOf(result: DeliveryResult, counts: boolean): Ending {
  if (counts) return "timed_out";
  if (result.answered) return "answered";
  switch (result.reason) {
    case "error":
    case "invalid":
      return "failed";
    case "crash":
      return "crashed";
    case "budget":
      return "cut_short";
    default:
      return "nothing";
  }
}
