import { isJsonObject, prefixOfBytes, type JsonValue } from "@synaps/sdk/protocol";
import { abridge, type Limits } from "@synaps/sdk/values";
import type { SeenEvent } from "../hook-types.js";
import { nameOf } from "../watch/facts.js";

/** Members of an event that carry something. */
const CARRYING = ["tool_input", "tool_output", "message", "data"] as const;
/** Stands behind a text that was cut. */
const TRUNCATED = "... (truncated)";
/** Names of members that are listed for one part of an event. */
const MAX_NAMES = 32;
const MAX_NAME_LENGTH = 64;
/** Keys of the messaging catalog, which are public: their beginning tells people apart and says nothing else. */
const KEYS = new Set(["sender_identity", "recipient_key", "initiator_key", "peer_key", "identity_key"]);
const KEY_START = 8;

/** The names of what an event carries, and of messages the beginning of keys: no value in whole. */
export function namesOf(event: SeenEvent): Record<string, string> {
  const names: Record<string, string> = {};
  for (const part of CARRYING) {
    const value = event[part];
    if (value === undefined || value === null) continue;
    names[part] = isJsonObject(value) ? listOf(value, event.kind.startsWith("messaging.")) : sizeOf(value);
  }
  return names;
}

/** The parts of an event that carry something, as JSON, masked and cut at so many bytes each. */
export function dataOf(event: SeenEvent, maxBytes: number): Record<string, string> {
  const data: Record<string, string> = {};
  const limits: Limits = { chars: maxBytes, members: 100, depth: 8, values: 1_000 };
  for (const part of CARRYING) {
    const value = event[part];
    if (value === undefined || value === null) continue;
    const text = JSON.stringify(abridge(value as JsonValue, limits));
    const kept = prefixOfBytes(text, maxBytes);
    data[part] = nameOf(kept === text ? text : kept + TRUNCATED, Number.POSITIVE_INFINITY);
  }
  return data;
}

function listOf(object: Readonly<Record<string, JsonValue>>, hasKeys: boolean): string {
  const names = Object.keys(object);
  const listed = names.slice(0, MAX_NAMES).map((name) => {
    const value = object[name];
    const isKey = hasKeys && KEYS.has(name) && typeof value === "string";
    return nameOf(name, MAX_NAME_LENGTH) + (isKey ? `=${value.slice(0, KEY_START)}…` : "");
  });
  const more = names.length - listed.length;
  return listed.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function sizeOf(value: unknown): string {
  if (typeof value === "string") return `${value.length} characters`;
  return Array.isArray(value) ? `${value.length} items` : `a ${typeof value}`;
}
