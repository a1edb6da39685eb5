import type { JsonObject, Verdict } from "@synaps/sdk/protocol";
import {
  refusingEntries,
  processClock,
  type BuiltInClock,
  type BuiltInMetadata,
  type RefusingEntryOf,
  type HookAids,
  type Refusing,
  type SeenEvent,
} from "../hook-types.js";
import { SecurityRaiser, type RaiseCounts } from "../security/raiser.js";
import { refuse } from "../security/refuse.js";
import { keyOf, wordsOf } from "./keys.js";
import { settingsOf, type RateLimitOptions, type RateLimitSettings } from "./options.js";
import { TokenBuckets, type Taken } from "./token-buckets.js";

/** Counts of a rate limit since it was made. */
export interface RateLimitCounts extends RaiseCounts {
  readonly allowed: number;
  readonly refused: number;
  /** Allowed events whose annotation warned. */
  readonly warned: number;
  /** Events whose key had no bucket of its own, because there were too many keys. */
  readonly shared: number;
  /** Keys that have a bucket now. */
  readonly keys: number;
}

/**
 * The hook of `rateLimit`, for `host.use`. Asked first and once for each event. An event beyond the limit is refused with the
 * time after which it may come again; the annotation named as the hook has the numbers, there and from `warnAt` on.
 */
export class RateLimit<K extends string = string, R extends Refusing = "block"> {
  readonly id: string;
  readonly metadata: BuiltInMetadata;
  readonly events: readonly RefusingEntryOf<K, R>[];
  readonly #settings: RateLimitSettings;
  readonly #keyOf: (event: SeenEvent) => string;
  readonly #buckets: TokenBuckets;
  readonly #clock: BuiltInClock;
  readonly #raiser: SecurityRaiser;
  readonly #rule: string;
  readonly #counts = { allowed: 0, refused: 0, warned: 0, shared: 0 };

  constructor(options: RateLimitOptions<K, R>) {
    const settings = settingsOf(options as RateLimitOptions<string, Refusing>);
    const { maxKeys, ttlMs, clock = processClock } = options;
    this.id = settings.id;
    this.events = refusingEntries(options.kinds, false, (event, context) => this.answer(event, context));
    this.#settings = settings;
    this.#keyOf = keyOf(settings.per);
    this.#buckets = new TokenBuckets(settings.rate, {
      ...(maxKeys === undefined ? {} : { maxKeys }),
      ...(ttlMs === undefined ? {} : { ttlMs }),
    });
    this.#clock = clock;
    this.#raiser = new SecurityRaiser(this.id, options, clock);
    this.#rule = ruleOf(settings);
    this.metadata = {
      version: "1.0.0",
      description: `At most ${this.#rule}`,
      tags: ["builtin", "rate_limit"],
      priority: "highest",
    };
  }

  /** Answers one event. */
  answer(event: SeenEvent, context: HookAids): Extract<Verdict, { action: R }> | undefined {
    const { cost, warnAt } = this.#settings;
    const taken = this.#buckets.take(this.#keyOf(event), cost(event.kind), this.#clock.now());
    if (taken.shared) this.#counts.shared += 1;
    if (taken.allowed) {
      this.#counts.allowed += 1;
      const isNear = warnAt < 1 && taken.limit - taken.remaining >= warnAt * taken.limit;
      if (isNear) {
        this.#counts.warned += 1;
        context.annotate(this.id, annotationOf(taken));
      }
      return undefined;
    }
    this.#counts.refused += 1;
    context.annotate(this.id, annotationOf(taken));
    const reason = `The rate limit '${this.id}' is reached: at most ${this.#rule}. Try again in ${seconds(taken.retryAfterMs)} s`;
    this.#raiser.refused(event, { type: "rate_limit", reason, severity: "medium" });
    return refuse(this.#settings.refuse as R, reason);
  }

  /** Returns counts since the hook was made. */
  counts(): RateLimitCounts {
    return { ...this.#counts, keys: this.#buckets.size, ...this.#raiser.counts };
  }
}

/**
 * Makes a hook that limits how many events may come, by token buckets. Throws a TypeError for options that make no sense,
 * for instance a limit of 0.
 */
export function rateLimit<const K extends string, R extends Refusing = "block">(
  options: RateLimitOptions<K, R>,
): RateLimit<K, NoInfer<R>> {
  return new RateLimit(options);
}

function ruleOf({ rate, per }: RateLimitSettings): string {
  const { capacity, burst, refill, perMs } = rate;
  const refilled = `${refill} more every ${perMs % 1_000 === 0 ? `${perMs / 1_000} s` : `${perMs} ms`}`;
  return `${capacity + burst} at once and ${refilled}, ${wordsOf(per)}`;
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

function annotationOf({ allowed, limit, remaining, retryAfterMs, resetMs, shared }: Taken): JsonObject {
  return {
    limit,
    remaining,
    reset_seconds: Math.ceil(resetMs / 1_000),
    ...(allowed ? { warning: true } : { retry_after_seconds: seconds(retryAfterMs) }),
    ...(shared ? { shared: true } : {}),
  };
}
