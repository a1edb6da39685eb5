import {
  DEFAULT_CACHE_TTL_MS,
  type CacheStore,
  type HookKindSpec,
  type Retry,
  type Verdict,
} from "@synaps/sdk/protocol";
import type { Asked, Chain } from "./chain.js";
import { isTerminal } from "./merge.js";
import type { Along, Decision } from "./outcome.js";
import { ignore } from "./verdict.js";

/** Pause before the second run and runs in all, for an answer that says neither. */
const DEFAULT_DELAY_MS = 1_000;
const DEFAULT_ATTEMPTS = 3;

/** An answer that ends no chain: it goes along with whatever is decided. */
export type Rider = Retry | CacheStore;

export function isRider(verdict: Verdict): verdict is Rider {
  return verdict.action === "retry" || (verdict.action === "cache" && verdict.store === true);
}

/** Answers of one chain that go along with its decision. Of several of one sort, the first in order counts. */
export class Riders {
  readonly #byPlace = new Map<number, { asked: Asked; rider: Rider }>();

  /** The answer of one place; a second one replaces the first. */
  take(asked: Asked, rider: Rider): void {
    this.#byPlace.set(asked.place, { asked, rider });
  }

  /** The place was asked again, and what it had said counts no more. */
  drop({ place }: Asked): void {
    this.#byPlace.delete(place);
  }

  /** The decision with what goes along. Votes without effect are marked. */
  alongWith(decision: Decision, chain: Chain): Decision {
    if (this.#byPlace.size === 0) return decision;
    const along: { -readonly [K in keyof Along]: Along[K] } = {};
    for (const [, { asked, rider }] of [...this.#byPlace].sort(([a], [b]) => a - b)) {
      const name = rider.action === "retry" ? "retry" : "store";
      const why = !letsRun(chain.spec, decision)
        ? "the operation does not run"
        : along[name] !== undefined && "an earlier extension had asked for it";
      const vote = chain.vote(asked.place);
      if (why === false) Object.assign(along, { [name]: planOf(rider, asked.subscription.extension) });
      else if (vote) chain.record(asked, ignore(vote, why));
    }
    const { retry, store } = along;
    if (decision.action !== "continue") return { ...decision, ...along };
    if (retry) return { action: "retry", by: retry.by, ...along };
    return store ? { action: "cache", by: store.by, ...along } : decision;
  }
}

/** False where nothing runs that could be run again or kept. A redirected or forked operation has hooks of its own. */
function letsRun(spec: HookKindSpec, decision: Decision): boolean {
  if (decision.action === "confirm") return decision.instead === undefined;
  return decision.action !== "block" && !isTerminal(spec, decision);
}

function planOf(rider: Rider, by: string): Along["retry"] | Along["store"] {
  if (rider.action === "cache") {
    const { ttl_ms: ttlMs = DEFAULT_CACHE_TTL_MS, key } = rider;
    return { by, ttlMs, ...(key === undefined ? {} : { key }) };
  }
  return {
    by,
    delayMs: rider.delay_ms ?? DEFAULT_DELAY_MS,
    maxAttempts: rider.max_attempts ?? DEFAULT_ATTEMPTS,
    backoff: rider.backoff ?? "fixed",
    jitter: rider.jitter ?? "none",
  };
}
