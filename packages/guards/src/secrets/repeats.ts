import type { Finding } from "./find.js";

/** Shorter values may also be ordinary words elsewhere in the text. */
const SHORTEST = 12;
/** Bounds the work on a text made of thousands of secrets. */
const MOST_VALUES = 200;

/**
 * Other places of secrets that are already known: a password that was found beside its name is still a secret
 * where the name is missing.
 */
export function findRepeats(text: string, known: ReadonlyMap<string, Finding>): Finding[] {
  const found: Finding[] = [];
  let values = 0;
  for (const [value, { rule, rank }] of known) {
    if (value.length < SHORTEST) continue;
    values += 1;
    if (values > MOST_VALUES) break;
    for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
      found.push({ start: at, end: at + value.length, rule, rank });
    }
  }
  return found;
}
