import { unknownKey } from "./did-you-mean.js";

/**
 * When a breaker opens, and how it closes again, by what happened within a sliding window. Any of the bounds that are
 * given opens it; a bound that is not given counts for nothing.
 */
export interface BreakerPolicy {
  /** Length of the window in milliseconds. It slides in tenths. Default 30 s. */
  readonly windowMs: number;
  /** Calls in the window before the rates and the latency budget count. Default 10. */
  readonly minCalls: number;
  /** Failed calls in the window: deadlines that passed, errors, crashes under the event. */
  readonly failures?: number;
  /** Share of the calls that failed, above 0 to 1. */
  readonly failureRate?: number;
  /** Time of one call from which on it counts as slow, in milliseconds. Needed by `slowCalls` and `slowRate`. */
  readonly slowMs?: number;
  /** Slow calls in the window that succeeded. */
  readonly slowCalls?: number;
  /** Share of all calls that were slow, failed ones included if they took as long, above 0 to 1. */
  readonly slowRate?: number;
  /** Latency budget in milliseconds: opens when more than `budgetShare` of the calls took longer. */
  readonly budgetMs?: number;
  /** Share of the calls that may be over the budget, 0 to below 1. Default 0.01: the budget is for the 99th percentile. */
  readonly budgetShare: number;
  /** Time in milliseconds for which nobody is asked once it is open; then single calls are let through. Default 15 s. */
  readonly openMs: number;
  /** Single calls in a row that must succeed in time until it is closed. Default 2. */
  readonly successes: number;
}

/** Values of what a policy does not set. */
const DEFAULTS = { windowMs: 30_000, minCalls: 10, budgetShare: 0.01, openMs: 15_000, successes: 2 } as const;

/**
 * Policies by name. `default` is none of them: it opens after three missed deadlines in a row. The figures of the other
 * three are those of rs-llmspell's executor, whose own `default` is called `standard` here.
 */
export const BREAKER_PRESETS = Object.freeze({
  standard: preset({
    windowMs: 30_000,
    failures: 3,
    slowMs: 50,
    slowCalls: 2,
    openMs: 15_000,
    successes: 2,
  }),
  production_optimized: preset({
    windowMs: 20_000,
    failures: 2,
    slowMs: 25,
    slowCalls: 1,
    openMs: 10_000,
    successes: 1,
  }),
  conservative: preset({
    windowMs: 60_000,
    failures: 5,
    slowMs: 100,
    slowCalls: 3,
    openMs: 30_000,
    successes: 3,
  }),
});

/** Name of a policy. */
export type BreakerPreset = keyof typeof BREAKER_PRESETS;

/** A policy of one's own, or changes to one that has a name. */
export type OwnBreaker = Partial<BreakerPolicy> & { readonly like?: BreakerPreset };

/** A subscription's breaker: `default`, another policy by its name, or one of one's own. */
export type BreakerChoice = "default" | BreakerPreset | OwnBreaker;

/** Bounds of a number of a policy. */
export type BreakerBounds = readonly [least: number, most: number, isWhole: boolean];

const TIME: BreakerBounds = [1, 3_600_000, false];
const COUNT: BreakerBounds = [1, 1_000_000, true];
const SHARE: BreakerBounds = [0.000_001, 1, false];

/** Bounds of each member of a policy. Times: up to an hour. */
export const BREAKER_BOUNDS: Readonly<Record<keyof BreakerPolicy, BreakerBounds>> = {
  windowMs: TIME,
  minCalls: COUNT,
  failures: COUNT,
  failureRate: SHARE,
  slowMs: TIME,
  slowCalls: COUNT,
  slowRate: SHARE,
  budgetMs: TIME,
  budgetShare: [0, 0.999_999, false],
  openMs: TIME,
  successes: COUNT,
};

/** Names of the choices that have one, for messages and schemas. */
export const BREAKER_NAMES: readonly ["default", ...BreakerPreset[]] = Object.freeze([
  "default",
  ...(Object.keys(BREAKER_PRESETS) as BreakerPreset[]),
]);

/** Says what is wrong with a choice of a breaker, in a clause; undefined when nothing is. Takes anything, never throws. */
export function wrongBreaker(choice: unknown): string | undefined {
  try {
    return complaintAbout(choice);
  } catch {
    return "it cannot be read: a member of it, or the list of its members, throws";
  }
}

function complaintAbout(choice: unknown): string | undefined {
  if (typeof choice === "string")
    return isName(choice) ? undefined : `there is no policy '${choice.slice(0, 64)}', only ${listOf()}`;
  if (typeof choice !== "object" || choice === null || Array.isArray(choice))
    return `it must be ${listOf()}, or an object`;
  const given = choice as Readonly<Record<string, unknown>>;
  const unknown = unknownKey(given, ["like", ...Object.keys(BREAKER_BOUNDS)]);
  if (unknown !== undefined) return unknown;
  const { like } = given;
  if (like !== undefined && !(typeof like === "string" && Object.hasOwn(BREAKER_PRESETS, like)))
    return `'like' must be one of ${Object.keys(BREAKER_PRESETS).join(", ")}`;
  for (const [name, rule] of Object.entries(BREAKER_BOUNDS)) {
    const value = given[name];
    if (value !== undefined && !fits(value, rule)) return `'${name}' must be ${wordsOf(rule)}`;
  }
  return wrongTogether(policyOf(given as OwnBreaker));
}

/** The policy of a right choice; undefined for `default`. */
export function breakerPolicy(choice: BreakerChoice | undefined): BreakerPolicy | undefined {
  if (choice === undefined || choice === "default") return undefined;
  return typeof choice === "string" ? BREAKER_PRESETS[choice] : Object.freeze(policyOf(choice));
}

function policyOf({ like, ...own }: OwnBreaker): BreakerPolicy {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...(like === undefined ? DEFAULTS : BREAKER_PRESETS[like]), ...given };
}

function wrongTogether({ slowMs, slowCalls, slowRate, ...policy }: BreakerPolicy): string | undefined {
  if (slowMs === undefined && (slowCalls ?? slowRate) !== undefined)
    return "'slowCalls' and 'slowRate' need 'slowMs', which says when a call is slow";
  if (slowMs !== undefined && (slowCalls ?? slowRate) === undefined)
    return "'slowMs' opens nothing without 'slowCalls' or 'slowRate'";
  const { failures, failureRate, budgetMs } = policy;
  if ((failures ?? failureRate ?? slowMs ?? budgetMs) === undefined)
    return "it never opens: give it 'failures', 'failureRate', 'slowCalls', 'slowRate' or 'budgetMs'";
  return undefined;
}

function preset(own: Partial<BreakerPolicy>): BreakerPolicy {
  return Object.freeze({ ...DEFAULTS, ...own });
}

function isName(name: string): boolean {
  return (BREAKER_NAMES as readonly string[]).includes(name);
}

function listOf(): string {
  return BREAKER_NAMES.map((name) => `'${name}'`).join(", ");
}

function fits(value: unknown, [least, most, isWhole]: BreakerBounds): boolean {
  return (
    typeof value === "number" && value >= least && value <= most && (!isWhole || Number.isInteger(value))
  );
}

function wordsOf([least, most, isWhole]: BreakerBounds): string {
  return `a ${isWhole ? "whole " : ""}number from ${least} to ${most}`;
}
