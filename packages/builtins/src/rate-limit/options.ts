import {
  between,
  checkOptions,
  CLOCK,
  ID,
  KINDS,
  oneOf,
  REFUSE,
  whole,
  wrong,
  type Check,
} from "../checks.js";
import type { BuiltInClock, Refusing } from "../hook-types.js";
import { RAISE_CHECKS } from "../security/raiser.js";
import type { RaiseOptions } from "../security/security-events.js";
import { PER, type KeyPart } from "./keys.js";
import { RATE_PRESETS, type RatePreset, type RatePresetName } from "./presets.js";
import { rateOf, type Rate } from "./rate.js";

/** Options of `rateLimit`. Without `like`, `capacity` and one of the refills are needed. */
export type RateLimitOptions<K extends string = string, R extends Refusing = "block"> = RaiseOptions & {
  /** Name of the hook, in votes and annotations. Default `rate_limit`. */
  id?: string;
  /** Kinds of events that are limited, all by the same buckets. */
  kinds: readonly K[];
  /** A preset whose values stand for those that are not given. */
  like?: RatePresetName;
  /** Tokens that may be taken at once, 1 to 1,000,000. */
  capacity?: number;
  /** Tokens that come back in a second, 0.001 to 1,000,000. Or `refillPerMinute`. */
  refillPerSecond?: number;
  /** Tokens that come back in a minute: exact where a second would have endless digits. */
  refillPerMinute?: number;
  /** Tokens beyond `capacity` that a bucket may hold. Default 0. */
  burst?: number;
  /** Who has a bucket of its own. Default `global`. */
  per?: KeyPart | readonly KeyPart[];
  /** Tokens of one event, for all kinds or by kind; 0 is free. Default 1. */
  cost?: number | { readonly [N in K]?: number };
  /** Action by which an event beyond the limit is refused. The kinds must allow it. Default `block`. */
  refuse?: R;
  /** Share of a bucket that must be used until the annotation warns. Default 0.8; 1 never warns. */
  warnAt?: number;
  /** Keys that have a bucket of their own; further ones share one. Default 10,000. */
  maxKeys?: number;
  /** Time without use after which a bucket is forgotten, in milliseconds. Default 1 h, or as long as it takes to fill. */
  ttlMs?: number;
  /** For tests that decide what time it is. Default: the clock of the process. */
  clock?: BuiltInClock;
};

/** Share of a bucket from which on the annotation warns: as in rs-llmspell. */
const WARN_AT = 0.8;
const MOST = 1_000_000;
const SWITCHED_OFF =
  "To switch the limit off, leave the hook out; to refuse everything, write a hook that does";

const REFILL = between(0.001, MOST);
const CHECKS: Readonly<Record<string, Check>> = {
  id: ID,
  kinds: KINDS,
  like: oneOf(...Object.keys(RATE_PRESETS)),
  capacity: notZero(whole(1, MOST)),
  refillPerSecond: notZero(REFILL),
  refillPerMinute: notZero(REFILL),
  burst: whole(0, MOST),
  per: PER,
  cost: (value) => (typeof value === "object" && value !== null ? undefined : whole(0, MOST)(value)),
  refuse: REFUSE,
  warnAt: between(0, 1),
  maxKeys: whole(1, MOST),
  ttlMs: whole(1, 1_000 * 60 * 60 * 24 * 365),
  clock: CLOCK,
  ...RAISE_CHECKS,
};

/** Options with everything filled in. */
export interface RateLimitSettings {
  readonly id: string;
  readonly rate: Rate;
  readonly per: KeyPart | readonly KeyPart[];
  /** Tokens of one event of a kind. */
  readonly cost: (kind: string) => number;
  readonly refuse: Refusing;
  readonly warnAt: number;
}

/** Reads the options. Throws a TypeError for anything that makes no sense. */
export function settingsOf(options: RateLimitOptions<string, Refusing>): RateLimitSettings {
  checkOptions("rateLimit", options, CHECKS, ["kinds"]);
  const { id = "rate_limit", like, cost = 1, refuse = "block", warnAt = WARN_AT, kinds } = options;
  const preset: Partial<RatePreset> = like === undefined ? {} : RATE_PRESETS[like];
  const { capacity = preset.capacity, burst = preset.burst ?? 0, per = preset.per ?? "global" } = options;
  if (capacity === undefined)
    throw wrong("rateLimit", "'capacity' is missing, and no preset is named in 'like'");
  const settings = { id, rate: refilled(capacity, burst, options, preset), per, refuse, warnAt };
  return { ...settings, cost: costOf(cost, kinds, capacity + burst) };
}

function refilled(
  capacity: number,
  burst: number,
  options: { refillPerSecond?: number; refillPerMinute?: number },
  preset: { refillPerSecond?: number; refillPerMinute?: number },
): Rate {
  const isOwn = (options.refillPerSecond ?? options.refillPerMinute) !== undefined;
  const { refillPerSecond, refillPerMinute } = isOwn ? options : preset;
  if (refillPerSecond !== undefined && refillPerMinute !== undefined)
    throw wrong("rateLimit", "'refillPerSecond' and 'refillPerMinute' exclude each other");
  if (refillPerSecond !== undefined) return rateOf(capacity, burst, refillPerSecond, 1_000);
  if (refillPerMinute !== undefined) return rateOf(capacity, burst, refillPerMinute, 60_000);
  throw wrong("rateLimit", "'refillPerSecond' or 'refillPerMinute' is missing");
}

function costOf(
  cost: number | Readonly<Record<string, number | undefined>>,
  kinds: readonly string[],
  limit: number,
): (kind: string) => number {
  const costs = typeof cost === "number" ? Object.fromEntries(kinds.map((kind) => [kind, cost])) : cost;
  const checks = Object.fromEntries(kinds.map((kind) => [kind, whole(0, MOST)]));
  checkOptions("rateLimit, in 'cost',", costs, checks);
  const byKind = new Map(Object.entries(costs));
  for (const [kind, tokens = 1] of byKind)
    if (tokens > limit)
      throw wrong(
        "rateLimit",
        `'${kind}' costs ${tokens} tokens, and a bucket never holds more than ${limit}`,
      );
  return (kind) => byKind.get(kind) ?? 1;
}

function notZero(check: Check): Check {
  return (value) => {
    const problem = check(value);
    return problem !== undefined && value === 0 ? `${problem}. ${SWITCHED_OFF}` : problem;
  };
}
