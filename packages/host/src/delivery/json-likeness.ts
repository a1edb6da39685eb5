import { MAX_NESTING } from "@synaps/sdk/framing";
import { HostError, messageOf } from "../errors.js";

/** Objects of which JSON sees no content, or only what somebody added: they would arrive empty. */
const OPAQUE = [Map, Set, WeakMap, WeakSet, WeakRef, Promise, RegExp, Error, ArrayBuffer] as const;
/** Objects that JSON takes for the value in them. */
const BOXES = [Number, String, Boolean] as const;

/** The words around the pointer, and the keys of the pointer from the innermost one. */
interface Problem {
  readonly before: string;
  readonly after: string;
  readonly path: (string | number)[];
}

/**
 * The first thing in a value that JSON would change or drop without a word, with its JSON pointer; undefined when there
 * is none. Members that are undefined or hidden are left out, class instances become plain objects, and `toJSON` is taken at
 * its word, as JSON does it. Integers beyond 2^53 have lost their digits already, so they are refused: a decimal string
 * keeps them.
 */
export function unlikeJson(value: unknown, pointer: string): string | undefined {
  let problem: Problem | undefined;
  try {
    problem = problemIn(value, 0);
  } catch (error) {
    return `the value at ${pointer} cannot be read: ${messageOf(error)}`;
  }
  if (problem === undefined) return undefined;
  const keys = problem.path.reverse().map((key) => String(key).replace(/~/g, "~0").replace(/\//g, "~1"));
  const at = [pointer, ...keys].join("/");
  const cut = at.length > MAX_POINTER ? `${at.slice(0, MAX_POINTER)}…` : at;
  return problem.before + cut + problem.after;
}

/** Longest pointer in a message, in UTF-16 code units. */
const MAX_POINTER = 256;

function problemIn(value: unknown, depth: number): Problem | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return undefined;
    case "number":
      if (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value)))
        return undefined;
      return problem("the number at ", ` is ${unlikeNumber(value)}`);
    case "object":
      if (value === null) return undefined;
      return saysItself(value) ? problemOfAnswer(value, depth) : problemOfObject(value, depth);
    default:
      return problem(`there is a ${typeof value} at `);
  }
}

/** A date, for one, says what stands for it. JSON asks once: the answer is not asked again. */
function problemOfAnswer(value: { toJSON(): unknown }, depth: number): Problem | undefined {
  const answer = value.toJSON();
  if (typeof answer !== "object") return problemIn(answer, depth);
  if (answer !== null) return problemOfObject(answer, depth);
  return value instanceof Date ? problem("there is an invalid date at ") : undefined;
}

function problemOfObject(value: object, depth: number): Problem | undefined {
  if (depth >= MAX_NESTING) return problem(`it is nested over ${MAX_NESTING} levels deep at `);
  if (Array.isArray(value)) return problemOfItems(value, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return problemOfInstance(value, depth);
  return problemOfMembers(value, depth);
}

function problemOfItems(items: readonly unknown[], depth: number): Problem | undefined {
  for (let n = 0; n < items.length; n += 1) {
    const item = items[n];
    const found = item === undefined ? problem("there is nothing at ") : problemIn(item, depth + 1);
    if (found) return within(n, found);
  }
  return undefined;
}

function problemOfMembers(value: object, depth: number): Problem | undefined {
  for (const key of Object.keys(value)) {
    const found = problemIn((value as Record<string, unknown>)[key], depth + 1);
    if (found) return within(key, found);
  }
  return undefined;
}

/** An instance of a class with nothing to see in it keeps its content elsewhere. */
function problemOfInstance(value: object, depth: number): Problem | undefined {
  const inner = boxed(value);
  if (inner !== undefined) return problemIn(inner, depth + 1);
  if (!isOpaque(value)) return problemOfMembers(value, depth);
  const { name } = value.constructor;
  const what = name === "" ? "a class instance" : `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
  return problem(`there is ${what} at `, ", whose content JSON does not see");
}

/** The value in an object that JSON takes for a number, a text or a truth value; undefined for all other objects. */
export function boxed(value: object): unknown {
  return BOXES.some((type) => value instanceof type) ? value.valueOf() : undefined;
}

/** True for an instance of a class that keeps its content where JSON does not see it. */
export function isOpaque(value: object): boolean {
  const isHidden = ArrayBuffer.isView(value) || OPAQUE.some((type) => value instanceof type);
  return isHidden || Object.keys(value).length === 0;
}

function saysItself(value: object): value is { toJSON(): unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === "function";
}

function problem(before: string, after = ""): Problem {
  return { before, after, path: [] };
}

/** The pointer is made on the way back: making it on the way in would cost more than the look at the value. */
function within(key: string | number, found: Problem): Problem {
  found.path.push(key);
  return found;
}

function unlikeNumber(value: number): string {
  return Number.isFinite(value)
    ? "an integer beyond 2^53: pass its digits as a string"
    : `${value}, which JSON does not have`;
}

export function notJson(kind: string, problem: string): HostError {
  return new HostError("EVENT_INVALID", `The event '${kind}' cannot be sent as JSON: ${problem}`, {
    hint: "Pass plain JSON values. Write binary as base64 and integers beyond 2^53 as strings.",
  });
}
