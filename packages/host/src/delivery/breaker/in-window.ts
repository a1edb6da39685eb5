import type { BreakerPolicy } from "@synaps/sdk/protocol";
import { BREAKER_MOVES, type Breaker, type BreakerState, type Ending } from "./breaker.js";
import { missedInARow } from "./in-a-row.js";
import { SlidingCounts, type Counts } from "./sliding-counts.js";

/**
 * Opens when one of its policy's bounds is passed within a sliding window. After `openMs` it lets one event at a time
 * through, until enough of them in a row succeeded in time; one that did not opens it again.
 */
export class InWindow implements Breaker {
  readonly #policy: BreakerPolicy;
  readonly #counts: SlidingCounts;
  #state: BreakerState = "closed";
  #why: string | undefined;
  #probesFromMs = 0;
  #probing = false;
  #successes = 0;
  readonly #mostTimeouts: number;
  #timeouts = 0;

  /** `mostTimeouts`: missed deadlines in a row that open it whatever the policy says. Default: no number does. */
  constructor(policy: BreakerPolicy, mostTimeouts = Number.POSITIVE_INFINITY) {
    this.#policy = policy;
    this.#mostTimeouts = mostTimeouts;
    this.#counts = new SlidingCounts(policy.windowMs);
  }

  get state(): BreakerState {
    return this.#state;
  }

  get why(): string | undefined {
    return this.#why;
  }

  allows(nowMs: number): boolean {
    if (this.#state === "closed") return true;
    if (this.#state === "open") {
      if (nowMs < this.#probesFromMs) return false;
      this.#move("half_open");
      this.#successes = 0;
    } else if (this.#probing) return false;
    this.#probing = true;
    return true;
  }

  ended(ending: Ending, tookMs: number, nowMs: number, wasProbe = true): void {
    if (this.#state === "half_open" && wasProbe) return this.#probed(ending, tookMs, nowMs);
    // Events that were sent before it opened say nothing new about the reason.
    if (this.#state !== "closed" || ending === "nothing" || ending === "cut_short") return;
    this.#counts.add(this.#countOf(ending, tookMs), nowMs);
    this.#timeouts = ending === "timed_out" ? this.#timeouts + 1 : 0;
    const why =
      this.#timeouts >= this.#mostTimeouts
        ? missedInARow(this.#timeouts)
        : boundPassed(this.#policy, this.#counts.sum(nowMs));
    if (why !== undefined) this.#open(why, nowMs);
  }

  probeSoon(nowMs: number): void {
    this.#probesFromMs = Math.min(this.#probesFromMs, nowMs);
    this.#probing = false;
  }

  #probed(ending: Ending, tookMs: number, nowMs: number): void {
    this.#probing = false;
    if (ending === "nothing") return;
    const { failed = 0, slow = 0, overBudget = 0 } = this.#countOf(ending, tookMs);
    if (ending === "cut_short" || failed > 0) return this.#open("its probe failed", nowMs);
    if (slow + overBudget > 0) return this.#open("its probe was slow", nowMs);
    this.#successes += 1;
    if (this.#successes < this.#policy.successes) return;
    this.#move("closed");
    this.#why = undefined;
    this.#counts.clear();
  }

  #countOf(ending: Ending, tookMs: number): Partial<Counts> {
    const { slowMs = Infinity, budgetMs = Infinity } = this.#policy;
    const failed = ending === "answered" ? 0 : 1;
    const slow = tookMs >= slowMs ? 1 : 0;
    return {
      calls: 1,
      failed,
      slow,
      slowAnswers: slow - (slow & failed),
      overBudget: tookMs > budgetMs ? 1 : 0,
    };
  }

  #open(why: string, nowMs: number): void {
    this.#move("open");
    this.#why = why;
    this.#probesFromMs = nowMs + this.#policy.openMs;
    this.#counts.clear();
    this.#timeouts = 0;
  }

  #move(to: BreakerState): void {
    if (!BREAKER_MOVES[this.#state].includes(to))
      throw new Error(`illegal move of a breaker from ${this.#state} to ${to}`);
    this.#state = to;
  }
}

/** The first bound that the counts pass, in a clause. Pure. */
export function boundPassed(policy: BreakerPolicy, counts: Readonly<Counts>): string | undefined {
  const { calls, failed, slowAnswers, slow, overBudget } = counts;
  const { failures = Infinity, slowCalls = Infinity, failureRate, slowRate, slowMs, budgetMs } = policy;
  const within = `within ${policy.windowMs} ms`;
  if (failed >= failures) return `${calledTimes(failed)} failed ${within}`;
  if (slowAnswers >= slowCalls) return `${calledTimes(slowAnswers)} took ${slowMs} ms or more ${within}`;
  if (calls < policy.minCalls) return undefined;
  if (failureRate !== undefined && failed / calls >= failureRate)
    return `${failed} of ${calls} calls failed ${within}`;
  if (slowRate !== undefined && slow / calls >= slowRate)
    return `${slow} of ${calls} calls took ${slowMs} ms or more ${within}`;
  if (budgetMs !== undefined && overBudget / calls > policy.budgetShare)
    return `${overBudget} of ${calls} calls took longer than the budget of ${budgetMs} ms ${within}`;
  return undefined;
}

function calledTimes(times: number): string {
  return times === 1 ? "1 call" : `${times} calls`;
}
