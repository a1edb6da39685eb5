/** Limits of a breaker. */
export interface BreakerLimits {
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

/**
 * Spares chains the wait for a subscription that does not answer. Opens after some timeouts in a row, lets one probe
 * through now and then, and closes at the first answer. Pure state; the caller says what time it is.
 */
export class Breaker {
  readonly #limits: BreakerLimits;
  #timeouts = 0;
  #nextProbeMs: number | undefined;
  #probing = false;

  constructor(limits: BreakerLimits) {
    this.#limits = limits;
  }

  get open(): boolean {
    return this.#nextProbeMs !== undefined;
  }

  /** True if the event may be sent now. An open breaker allows one probe at a time, and only when one is due. */
  allows(nowMs: number): boolean {
    if (this.#nextProbeMs === undefined) return true;
    if (this.#probing || nowMs < this.#nextProbeMs) return false;
    this.#probing = true;
    return true;
  }

  answered(): void {
    this.#timeouts = 0;
    this.#nextProbeMs = undefined;
    this.#probing = false;
  }

  timedOut(nowMs: number): void {
    this.#timeouts += 1;
    this.#probing = false;
    if (this.#timeouts >= this.#limits.breakerTimeouts)
      this.#nextProbeMs = nowMs + this.#limits.breakerProbeMs;
  }

  /** The event was not sent in the end, or the process ended: neither says anything about its answering. */
  inconclusive(): void {
    this.#probing = false;
  }

  /** The chain's time ended first. A probe has then cost the chain enough: the next probe waits too. */
  cutShort(nowMs: number): void {
    if (this.#nextProbeMs !== undefined) this.#nextProbeMs = nowMs + this.#limits.breakerProbeMs;
    this.#probing = false;
  }

  /** A new process deserves a probe at once. */
  probeSoon(nowMs: number): void {
    if (this.#nextProbeMs !== undefined) this.#nextProbeMs = nowMs;
    this.#probing = false;
  }
}
