import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";

/** Finds the part of a schema that `#` or `#/a/b` names; undefined for anything else: foreign documents are never fetched. */
export function localReference(root: JsonObject, reference: JsonValue | undefined): JsonValue | undefined {
  if (typeof reference !== "string" || !/^#(\/|$)/.test(reference)) return undefined;
  let target: JsonValue | undefined = root;
  for (const part of reference.split("/").slice(1)) {
    if (typeof target !== "object" || target === null) return undefined;
    const key = unescaped(part);
    target = Object.hasOwn(target, key) ? (target as JsonObject)[key] : undefined;
  }
  return target;
}

function unescaped(part: string): string {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // The part is not encoded.
  }
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}
