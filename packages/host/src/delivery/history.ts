import { Breaker, type BreakerLimits } from "./breaker.js";
import type { SentEvent } from "./sent-event.js";
import { PoisonTable, type PoisonedEvent, type PoisonLimits, type Standing } from "./poison.js";
import type { Request } from "./request.js";
import type { DeliveryResult } from "./request.js";

/** Deadlines within this time count as one: their requests were sent together. */
const TOGETHER_MS = 50;

export interface HistoryLimits extends BreakerLimits, PoisonLimits {
  hungDeadlines: number;
}

/** Reasons in an extension's past against sending it an event: breakers by subscription, poison, and silence. */
export class History {
  readonly #limits: HistoryLimits;
  readonly #onBreaker: (subscription: string, open: boolean) => void;
  readonly #breakers = new Map<string, Breaker>();
  readonly #poison: PoisonTable;
  #silentDeadlines = 0;
  #silentSinceMs = 0;

  /** `onBreaker` is told when the breaker of a subscription opens or closes. */
  constructor(limits: HistoryLimits, onBreaker: (subscription: string, open: boolean) => void = () => {}) {
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
  refuses({ event, subscription }: Request, nowMs: number): "poison" | "breaker" | undefined {
    if (event === undefined || subscription === undefined) return undefined;
    if (this.#poison.blocks(event, nowMs)) return "poison";
    if (this.#breakers.size === 0) return undefined;
    return this.#breakers.get(subscription)?.allows(nowMs) === false ? "breaker" : undefined;
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

  /** The request ended. `counts`: a deadline passed that the extension has to answer for. */
  ended({ subscription }: Request, result: DeliveryResult, counts: boolean, nowMs: number): void {
    if (subscription === undefined || (this.#breakers.size === 0 && !counts)) return;
    if (counts) {
      this.#changed(subscription, this.#breakerOf(subscription), (breaker) => breaker.timedOut(nowMs));
      return this.#look();
    }
    const breaker = this.#breakers.get(subscription);
    if (!breaker) return;
    if (result.answered || result.reason === "error" || result.reason === "invalid")
      this.#changed(subscription, breaker, () => breaker.answered());
    else if (result.reason === "budget") breaker.cutShort(nowMs);
    else breaker.inconclusive();
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
    for (const breaker of this.#breakers.values()) breaker.probeSoon(nowMs);
    this.#look();
  }

  /** Forgets the past, because the user wants another try. */
  forgive(): void {
    this.#breakers.clear();
    this.#poison.forget();
    this.#silentDeadlines = 0;
    this.#look();
  }

  /** Subscriptions whose breaker is open. */
  openBreakers(): string[] {
    return [...this.#breakers].filter(([, breaker]) => breaker.open).map(([subscription]) => subscription);
  }

  poisoned(nowMs: number): PoisonedEvent[] {
    return this.#poison.list(nowMs);
  }

  #changed(subscription: string, breaker: Breaker, change: (breaker: Breaker) => void): void {
    const { open } = breaker;
    change(breaker);
    if (breaker.open !== open) this.#onBreaker(subscription, breaker.open);
  }

  #breakerOf(subscription: string): Breaker {
    let breaker = this.#breakers.get(subscription);
    if (!breaker) {
      breaker = new Breaker(this.#limits);
      this.#breakers.set(subscription, breaker);
    }
    return breaker;
  }
}
