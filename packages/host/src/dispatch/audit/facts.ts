import { createHmac } from "node:crypto";
import { abridge, FULL, maskText, SUMMARY, type Limits } from "@synaps/audit";
import { prefixOfBytes, type HookKindSpec, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../../delivery/outgoing-event.js";
import type { Vote } from "../../observe/vote.js";
import type { InterceptResult } from "../operation/types.js";
import type { Outcome } from "../outcome.js";
import { valueAt } from "../where.js";
import type { AuditSettings } from "./audit-settings.js";

/** Kinds of this catalog carry facts only: no arguments or output of a tool and no prompt has a place in them. */
const GATEWAY = "gateway.";
const MAX_TEXT_BYTES = 500;
const LABELS: Limits = { chars: 200, members: 16, depth: 1, values: 32 };

/** The name of an event in the audit: those of the gateway as its own log has them, all others as they are. */
export function auditName(kind: string): string {
  if (!kind.startsWith(GATEWAY)) return kind;
  return kind
    .slice(GATEWAY.length)
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** The metadata of a decision: the event, the outcome and the votes. Holds no input or output unless `content` says so, and no secret of a known shape. */
export function decided(
  event: OutgoingEvent,
  spec: HookKindSpec,
  outcome: Outcome,
  settings: Pick<AuditSettings, "content" | "key">,
): JsonObject {
  return {
    ...factsOf(event, spec),
    ...identity(event),
    ...inputOf(event, spec, settings),
    ...decisionOf(outcome),
  };
}

/** The same for those who are told of decisions: without facts of the kind's own, which need its permission, and without input. */
export function told(event: OutgoingEvent, outcome: Outcome): JsonObject {
  return { kind: event.kind, ...identity(event), ...decisionOf(outcome) };
}

function decisionOf(outcome: Outcome): JsonObject {
  return {
    ...(outcome.finalEventId === undefined ? {} : { final_event_id: outcome.finalEventId }),
    decision: outcome.action,
    ...("by" in outcome ? { decided_by: outcome.by } : {}),
    ...("reason" in outcome ? { decision_reason: shown(outcome.reason) } : {}),
    ...(outcome.action === "confirm" ? { message: shown(outcome.message) } : {}),
    votes: outcome.votes.map(voteOf),
    duration_ms: Math.round(outcome.durationMs * 100) / 100,
  };
}

/** The end of an operation: if it ran, and how it ended. */
export function ended(event: OutgoingEvent, result: InterceptResult): JsonObject {
  const about = { kind: event.kind, ...identity(event), ran: result.ran };
  if (!result.ran) {
    const answered = "output" in result;
    return { ...about, answered, stopped_by: result.by, stop_reason: shown(result.reason) };
  }
  return {
    ...about,
    is_error: result.isError,
    output_bytes: result.output === null ? 0 : Buffer.byteLength(result.output),
    ...(result.attempts === undefined ? {} : { attempts: result.attempts }),
    ...(result.target === undefined ? {} : { target: shown(result.target) }),
    ...(result.operations === undefined ? {} : { operations: result.operations.length }),
  };
}

/** The end of an operation whose call was given up or failed before it had a result. */
export function unfinished(event: OutgoingEvent, error: unknown): JsonObject {
  const reason = shown(error instanceof Error ? error.message : "the program gave it up");
  return { kind: event.kind, ...identity(event), ran: false, answered: false, stop_reason: reason };
}

/** Something that came in, short and masked. */
export function shown(text: string): string {
  return prefixOfBytes(maskText(text), MAX_TEXT_BYTES);
}

function identity(event: OutgoingEvent): JsonObject {
  const { sessionId, toolName, toolRuntimeName, extras, traceFields: labels = {} } = event;
  return {
    event_id: event.eventId,
    ...(sessionId === null ? {} : { session_id: shown(sessionId) }),
    ...(toolName === null ? {} : { tool_name: shown(toolName) }),
    ...(toolRuntimeName === null || toolRuntimeName === toolName
      ? {}
      : { tool_runtime_name: shown(toolRuntimeName) }),
    ...(extras?.tool_call_id === undefined ? {} : { tool_call_id: shown(extras.tool_call_id) }),
    ...(extras?.correlation_id === undefined ? {} : { correlation_id: shown(extras.correlation_id) }),
    ...(extras?.is_error === undefined ? {} : { is_error: extras.is_error }),
    ...(Object.keys(labels).length === 0 ? {} : { labels: abridge({ ...labels }, LABELS) }),
  };
}

/** Facts that the kind declares for filters, and of the gateway all that are one value. */
function factsOf(event: OutgoingEvent, spec: HookKindSpec): JsonObject {
  const facts: JsonObject = {};
  const data = event.kind.startsWith(GATEWAY) ? event.attribute("data") : null;
  if (typeof data === "object" && data !== null && !Array.isArray(data))
    for (const [name, value] of Object.entries(data)) addFact(facts, name, value);
  for (const [name, { at }] of Object.entries(spec.attributes ?? {}))
    if (!Object.hasOwn(facts, name)) addFact(facts, name, valueAt(event, at));
  return facts;
}

function addFact(facts: JsonObject, name: string, value: JsonValue | undefined): void {
  if (typeof value === "string") facts[name] = shown(value);
  else if (typeof value === "number" || typeof value === "boolean") facts[name] = value;
}

function inputOf(
  event: OutgoingEvent,
  spec: HookKindSpec,
  { content, key }: Pick<AuditSettings, "content" | "key">,
): JsonObject {
  if (content === "none") return {};
  const field = spec.modifies ?? "tool_input";
  const value = event.attribute(field);
  if (value === null) return {};
  const text = JSON.stringify(value);
  return {
    input: abridge(value, content === "full" ? FULL : SUMMARY),
    input_bytes: Buffer.byteLength(text),
    // Without a key, the digest of a short input would give the input away.
    ...(key === undefined ? {} : { input_hmac: createHmac("sha256", key).update(text).digest("hex") }),
  };
}

function voteOf(vote: Vote): JsonObject {
  const { extension, subscription, status } = vote;
  if (status === "not_reached") return { extension, subscription, said: status };
  const ms = Math.round((vote.queueMs + vote.runMs) * 100) / 100;
  if (status === "abstained")
    return {
      extension,
      subscription,
      said: status,
      reason: vote.reason,
      ...(vote.closed ? { closed: true } : {}),
      ms,
    };
  const { verdict, ignored, markersEscaped } = vote;
  return {
    extension,
    subscription,
    said: verdict.action,
    ...(ignored === undefined ? {} : { ignored: shown(ignored) }),
    ...(markersEscaped === undefined ? {} : { markers_escaped: markersEscaped }),
    ms,
  };
}
