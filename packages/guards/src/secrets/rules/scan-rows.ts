import { Keywords } from "../keywords.js";
import { isPlaceholder } from "../placeholder.js";
import type { Span } from "./rule.js";

/** A place for a secret: a word without which the pattern is not tried, and a pattern whose first group is the secret. */
export type Place = readonly [word: string, pattern: RegExp];

const known = new WeakMap<readonly Place[], Keywords>();

/** All first groups of the patterns whose word stands in the text, as far as `check` takes them. */
export function scanPlaces(
  text: string,
  places: readonly Place[],
  check: (value: string) => boolean = (value) => !isPlaceholder(value),
): Span[] {
  const found: Span[] = [];
  let words = known.get(places);
  if (!words) known.set(places, (words = new Keywords(places.map(([word]) => word))));
  const present = words.in(text);
  for (const [index, [, pattern]] of places.entries()) {
    if (present[index] === 0) continue;
    for (const match of text.matchAll(pattern)) {
      const span = match.indices?.slice(1).find((one) => one !== undefined);
      if (span && check(text.slice(span[0], span[1]))) found.push({ start: span[0], end: span[1] });
    }
  }
  return found;
}
