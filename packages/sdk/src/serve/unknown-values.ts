import { isJsonObject, type JsonObject, type JsonValue } from "../protocol/json.js";

/** An object, or an empty one in place of anything else. */
export function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function isThenable(value: unknown): value is PromiseLike<JsonValue> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}
