import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { isCount, shown, type Keyword, type Keywords } from "./keyword.js";
import { isMultiple } from "./multiple.js";

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

const type: Keyword = (argument, value, place, run) => {
  if (typeof argument === "string" && isOf(argument, value)) return;
  const names = (Array.isArray(argument) ? argument : [argument]).filter((name) => typeof name === "string");
  const known = names.filter((name) => Object.hasOwn(ARTICLES, name));
  // A type that does not exist allows every value.
  if (known.length === 0 || known.length < names.length) return;
  if (known.some((name) => isOf(name, value))) return;
  run.note(place, `must be ${known.map((name) => ARTICLES[name]).join(" or ")}`);
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

const enumeration: Keyword = (argument, value, place, run) => {
  if (!Array.isArray(argument) || argument.some((one) => isSame(one, value))) return;
  const listed = argument.slice(0, MAX_LISTED).map(shown).join(", ");
  run.note(place, `must be one of: ${listed}${argument.length > MAX_LISTED ? ", …" : ""}`);
};

const constant: Keyword = (argument, value, place, run) => {
  if (!isSame(argument, value)) run.note(place, `must be ${shown(argument)}`);
};

/** True for equal values, in whatever order their keys stand. */
function isSame(one: JsonValue, other: JsonValue): boolean {
  // Both zeros are equal.
  if (one === other) return true;
  if (Array.isArray(one))
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => isSame(item, other[index] ?? null))
    );
  if (!isJsonObject(one) || !isJsonObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name] ?? null, other[name] ?? null))
  );
}

export const ANY_KEYWORDS: Keywords = { type, enum: enumeration, const: constant };

export const NUMBER_KEYWORDS: Keywords<number> = {
  minimum: (least, value, place, run, schema) => {
    if (typeof least !== "number") return;
    // In draft 4, the bound itself is left out by a switch.
    if (schema["exclusiveMinimum"] === true && value === least) run.note(place, `must be more than ${least}`);
    else if (value < least) run.note(place, `must be at least ${least}`);
  },
  maximum: (most, value, place, run, schema) => {
    if (typeof most !== "number") return;
    if (schema["exclusiveMaximum"] === true && value === most) run.note(place, `must be less than ${most}`);
    else if (value > most) run.note(place, `must be at most ${most}`);
  },
  exclusiveMinimum: (least, value, place, run) => {
    if (typeof least === "number" && value <= least) run.note(place, `must be more than ${least}`);
  },
  exclusiveMaximum: (most, value, place, run) => {
    if (typeof most === "number" && value >= most) run.note(place, `must be less than ${most}`);
  },
  multipleOf: (step, value, place, run) => {
    if (typeof step === "number" && step > 0 && !isMultiple(value, step))
      run.note(place, `must be a multiple of ${step}`);
  },
};

export const STRING_KEYWORDS: Keywords<string> = {
  minLength: (least, value, place, run) => {
    if (isCount(least) && lengthOf(value) < least) run.note(place, `must have at least ${least} characters`);
  },
  maxLength: (most, value, place, run) => {
    if (isCount(most) && lengthOf(value) > most) run.note(place, `must have at most ${most} characters`);
  },
  pattern: (pattern, value, place, run) => {
    if (typeof pattern === "string" && run.matches(pattern, value) === false)
      run.note(place, `must match the pattern ${shown(pattern)}`);
  },
};

/** Counts characters, of which some take two units. */
function lengthOf(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    if (isBetween(text.charCodeAt(at), 0xd800, 0xdbff) && isBetween(text.charCodeAt(at + 1), 0xdc00, 0xdfff))
      pairs += 1;
  }
  return text.length - pairs;
}

function isBetween(unit: number, least: number, most: number): boolean {
  return unit >= least && unit <= most;
}
