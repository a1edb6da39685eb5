import { isJsonObject, type JsonValue } from "../protocol/json.js";

/**
 * One text for each JSON value, whatever the order of its keys: keys in the order of their code units, no white space.
 * Walks the value by calls, so that depth is the caller's to bound; frames of a host nest at most 512 levels.
 */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(",")}}`;
}
