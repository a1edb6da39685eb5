import { isDeepStrictEqual } from "node:util";
import type { JsonValue } from "@synaps/sdk/protocol";
import { isCount, type Keyword, type Keywords } from "./keyword.js";

const ARTICLES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

/** Most values of an enumeration that a message lists. */
const MAX_LISTED = 8;
/** Most characters of a listed value. */
const MAX_LISTED_LENGTH = 40;

const type: Keyword = (argument, value, pointer, run) => {
  const names = (Array.isArray(argument) ? argument : [argument]).filter((name) => typeof name === "string");
  const known = names.filter((name) => Object.hasOwn(ARTICLES, name));
  // A type that does not exist allows every value.
  if (known.length === 0 || known.length < names.length) return;
  if (known.some((name) => isOf(name, value))) return;
  run.note(pointer, `must be ${known.map((name) => ARTICLES[name]).join(" or ")}`);
};

function isOf(name: string, value: JsonValue): boolean {
  switch (name) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === name;
  }
}

const enumeration: Keyword = (argument, value, pointer, run) => {
  if (!Array.isArray(argument)) return;
  run.spend(weightOf(argument));
  if (argument.some((one) => isDeepStrictEqual(one, value))) return;
  const listed = argument.slice(0, MAX_LISTED).map(shown).join(", ");
  run.note(pointer, `must be one of: ${listed}${argument.length > MAX_LISTED ? ", …" : ""}`);
};

const constant: Keyword = (argument, value, pointer, run) => {
  run.spend(weightOf(argument));
  if (!isDeepStrictEqual(argument, value)) run.note(pointer, `must be ${shown(argument)}`);
};

const weights = new WeakMap<object, number>();

/** Steps that a comparison with a value of the schema costs. */
function weightOf(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 1;
  const weight = weights.get(value) ?? 1 + (JSON.stringify(value).length >> 5);
  weights.set(value, weight);
  return weight;
}

/** Shows a value of the schema in short. */
function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > MAX_LISTED_LENGTH ? `${text.slice(0, MAX_LISTED_LENGTH)}…` : text;
}

export const ANY_KEYWORDS: Keywords = { type, enum: enumeration, const: constant };

export const NUMBER_KEYWORDS: Keywords<number> = {
  minimum: (least, value, pointer, run) => {
    if (typeof least === "number" && value < least) run.note(pointer, `must be at least ${least}`);
  },
  maximum: (most, value, pointer, run) => {
    if (typeof most === "number" && value > most) run.note(pointer, `must be at most ${most}`);
  },
  exclusiveMinimum: (least, value, pointer, run) => {
    if (typeof least === "number" && value <= least) run.note(pointer, `must be more than ${least}`);
  },
  exclusiveMaximum: (most, value, pointer, run) => {
    if (typeof most === "number" && value >= most) run.note(pointer, `must be less than ${most}`);
  },
  multipleOf: (step, value, pointer, run) => {
    if (typeof step !== "number" || step <= 0) return;
    const times = value / step;
    // Decimal steps such as 0.1 have no exact form, so that a tiny difference is allowed.
    if (Math.abs(times - Math.round(times)) > 1e-9 * Math.max(1, Math.abs(times)))
      run.note(pointer, `must be a multiple of ${step}`);
  },
};

export const STRING_KEYWORDS: Keywords<string> = {
  minLength: (least, value, pointer, run) => {
    if (isCount(least) && lengthOf(value) < least)
      run.note(pointer, `must have at least ${least} characters`);
  },
  maxLength: (most, value, pointer, run) => {
    if (isCount(most) && lengthOf(value) > most) run.note(pointer, `must have at most ${most} characters`);
  },
  pattern: (pattern, value, pointer, run) => {
    if (typeof pattern === "string" && run.matches(pattern, value) === false)
      run.note(pointer, `must match the pattern ${shown(pattern)}`);
  },
};

/** Counts characters, of which some take two units. */
function lengthOf(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff) pairs += 1;
  }
  return text.length - pairs;
}
