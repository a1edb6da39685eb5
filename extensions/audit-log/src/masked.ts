import { createHmac } from "node:crypto";
import { abridge, maskText, type Limits } from "@synaps/audit";
import { createRedactor, RULES } from "@synaps/guards/secrets";
import type { JsonValue } from "@synaps/sdk";

/** Characters of a command that are recorded; the rest is counted. */
export const MAX_COMMAND_CHARS = 32 * 1024;
/** Characters beyond a bound that are looked at as well, so that a secret which straddles the cut is found. */
const AHEAD_CHARS = 4_096;

/** Values and characters kept of one input, output or transcript: the rules cost time for each of them. */
const MAX_VALUES = 2_000;
const MAX_CHARS = 256 * 1024;
const MAX_KEY_CHARS = 256;

/** Entropy as secret-redactor takes it by default. Nothing is exempt: an allowed value is not secret there, and stays out here. */
const redactor = createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });

/** A text without secrets: by the rules of secret-redactor, and by those of every audit. At most `chars`; a cut says so. */
export function masked(text: string, chars: number): string {
  const head = text.slice(0, chars + AHEAD_CHARS);
  const clean = maskText(withoutSecrets(head));
  if (head.length === text.length && clean.length <= chars) return clean;
  return `${whole(clean, chars)}…(${text.length} chars)`;
}

/** A copy of any value without secrets and within the limits; every cut says how much is missing. */
export function kept(value: JsonValue, limits: Limits): JsonValue {
  const values = Math.min(limits.values, MAX_VALUES);
  const bounded = abridge(value, {
    ...limits,
    values,
    chars: Math.min(limits.chars, MAX_CHARS) + AHEAD_CHARS,
  });
  return redacted(bounded, limits.chars, { chars: MAX_CHARS });
}

/** Walks a value that was bounded before. */
function redacted(value: JsonValue, chars: number, left: { chars: number }): JsonValue {
  if (typeof value === "string") {
    const most = Math.min(chars, left.chars);
    left.chars -= Math.min(value.length, most);
    return most === 0 && value !== "" ? `…(${value.length} chars)` : shortened(value, most);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => redacted(one, chars, left));
  const copy = Object.create(null) as { [key: string]: JsonValue };
  for (const [key, one] of Object.entries(value))
    copy[shortened(key, Math.min(chars, MAX_KEY_CHARS))] = redacted(one, chars, left);
  return copy;
}

/** `abridge` has said how long a text was that it cut. */
function shortened(text: string, chars: number): string {
  const clean = withoutSecrets(text.slice(0, chars + AHEAD_CHARS));
  if (text.length <= chars + AHEAD_CHARS && clean.length <= chars) return clean;
  const told = /…\(\d{1,16} chars\)$/.exec(text.slice(-32))?.[0] ?? `…(${text.length} chars)`;
  return whole(clean, chars) + told;
}

/** A text that could not be looked through to its end stands in no record. */
function withoutSecrets(text: string): string {
  const { text: clean, complete } = redactor.redact(text);
  return complete ? clean : `(left out: ${text.length} chars that could not be checked for secrets)`;
}

/** The beginning, without half a character at its end. */
function whole(text: string, chars: number): string {
  return text.slice(0, chars).replace(/[\ud800-\udbff]$/, "");
}

/** The digest of a text that only those can make who have the key; undefined without one: a short text could be guessed. */
export function digest(text: string, key: string | undefined): string | undefined {
  return key === undefined ? undefined : createHmac("sha256", key).update(text).digest("hex");
}
