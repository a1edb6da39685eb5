import { didYouMean } from "./did-you-mean.js";
import type { JsonObject, JsonValue } from "./json.js";

/**
 * Answers instead of the operation, which does not run. A text is the output as it stands; any other value becomes JSON.
 * The value comes from the extension's own memory: a host does not keep it, and `ttl_ms` and `key` change nothing here.
 */
export type CacheHit = {
  action: "cache";
  value: JsonValue;
  store?: never;
  ttl_ms?: number;
  key?: string;
};
/**
 * Asks the host to keep the operation's output, and to answer from it when an operation with the same key comes again
 * within `ttl_ms` (milliseconds, 1 to `MAX_CACHE_TTL_MS`; default `DEFAULT_CACHE_TTL_MS`). Without `key`, the members that
 * the kind names make the key, whatever the order of their keys. A `key` of the extension's own (1 to 1,024 characters) is
 * apart from those of other extensions. Outputs of errors are not kept.
 */
export type CacheStore = { action: "cache"; value?: never; store: true; ttl_ms?: number; key?: string };
/** Either answers instead of the operation, or asks that its output is kept. */
export type Cache = CacheHit | CacheStore;
/**
 * Sends the operation elsewhere: to the tool of that name where the kind is about tools. 1 to 1,024 characters. All hooks
 * are asked again about the redirected operation before it runs.
 */
export type Redirect = { action: "redirect"; target: string };
/** Growth of the pause before each further attempt. */
export type Backoff = (typeof BACKOFFS)[number];
/** Part of a pause that is left to chance. */
export type Jitter = (typeof JITTERS)[number];
/**
 * Runs the operation again: before it, while it fails; after it, once more. `delay_ms` is the first pause in milliseconds
 * (0 to 60,000, default 1,000), `max_attempts` counts all runs (default 3; hosts run nothing more than 5 times or for more
 * than 60 s). Default `backoff`: fixed; default `jitter`: none.
 */
export type Retry = {
  action: "retry";
  delay_ms?: number;
  max_attempts?: number;
  backoff?: Backoff;
  jitter?: Jitter;
};
/**
 * Runs these operations in place of the one: 1 to 8, each the input of a run of its own. Guards are asked about each of
 * them first. The output is the list of their outputs as JSON.
 */
export type Fork = { action: "fork"; operations: JsonValue[] };
/** Leaves the operation out without an error. There is no output. Hosts cut `reason` at 8 KiB. */
export type Skip = { action: "skip"; reason: string };

/** Values of `backoff`: the same pause, n times, 2^n times, or Fibonacci times the first. */
export const BACKOFFS = ["fixed", "linear", "exponential", "fibonacci"] as const;
/**
 * Values of `jitter`: the pause as it is; from 0 to it; from half of it; or from the first pause to three times the last.
 */
export const JITTERS = ["none", "full", "equal", "decorrelated"] as const;
/** Time for which an output is kept when the answer says nothing: 5 minutes. */
export const DEFAULT_CACHE_TTL_MS = 300_000;
/** Longest time for which an output is kept: about 24 days, the longest that timers take. */
export const MAX_CACHE_TTL_MS = 2_147_483_647;

/** Longest pause that may be asked for: the time that a host gives all attempts together. */
const MAX_DELAY_MS = 60_000;
const MAX_FORKED = 8;
/** A name, not a payload: a longer one is a mistake. */
const MAX_NAME_LENGTH = 1_024;

/** Answer with this instead of running the operation. Texts are taken as they are, other values as JSON. */
export const cached = (value: JsonValue): CacheHit => ({ action: "cache", value });
/** Keep the operation's output, and answer from it next time. See `CacheStore` for the bounds. */
export const store = (options: { ttl_ms?: number; key?: string } = {}): CacheStore => ({
  action: "cache",
  store: true,
  ...options,
});
/** Send the operation elsewhere. All hooks are asked again about the redirected operation. */
export const redirect = (target: string): Redirect => ({ action: "redirect", target });
/** Run the operation again, after a pause. See `Retry` for defaults and bounds. */
export const retry = (options: Omit<Retry, "action"> = {}): Retry => ({ action: "retry", ...options });
/** Run these 1 to 8 operations in place of the one. */
export const fork = (operations: JsonValue[]): Fork => ({ action: "fork", operations });
/** Leave the operation out, without an error and without an output. */
export const skip = (reason: string): Skip => ({ action: "skip", reason });

