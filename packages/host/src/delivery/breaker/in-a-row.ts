import type { Breaker, BreakerState, Ending } from "./breaker.js";

/** Limits of the breaker that every subscription has unless it chose another. */
export interface InARowLimits {
  breakerTimeouts: number;
  breakerProbeMs: number;
}

/**
 * True if a request that the chain budget cut short still ran for half of its own deadline, long enough to count as a
 * timeout. Less says that other extensions used the time up.
 */
export function hadFairShare(runMs: number, deadlineMs: number): boolean {
  return runMs * 2 >= deadlineMs;
}

/** The reason of a breaker that missed deadlines opened, in a clause. */
export function missedInARow(times: number): string {
  return times === 1 ? "1 missed deadline" : `${times} missed deadlines in a row`;
}

/** Opens after some timeouts in a row, lets one probe through now and then, and closes at the first answer. */
export class InARow implements Breaker {
  readonly #limits: InARowLimits;
  #timeouts = 0;
  #nextProbeMs: number | undefined;
  #probing = false;

  constructor(limits: InARowLimits) {
    this.#limits = limits;
  }

  get state(): BreakerState {
    if (this.#nextProbeMs === undefined) return "closed";
    return this.#probing ? "half_open" : "open";
  }

  get why(): string | undefined {
    return this.#nextProbeMs === undefined ? undefined : missedInARow(this.#timeouts);
  }

  allows(nowMs: number): boolean {
    if (this.#nextProbeMs === undefined) return true;
    if (this.#probing || nowMs < this.#nextProbeMs) return false;
    this.#probing = true;
    return true;
  }

  ended(ending: Ending, _tookMs: number, nowMs: number, wasProbe = true): void {
    if (wasProbe) this.#probing = false;
    if (ending === "answered" || ending === "failed") return this.#answered();
    if (ending === "timed_out") this.#timeouts += 1;
    // A probe that the chain's time cut short has cost the chain enough: the next probe waits, too.
    const isDue = ending === "timed_out" && this.#timeouts >= this.#limits.breakerTimeouts;
    const isPutOff = ending === "cut_short" && this.#nextProbeMs !== undefined;
    if (isDue || isPutOff) this.#nextProbeMs = nowMs + this.#limits.breakerProbeMs;
  }

  probeSoon(nowMs: number): void {
    if (this.#nextProbeMs !== undefined) this.#nextProbeMs = nowMs;
    this.#probing = false;
  }

  #answered(): void {
    this.#timeouts = 0;
    this.#nextProbeMs = undefined;
  }
}
