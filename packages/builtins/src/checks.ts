import { unknownKey } from "@synaps/sdk/protocol";

/** Says what is wrong with the value of one option, as the rest of a sentence; undefined when nothing is. */
export type Check = (value: unknown) => string | undefined;

/** Most kinds of one built-in: more than all catalogs together have. */
const MAX_KINDS = 256;
/** Longest id of a hook, in characters: the host's. */
const MAX_ID_LENGTH = 64;

/** A check by a condition. `wanted` completes "it must be". */
export function must(wanted: string, isRight: (value: unknown) => boolean): Check {
  return (value) => (isRight(value) ? undefined : `it must be ${wanted}`);
}

/** A whole number within bounds, both included. */
export function whole(least: number, most: number): Check {
  return must(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  );
}

/** A number within bounds, both included. */
export function between(least: number, most: number): Check {
  return must(
    `a number from ${least} to ${most}`,
    (value) => typeof value === "number" && value >= least && value <= most,
  );
}

/** A function. */
export const FUNCTION: Check = must("a function", (value) => typeof value === "function");
/** True or false. */
export const SWITCH: Check = must("true or false", (value) => typeof value === "boolean");
/** A name that a host takes as the id of a hook. */
export const ID: Check = must(
  `a text of 1 to ${MAX_ID_LENGTH} characters`,
  (value) => typeof value === "string" && value.trim() !== "" && value.length <= MAX_ID_LENGTH,
);
/** Names of hook kinds. */
export const KINDS: Check = must(
  `a list of 1 to ${MAX_KINDS} names of kinds`,
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_KINDS &&
    value.every((kind) => typeof kind === "string" && kind !== ""),
);
/** An object with a method `now`. */
export const CLOCK: Check = must(
  "an object with a method 'now'",
  (value) => typeof value === "object" && value !== null && typeof Reflect.get(value, "now") === "function",
);

/** One of several texts. */
export function oneOf(...names: readonly string[]): Check {
  return must(
    `one of ${names.map((name) => `'${name}'`).join(", ")}`,
    (value) => typeof value === "string" && names.includes(value),
  );
}

/** An action that refuses. */
export const REFUSE: Check = oneOf("block", "confirm", "skip");

/** Throws a TypeError for options that are no object, for unknown keys, missing ones and wrong values. */
export function checkOptions(
  what: string,
  options: unknown,
  checks: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw wrong(what, "its options must be an object");
  const unknown = unknownKey(options, Object.keys(checks));
  if (unknown !== undefined) throw wrong(what, unknown);
  for (const [name, check] of Object.entries(checks)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value === undefined && required.includes(name)) throw wrong(what, `'${name}' is missing`);
    const problem = value === undefined ? undefined : check(value);
    if (problem !== undefined) throw wrong(what, `'${name}': ${problem}`);
  }
}

/** The error for options that a built-in cannot work with. */
export function wrong(what: string, why: string): TypeError {
  return new TypeError(`The options of ${what} are wrong: ${why}`);
}
