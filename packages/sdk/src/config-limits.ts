import { didYouMean } from "./protocol/did-you-mean.js";
import type { JsonValue } from "./protocol/json.js";

/** The keys of a configuration entry that say which values of its type may stand. */
export interface ConfigLimits {
  enum?: readonly (string | number)[] | null | undefined;
  min?: number | null | undefined;
  max?: number | null | undefined;
  max_length?: number | null | undefined;
}

/** Most characters of a text that is shown as the allowed value of a list. */
const MAX_SHOWN = 64;

/**
 * Describes the value that an entry wants instead of one that breaks its limits; undefined for a value that keeps them. The
 * value has its type already. The description never repeats the value; for a list it suggests the nearest allowed one.
 */
export function brokenLimit(limits: ConfigLimits, value: JsonValue): string | undefined {
  if (limits.enum && !limits.enum.some((one) => one === value)) return oneOf(limits.enum.map(String), value);
  if (typeof value === "number" && (value < (limits.min ?? value) || value > (limits.max ?? value))) {
    return range(limits);
  }
  if (typeof value === "string" && limits.max_length != null && [...value].length > limits.max_length)
    return `text of at most ${limits.max_length} characters`;
  return undefined;
}

function oneOf(allowed: readonly string[], value: JsonValue): string {
  const meant = didYouMean(String(value), allowed);
  const list = allowed.map((one) => one.slice(0, MAX_SHOWN)).join(", ");
  return `one of ${list}${meant === undefined ? "" : ` (did you mean '${meant.slice(0, MAX_SHOWN)}'?)`}`;
}

function range({ min, max }: ConfigLimits): string {
  if (min == null) return `a number of at most ${max}`;
  return max == null ? `a number of at least ${min}` : `a number from ${min} to ${max}`;
}
