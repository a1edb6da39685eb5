import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";

/**
 * The value after a merge patch (RFC 7396): members of an object are merged one by one, null removes a member, anything else
 * takes the value's place. Changes neither of the two. Both must be JSON: the depth of the patch is the depth of the calls.
 */
export function mergePatch(value: JsonValue, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const members = new Map(Object.entries(isJsonObject(value) ? value : ({} as JsonObject)));
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) members.delete(key);
    else members.set(key, mergePatch(members.get(key) ?? null, change as JsonValue));
  }
  // Defines each member, so that one called __proto__ is a member like any other.
  return Object.fromEntries(members) as JsonObject;
}