type OperationAnswer = Cache | Redirect | Retry | Fork;
type Parsed = { ok: true; verdict: OperationAnswer } | { ok: false; problem: string };

/** Reads one of the answers about how an operation runs. Members that do not belong to it are dropped. */
export function parseOperationAnswer(action: OperationAnswer["action"], result: JsonObject): Parsed {
  const problem = PROBLEMS[action](result);
  return problem === undefined ? { ok: true, verdict: verdictOf(action, result) } : { ok: false, problem };
}

const MEMBERS: Readonly<Record<OperationAnswer["action"], readonly string[]>> = {
  cache: ["value", "store", "ttl_ms", "key"],
  redirect: ["target"],
  retry: ["delay_ms", "max_attempts", "backoff", "jitter"],
  fork: ["operations"],
};

function verdictOf(action: OperationAnswer["action"], result: JsonObject): OperationAnswer {
  const given = MEMBERS[action]
    .filter((name) => result[name] !== undefined)
    .map((name) => [name, result[name]]);
  return { action, ...(Object.fromEntries(given) as object) } as OperationAnswer;
}

const PROBLEMS: Readonly<Record<OperationAnswer["action"], (result: JsonObject) => string | undefined>> = {
  cache: ({ value, store: keeps, ttl_ms: ttl, key }) => {
    if (value !== undefined && keeps !== undefined)
      return "the action 'cache' has either 'value' or 'store', not both";
    if (value === undefined && keeps !== true)
      return "the action 'cache' needs 'value', or 'store' that is true";
    return (
      numberProblem("ttl_ms", "cache", ttl, 1, MAX_CACHE_TTL_MS, true) ??
      (key === undefined ? undefined : nameProblem("key", "cache", key))
    );
  },
  redirect: ({ target }) =>
    target === undefined ? "the action 'redirect' needs 'target'" : nameProblem("target", "redirect", target),
  retry: ({ delay_ms: delay, max_attempts: attempts, backoff, jitter }) =>
    numberProblem("delay_ms", "retry", delay, 0, MAX_DELAY_MS, false) ??
    numberProblem("max_attempts", "retry", attempts, 1, Number.MAX_SAFE_INTEGER, true) ??
    wordProblem("backoff", backoff, BACKOFFS) ??
    wordProblem("jitter", jitter, JITTERS),
  fork: ({ operations }) => {
    if (!Array.isArray(operations)) return "the action 'fork' needs 'operations', a list";
    const { length } = operations;
    return length >= 1 && length <= MAX_FORKED
      ? undefined
      : `the action 'fork' takes 1 to ${MAX_FORKED} operations, not ${length}`;
  },
};

function nameProblem(member: string, action: string, value: JsonValue): string | undefined {
  if (typeof value === "string" && value.trim() !== "" && value.length <= MAX_NAME_LENGTH) return undefined;
  return `'${member}' of the action '${action}' must be a text of 1 to ${MAX_NAME_LENGTH} characters`;
}

function numberProblem(
  member: string,
  action: string,
  value: JsonValue | undefined,
  min: number,
  max: number,
  isWhole: boolean,
): string | undefined {
  if (value === undefined) return undefined;
  const isRight =
    typeof value === "number" && value >= min && value <= max && (!isWhole || Number.isSafeInteger(value));
  if (isRight) return undefined;
  return `'${member}' of the action '${action}' must be a ${isWhole ? "whole " : ""}number from ${min} to ${max}`;
}

function wordProblem(
  member: string,
  value: JsonValue | undefined,
  words: readonly string[],
): string | undefined {
  if (value === undefined || (typeof value === "string" && words.includes(value))) return undefined;
  const meant = typeof value === "string" ? didYouMean(value, words) : undefined;
  const hint = meant === undefined ? "" : ` (did you mean '${meant}'?)`;
  return `'${member}' of the action 'retry' must be one of ${words.join(", ")}${hint}`;
}
