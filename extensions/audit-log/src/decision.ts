import type { Limits } from "@synaps/audit";
import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { kept } from "./masked.js";

/** The host cuts its texts at 500 bytes; 64 votes have room, and what is left out is counted. */
const DECISION: Limits = { chars: 512, members: 64, depth: 4, values: 1_024 };

/**
 * The metadata of a decision or of the end of an operation: the facts as the host tells them. `event_id` is that of the event
 * decided on, so that the lines of one call join. Takes any shape.
 */
export function describeDecision(data: JsonValue | undefined, sessionId: string | null): JsonObject {
  const facts = kept(data ?? null, DECISION);
  return isJsonObject(facts) ? { session_id: sessionId, ...facts } : { session_id: sessionId, data: facts };
}
