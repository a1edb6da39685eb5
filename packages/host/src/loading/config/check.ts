import type { ConfigEntry } from "@synaps/sdk/manifest";
import { HostError } from "../../errors.js";
import { keyProblem, valueProblem } from "./edit.js";
import { fittingValue } from "./typed-value.js";

/**
 * Returns a value as text for the file; undefined removes the key. Throws a HostError that names the field (`key` or
 * `value`) for a text that the file cannot hold. With `strict`, a text with white space around it is refused, a declared key
 * needs a value of its type and within its limits, and a key whose value only the host can give is refused.
 */
export function checkedText(
  entries: readonly ConfigEntry[],
  key: string,
  value: string | number | boolean | null,
  strict: boolean,
): string | undefined {
  const badKey = keyProblem(key);
  if (badKey) throw invalid("key", `it cannot be '${printable(key)}': ${badKey}`);
  if (value === null) return undefined;
  const text = String(value);
  const badValue = valueProblem(text);
  if (badValue) throw invalid("value", badValue);
  // The format has no quotes: whoever reads the line takes white space around the value away, as the public ecosystem does.
  if (strict && text.trim() !== text) throw invalid("value", "white space around it would be lost");
  const entry = strict ? entries.find((one) => one.key.trim() === key) : undefined;
  if (entry?.host_context != null) throw invalid("key", `only the host can give '${key}' a value`);
  const wanted = entry && fittingValue(entry, text).wanted;
  if (wanted !== undefined) throw invalid("value", `'${key}' must be ${wanted}`);
  return text;
}

function invalid(field: "key" | "value", why: string): HostError {
  return new HostError("CONFIG_INVALID", `missing or invalid '${field}' parameter: ${why}`, {
    data: { field },
  });
}

function printable(text: string): string {
  return text.slice(0, 64).replace(/\p{Cc}/gu, "?");
}
