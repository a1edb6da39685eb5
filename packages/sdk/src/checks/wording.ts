import { didYouMean } from "../protocol/did-you-mean.js";

/** Most characters of a name from outside that a message repeats. */
const MAX_SHOWN = 64;

/** A name that is not among the allowed ones: the nearest one is suggested, else all are listed. */
export function unknownName(
  where: string,
  noun: string,
  name: string,
  allowed: readonly string[],
): TypeError {
  const shown = name.slice(0, MAX_SHOWN);
  const nearest = didYouMean(name, allowed);
  const advice = nearest === undefined ? `Allowed: ${allowed.join(", ")}.` : `Did you mean '${nearest}'?`;
  return new TypeError(`${where}: unknown ${noun} '${shown}'. ${advice}`);
}

export function wrongType(where: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${where} must be ${expected}, not ${nameOfType(value)}.`);
}

export function missingKey(where: string, key: string, expected: string): TypeError {
  return new TypeError(`${where}: '${key}', ${expected}, is missing.`);
}

/** The type of a value as a reader says it; never the value itself, which may hold a secret. */
export function nameOfType(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "undefined";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Promise) return "a promise";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * Runs the work of a function that authors call. An error that leaves it has the author's own line as its first stack
 * frame, instead of lines of the SDK.
 */
export function fromAuthor<T>(entry: (...args: never[]) => unknown, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error, entry);
    throw error;
  }
}
