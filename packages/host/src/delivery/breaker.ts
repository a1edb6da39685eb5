/** How a breaker behaves. */
export interface BreakerLimits {
  breakerTimeouts: number;
  breakerProbeMs: number;
}

/**
 * Whether somebody whom the chain's time cut short had enough of it to answer: half of its own deadline. Less says that
 * others used the time up, and is not held against it.
 */
export function hadFairShare(runMs: number, deadlineMs: number): boolean {
  return runMs * 2 >= deadlineMs;
}

/**
 * Spares a chain from waiting for somebody who does not answer: opens after some timeouts in a row, lets one probe
 * through now and then, and closes at the first answer. Pure state; whoever uses it says what time it is.
 */
export class Breaker {
  readonly #limits: BreakerLimits;
  #timeouts = 0;
  #nextProbeMs: number | undefined;
  #probing = false;
  /** Whether it was the waiting for a turn that failed last, not the answer. */
  #crowded = false;

  constructor(limits: BreakerLimits) {
    this.#limits = limits;
  }

  get open(): boolean {
    return this.#nextProbeMs !== undefined;
  }

  /** Whether to ask now. While open it says yes to one probe at a time, and only when one is due. */
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
    this.#crowded = false;
    if (this.#timeouts >= this.#limits.breakerTimeouts)
      this.#nextProbeMs = nowMs + this.#limits.breakerProbeMs;
  }

  /** A whole deadline went by in waiting for its turn: costs as much as a timeout, and says less. */
  crowdedOut(nowMs: number): void {
    this.timedOut(nowMs);
    this.#crowded = true;
  }

  /** Whatever others waited for is over: those who only waited get a probe at once. */
  slotFree(nowMs: number): void {
    if (this.#crowded) this.probeSoon(nowMs);
    this.#crowded = false;
  }

  /** It was not asked in the end, or the process fell: that says nothing about its answering. */
  inconclusive(): void {
    this.#probing = false;
  }

  /** The chain's time ended before its own. A probe that this happened to has cost enough: the next one waits too. */
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
