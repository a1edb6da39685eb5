import { MAX_NESTING } from "@synaps/sdk/framing";
import { HostError } from "../errors.js";

/** Objects whose content JSON does not see: they would arrive empty. */
const OPAQUE = [Map, Set, WeakMap, WeakSet, Promise, RegExp, ArrayBuffer, SharedArrayBuffer] as const;

/** The words around the pointer, and the keys of the pointer from the innermost one. */
interface Problem {
  readonly before: string;
  readonly after: string;
  readonly path: (string | number)[];
}

/**
 * The first thing in a value that JSON would change or drop without a word, with its JSON pointer; undefined when there
 * is none. Members that are undefined are left out and class instances become plain objects, as JSON does it. Integers
 * beyond 2^53 have lost their digits already, so they are refused: a decimal string keeps them.
 */
export function unlikeJson(value: unknown, pointer: string): string | undefined {
  const problem = problemIn(value, 0);
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
      break;
    default:
      return problem(`there is a ${typeof value} at `);
  }
  if (value === null) return undefined;
  if (depth >= MAX_NESTING) return problem(`it is nested over ${MAX_NESTING} levels deep at `);
  if (Array.isArray(value)) {
    for (let n = 0; n < value.length; n += 1) {
      const item: unknown = value[n];
      const found = item === undefined ? problem("there is nothing at ") : problemIn(item, depth + 1);
      if (found) return within(n, found);
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    if (OPAQUE.some((type) => value instanceof type) || ArrayBuffer.isView(value))
      return problem(`there is a ${value.constructor.name} at `, ", whose content JSON does not see");
    if (typeof (value as { toJSON?: unknown }).toJSON === "function") return undefined;
  }
  for (const key of Object.keys(value)) {
    const found = problemIn((value as Record<string, unknown>)[key], depth + 1);
    if (found) return within(key, found);
  }
  return undefined;
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
