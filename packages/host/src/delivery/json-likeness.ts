import { MAX_NESTING } from "@synaps/sdk/framing";
import { HostError } from "../errors.js";

/** Objects whose content JSON does not see: they would arrive empty. */
const OPAQUE = [Map, Set, WeakMap, WeakSet, Promise, RegExp, ArrayBuffer, SharedArrayBuffer] as const;

/**
 * The first thing in a value that JSON would change or drop without a word, with its JSON pointer; undefined when there
 * is none. Members that are undefined are left out and class instances become plain objects, as JSON does it. Integers
 * beyond 2^53 have lost their digits already, so they are refused: a decimal string keeps them.
 */
export function unlikeJson(value: unknown, pointer: string, depth = 0): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return undefined;
    case "number":
      return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
        ? undefined
        : `the number at ${pointer} is ${unlikeNumber(value)}`;
    case "object":
      return value === null ? undefined : unlikeObject(value, pointer, depth);
    default:
      return `there is a ${typeof value} at ${pointer}`;
  }
}

function unlikeNumber(value: number): string {
  return Number.isFinite(value)
    ? "an integer beyond 2^53: pass its digits as a string"
    : `${value}, which JSON does not have`;
}

function unlikeObject(value: object, pointer: string, depth: number): string | undefined {
  if (depth >= MAX_NESTING) return `it is nested over ${MAX_NESTING} levels deep at ${pointer.slice(0, 64)}…`;
  if (Array.isArray(value)) {
    for (let n = 0; n < value.length; n += 1) {
      const item: unknown = value[n];
      if (item === undefined) return `there is nothing at ${pointer}/${n}`;
      // Only what can be wrong gets a pointer: making one for each item costs more than the look at it.
      if (isPlain(item)) continue;
      const problem = unlikeJson(item, `${pointer}/${n}`, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    if (OPAQUE.some((type) => value instanceof type) || ArrayBuffer.isView(value))
      return `there is a ${value.constructor.name} at ${pointer}, whose content JSON does not see`;
    if (typeof (value as { toJSON?: unknown }).toJSON === "function") return undefined;
  }
  for (const key of Object.keys(value)) {
    const member: unknown = (value as Record<string, unknown>)[key];
    if (isPlain(member)) continue;
    const problem = unlikeJson(
      member,
      `${pointer}/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`,
      depth + 1,
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isPlain(value: unknown): boolean {
  return (
    typeof value === "string" || typeof value === "boolean" || value === null || Number.isSafeInteger(value)
  );
}

export function notJson(kind: string, problem: string): HostError {
  return new HostError("EVENT_INVALID", `The event '${kind}' cannot be sent as JSON: ${problem}`, {
    hint: "Pass plain JSON values. Write binary as base64 and integers beyond 2^53 as strings.",
  });
}
