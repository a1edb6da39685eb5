import type { JsonValue } from "@synaps/sdk";

/** Bounds of an input. */
export interface Size {
  /** Characters of all texts and names of members together. */
  readonly chars: number;
  /** Levels of lists and objects. */
  readonly depth: number;
  /** Values in all. */
  readonly values: number;
}

/** A text in an input, or the name of a member. */
export interface Text {
  /** JSON pointer of the text, or of the member. */
  readonly at: string;
  readonly text: string;
  readonly isName: boolean;
}

/** Texts of an input, or the first place that is beyond a bound. */
export type Walked = { readonly texts: readonly Text[] } | { readonly at: string; readonly why: string };

/** Collects all texts of a value. Ends at the first bound that it meets, however large the value is. */
export function walk(root: JsonValue, at: string, size: Size): Walked {
  const texts: Text[] = [];
  const left: { value: JsonValue; at: string; depth: number }[] = [{ value: root, at, depth: 0 }];
  let [values, chars] = [0, 0];
  const add = (text: Text): boolean => {
    chars += text.text.length;
    texts.push(text);
    return chars > size.chars;
  };
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    values += 1;
    const { value, depth } = next;
    if (typeof value === "string" && add({ at: next.at, text: value, isName: false }))
      return { at: next.at, why: `more than ${size.chars} characters` };
    if (typeof value !== "object" || value === null) continue;
    if (depth >= size.depth) return { at: next.at, why: `more than ${size.depth} levels` };
    const members = Array.isArray(value) ? value.entries() : Object.entries(value);
    for (const [key, member] of members) {
      const place = `${next.at}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (values + left.length > size.values) return { at: place, why: `more than ${size.values} values` };
      if (typeof key === "string" && add({ at: place, text: key, isName: true }))
        return { at: place, why: `more than ${size.chars} characters` };
      left.push({ value: member, at: place, depth: depth + 1 });
    }
  }
  return { texts };
}

/** The same value with other texts at some pointers; names of members stay. */
export function withTexts(value: JsonValue, at: string, texts: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === "string") return texts.get(at) ?? value;
  if (Array.isArray(value)) return value.map((one, index) => withTexts(one, `${at}/${index}`, texts));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    withTexts(one, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, texts),
  ]);
  return Object.fromEntries(entries) as JsonValue;
}
