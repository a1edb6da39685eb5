import type { JsonValue } from "../protocol/json.js";
import { isSensitiveKey, MASK, maskText } from "./redact.js";

/** Bounds of what is kept of a value. */
export interface Limits {
  /** Characters of one string. */
  chars: number;
  /** Members of one object or list. */
  members: number;
  depth: number;
  /** Values in all. */
  values: number;
}

/** Enough to recognise a call; a record stays a few kilobytes whatever came in. */
export const SUMMARY: Limits = { chars: 200, members: 50, depth: 6, values: 400 };

/** Everything that occurs in practice; only keeps masking far inside the host's deadline of 5 s. */
export const FULL: Limits = { chars: 1024 * 1024, members: Infinity, depth: 64, values: Infinity };

/** Characters beyond the limit that are masked as well, so that a secret which straddles the cut is recognised. */
const MASK_AHEAD_CHARS = 4096;

/** A copy without secrets and within the limits; every cut says how much is missing. */
export function abridge(value: JsonValue, limits: Limits): JsonValue {
  return new Abridger(limits).value(value, 0);
}

class Abridger {
  readonly #limits: Limits;
  #left: number;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#left = limits.values;
  }

  value(value: JsonValue, depth: number): JsonValue {
    this.#left -= 1;
    if (typeof value === "string") return cut(value, this.#limits.chars);
    if (typeof value !== "object" || value === null) return value;
    if (depth >= this.#limits.depth) return "(nested too deeply)";
    return Array.isArray(value) ? this.#list(value, depth) : this.#object(value, depth);
  }

  #list(list: JsonValue[], depth: number): JsonValue {
    const kept: JsonValue[] = [];
    for (const item of list) {
      if (this.#isFull(kept.length)) break;
      kept.push(this.value(item, depth + 1));
    }
    if (kept.length < list.length) kept.push(`(+${list.length - kept.length} items)`);
    return kept;
  }

  #object(object: { [key: string]: JsonValue }, depth: number): JsonValue {
    // Without a prototype, because a member named __proto__ would otherwise vanish from the record.
    const kept: { [key: string]: JsonValue } = Object.create(null) as { [key: string]: JsonValue };
    const entries = Object.entries(object);
    let count = 0;
    for (const [key, value] of entries) {
      if (this.#isFull(count)) break;
      count += 1;
      kept[cut(key, this.#limits.chars)] = isSecret(key, value) ? MASK : this.value(value, depth + 1);
    }
    if (count < entries.length) kept["(more)"] = `+${entries.length - count} keys`;
    return kept;
  }

  #isFull(count: number): boolean {
    return count >= this.#limits.members || this.#left <= 0;
  }
}

function isSecret(key: string, value: JsonValue): boolean {
  if (value === null || typeof value === "boolean" || !isSensitiveKey(key)) return false;
  // `max_tokens: 4096` and its like are counters.
  return typeof value !== "number" || !/token/i.test(key);
}

function cut(text: string, chars: number): string {
  if (text.length <= chars) return maskText(text);
  const masked = maskText(text.slice(0, chars + MASK_AHEAD_CHARS));
  const kept = masked.slice(0, endOfCodePoint(masked, chars));
  return `${kept}…(${text.length} chars)`;
}

function endOfCodePoint(text: string, end: number): number {
  const unit = text.charCodeAt(end - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? end - 1 : end;
}
