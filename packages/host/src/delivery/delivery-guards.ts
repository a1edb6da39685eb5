import type { DeliveryRequest, DeliveryResult } from "./delivery.js";
import type { OutgoingEvent } from "./outgoing-event.js";
import type { Reply } from "../transport/rpc/connection.js";
import { Breaker, hadFairShare, type BreakerLimits } from "./breaker.js";
import { PoisonTable, type PoisonedEvent, type PoisonLimits, type Standing } from "./poison.js";

export interface GuardLimits extends BreakerLimits, PoisonLimits {
  hungDeadlines: number;
}

/** What was asked for, as far as its end is judged by it. */
type Delivered = Pick<DeliveryRequest, "event" | "deadlineMs">;

/** An event that is with the process now, and how often it was sent. */
export interface InFlight {
  readonly event: OutgoingEvent;
  readonly attempt: number;
  /** Where it stands among those that are under way; kept by the guards. */
  place: number;
}

/** What one extension's past says about handing it an event: breakers by kind, poison, and silence. */
export class DeliveryGuards {
  readonly #limits: GuardLimits;
  readonly #breakers = new Map<string, Breaker>();
  readonly #poison: PoisonTable;
  readonly #inFlight: InFlight[] = [];
  #silentDeadlines = 0;
  #crowded = false;

  constructor(limits: GuardLimits) {
    this.#limits = limits;
    this.#poison = new PoisonTable(limits);
  }

  /** Why the event is not handed over, if it is not. A yes to a breaker's probe must be followed by `settle`. */
  refuses(event: OutgoingEvent, nowMs: number): "poison" | "breaker" | undefined {
    if (this.#poison.blocks(event, nowMs)) return "poison";
    return this.#breakers.get(event.kind)?.allows(nowMs) === false ? "breaker" : undefined;
  }

  /** The event was handed over. */
  sent(one: InFlight): void {
    one.place = this.#inFlight.push(one) - 1;
  }

  /** What came back for it. */
  back(one: InFlight, reply: Reply): void {
    this.#remove(one);
    if (reply.type === "result" || reply.type === "error") this.#poison.clear(one.event);
  }

  /** Whether the event may be sent like any other, now that its turn comes. */
  standing(event: OutgoingEvent, nowMs: number): Standing {
    if (!this.#poison.suspects(event)) return "clean";
    return this.#poison.blocks(event, nowMs) ? "poison" : "suspect";
  }

  /**
   * How the whole delivery ended: an answer closes the breaker. What cost the chain its time counts against it: a
   * deadline that passed, in waiting or in running, or the chain's end after a fair share of it.
   */
  settle({ event, deadlineMs }: Delivered, result: DeliveryResult, nowMs: number): void {
    const breaker = this.#breakers.get(event.kind);
    const reason = result.answered ? undefined : result.reason;
    if (reason === undefined || reason === "error") breaker?.answered();
    else if (reason === "timeout" || (reason === "budget" && hadFairShare(result.runMs, deadlineMs)))
      this.#breakerOf(event.kind).timedOut(nowMs);
    else if (reason === "budget") breaker?.cutShort(nowMs);
    else if (reason === "busy") {
      this.#breakerOf(event.kind).crowdedOut(nowMs);
      this.#crowded = true;
    } else breaker?.inconclusive();
  }

  /** A slot is free again: what waited in vain for one deserves another try. */
  slotFree(nowMs: number): void {
    if (!this.#crowded) return;
    this.#crowded = false;
    for (const breaker of this.#breakers.values()) breaker.slotFree(nowMs);
  }

  /** A deadline passed without an answer. True when so many passed in silence that the process counts as hung. */
  deadlinePassed(): boolean {
    this.#silentDeadlines += 1;
    return this.#silentDeadlines >= this.#limits.hungDeadlines;
  }

  heard(): void {
    this.#silentDeadlines = 0;
  }

  /** What was with the process, in words; undefined when nothing was. */
  doing(): string | undefined {
    const counts = new Map<string, number>();
    for (const { event } of this.#inFlight) {
      const { kind, tool_name: tool } = event.envelope;
      const what = tool === null ? kind : `${kind} of '${tool.slice(0, 64).replace(/\p{Cc}/gu, "?")}'`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    if (counts.size === 0) return undefined;
    const named = [...counts].slice(0, 3).map(([what, times]) => (times > 1 ? `${times} x ${what}` : what));
    return `it had ${named.join(", ")}${counts.size > 3 ? " and others" : ""}`;
  }

  /**
   * The process fell. Of what was with it, the events that had seen it fall before are suspected first; when the host
   * ended it, none is.
   */
  fell(nowMs: number, byItself: boolean): void {
    const all = [...this.#inFlight];
    const repeated = all.filter(({ event, attempt }) => attempt > 1 || this.#poison.suspects(event));
    const suspects = (repeated.length > 0 ? repeated : all).map(({ event }) => event);
    if (byItself) this.#poison.suspect(suspects, nowMs);
    this.#inFlight.length = 0;
    this.#silentDeadlines = 0;
    for (const breaker of this.#breakers.values()) breaker.probeSoon(nowMs);
  }

  /** Forgets the past, because the user wants another try. */
  forgive(): void {
    this.#breakers.clear();
    this.#poison.forget();
    this.#silentDeadlines = 0;
  }

  /** Kinds whose breaker is open. */
  openBreakers(): string[] {
    return [...this.#breakers].filter(([, breaker]) => breaker.open).map(([kind]) => kind);
  }

  poisoned(nowMs: number): PoisonedEvent[] {
    return this.#poison.list(nowMs);
  }

  /** The last one takes its place. */
  #remove(one: InFlight): void {
    if (this.#inFlight[one.place] !== one) return;
    const last = this.#inFlight.pop();
    if (last === undefined || last === one) return;
    this.#inFlight[one.place] = last;
    last.place = one.place;
  }

  #breakerOf(kind: string): Breaker {
    let breaker = this.#breakers.get(kind);
    if (!breaker) {
      breaker = new Breaker(this.#limits);
      this.#breakers.set(kind, breaker);
    }
    return breaker;
  }
}
