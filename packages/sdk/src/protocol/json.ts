/** A value that JSON can carry. Integers beyond 2^53 do not survive as numbers: write them as text. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };

/** True for an object that is neither null nor an array. Does not look inside: values in it may be anything. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
