import { createHash } from "node:crypto";
import { isJsonObject, type JsonValue } from "../protocol/json.js";

/** Hash of a JSON value that does not depend on the order of keys: the same schema, the same digest. */
export function schemaDigest(value: JsonValue): string {
  return `sha256:${createHash("sha256").update(canonical(value)).digest("hex")}`;
}

/** One text for each value: keys in the order of their code units, no white space. */
function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(",")}}`;
}
