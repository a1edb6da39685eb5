import { AssertionError } from "node:assert";
import { inspect, isDeepStrictEqual } from "node:util";
import type { Action } from "../protocol/catalog.js";
import type { JsonValue } from "../protocol/json.js";
import type { Verdict } from "../protocol/results.js";

type VerdictOf<A extends Action> = Extract<Verdict, { action: A }>;
type Expectation<T> = T extends string ? string | RegExp : T;

/** An action, and any of its fields: text as a string (the whole) or a RegExp (a part), JSON by deep equality. */
export type ExpectedVerdict<A extends Action = Action> = {
  [B in A]: { action: B } & {
    [K in Exclude<keyof VerdictOf<B>, "action">]?: Expectation<VerdictOf<B>[K]>;
  };
}[A];

/**
 * Asserts the action and those fields that `expected` names; other fields may hold anything. Narrows the verdict's
 * type. Throws an AssertionError that shows the field, what was expected and what came.
 */
export function assertVerdict<A extends Action>(
  verdict: Verdict,
  expected: { action: A } & ExpectedVerdict<A>,
): asserts verdict is VerdictOf<A> {
  for (const [key, want] of Object.entries<unknown>(expected)) {
    const got = (verdict as unknown as Record<string, unknown>)[key];
    const fits =
      want instanceof RegExp ? typeof got === "string" && want.test(got) : isDeepStrictEqual(got, want);
    if (fits) continue;
    const verb = want instanceof RegExp ? "to match" : "to be";
    throw new AssertionError({
      message: `expected ${key} ${verb} ${show(want)}, but the verdict is ${show(verdict)}`,
      actual: got,
      expected: want,
      // A name that Node does not know: for its own it appends a comparison to the message.
      operator: "assertVerdict",
      stackStartFn: assertVerdict,
    });
  }
}

/** Asserts the action `continue`. Throws an AssertionError that shows the verdict. */
export function assertContinues(verdict: Verdict): asserts verdict is VerdictOf<"continue"> {
  assertVerdict(verdict, { action: "continue" });
}

/**
 * Asserts the action `block`, and its `reason` where one is given: a string is the whole text, a RegExp a part. Throws
 * an AssertionError that shows the verdict.
 */
export function assertBlocks(
  verdict: Verdict,
  reason?: string | RegExp,
): asserts verdict is VerdictOf<"block"> {
  assertVerdict(verdict, reason === undefined ? { action: "block" } : { action: "block", reason });
}

/**
 * Asserts the action `confirm`, and its `message` where one is given: a string is the whole text, a RegExp a part.
 * Throws an AssertionError that shows the verdict.
 */
export function assertConfirms(
  verdict: Verdict,
  message?: string | RegExp,
): asserts verdict is VerdictOf<"confirm"> {
  assertVerdict(verdict, message === undefined ? { action: "confirm" } : { action: "confirm", message });
}

/** The whole new input must be equal: a modify replaces, it does not merge. */
export function assertModifies(verdict: Verdict, input: JsonValue): asserts verdict is VerdictOf<"modify"> {
  assertVerdict(verdict, { action: "modify", input });
}

/**
 * Asserts the action `inject`, and its `content` where one is given: a string is the whole text, a RegExp a part.
 * Throws an AssertionError that shows the verdict.
 */
export function assertInjects(
  verdict: Verdict,
  content?: string | RegExp,
): asserts verdict is VerdictOf<"inject"> {
  assertVerdict(verdict, content === undefined ? { action: "inject" } : { action: "inject", content });
}

/**
 * Asserts the action `replace`, and its `output` where one is given: a string is the whole text, a RegExp a part.
 * Throws an AssertionError that shows the verdict.
 */
export function assertReplaces(
  verdict: Verdict,
  output?: string | RegExp,
): asserts verdict is VerdictOf<"replace"> {
  assertVerdict(verdict, output === undefined ? { action: "replace" } : { action: "replace", output });
}

function show(value: unknown): string {
  return inspect(value, { depth: 6, breakLength: 100, maxStringLength: 2_000 });
}
