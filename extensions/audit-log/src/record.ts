import { hash } from "node:crypto";
import { abridge, FULL, SUMMARY, type Limits } from "@synaps/audit";
import type { JsonValue } from "@synaps/sdk";
import type { Content } from "./settings.js";

/** The part of an event that is recorded: what all kinds have in common. Only `kind` is relied upon. */
export interface AuditEvent {
  kind: string;
  tool_name?: string | null;
  tool_runtime_name?: string | null;
  tool_input?: JsonValue;
  tool_output?: string | null;
  message?: string | null;
  session_id?: string | null;
  transcript?: JsonValue[] | null;
  /** JSON; some kinds describe it with an interface, which is no JsonValue to the compiler. */
  data?: unknown;
  meta?: {
    event_id?: string;
    attempt?: number;
    correlation_id?: string;
    tool_call_id?: string;
    is_error?: boolean;
    truncated?: boolean;
    total_bytes?: number;
  };
}

type Fields = Record<string, JsonValue | undefined>;

/** The metadata of a record. Keys without a value are undefined and do not reach the file. */
export function describeEvent(event: AuditEvent, content: Content): Fields {
  return {
    session_id: event.session_id ?? null,
    ...identity(event),
    ...toolFields(event, content),
    ...textFields("message", event.message, content),
    ...transcriptFields(event.transcript, content),
    ...dataFields(event.data as JsonValue | undefined, content),
  };
}

/** Counters and ids, not conversation: recorded even when content is not. What an agent sends may be either. */
function dataFields(data: JsonValue | undefined, content: Content): Fields {
  const limits = content === "full" ? FULL : SUMMARY;
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return { data: abridged(data, limits) };
  const { agent, cwd, ...rest } = data;
  const isOfAgent = agent !== undefined && agent !== null;
  const isLeftOut = Object.keys(rest).length === 0 || (isOfAgent && content === "none");
  return {
    agent: abridged(agent, limits),
    cwd: abridged(cwd, limits),
    data: isLeftOut ? undefined : abridge(rest, limits),
  };
}

function identity({ meta }: AuditEvent): Fields {
  if (!meta) return {};
  return {
    event_id: meta.event_id,
    correlation_id: meta.correlation_id,
    tool_call_id: meta.tool_call_id,
    // A repeat after a crash: the first delivery may have its own record.
    attempt: meta.attempt !== undefined && meta.attempt > 1 ? meta.attempt : undefined,
  };
}

function toolFields(event: AuditEvent, content: Content): Fields {
  if (typeof event.tool_name !== "string") return {};
  return {
    tool_name: event.tool_name,
    tool_runtime_name: event.tool_runtime_name ?? null,
    is_error: event.meta?.is_error,
    ...valueFields("input", event.tool_input, content),
    ...outputFields(event, content),
  };
}

function outputFields(event: AuditEvent, content: Content): Fields {
  const fields = textFields("output", event.tool_output, content);
  if (!event.meta?.truncated) return fields;
  // A digest of the beginning would pass for that of the output.
  const { output_sha256: _, ...rest } = fields;
  return { ...rest, output_bytes: event.meta.total_bytes, output_truncated: true };
}

/** With `full` the text is still masked; size and digest are those of the original. */
function textFields(name: string, text: string | null | undefined, content: Content): Fields {
  if (typeof text !== "string") return {};
  return {
    [`${name}_bytes`]: Buffer.byteLength(text),
    [`${name}_sha256`]: content === "none" ? undefined : hash("sha256", text),
    [name]: content === "full" ? abridge(text, FULL) : undefined,
  };
}

function valueFields(name: string, value: JsonValue | undefined, content: Content): Fields {
  if (value === null || value === undefined) return {};
  return {
    ...sizeFields(name, value, content),
    [name]: content === "none" ? undefined : abridge(value, content === "full" ? FULL : SUMMARY),
  };
}

function transcriptFields(transcript: JsonValue[] | null | undefined, content: Content): Fields {
  if (!Array.isArray(transcript)) return {};
  return {
    transcript_messages: transcript.length,
    ...sizeFields("transcript", transcript, content),
    transcript: content === "full" ? abridge(transcript, FULL) : undefined,
  };
}

function sizeFields(name: string, value: JsonValue, content: Content): Fields {
  const text = compactJson(value);
  if (text === undefined) return {};
  return {
    [`${name}_bytes`]: Buffer.byteLength(text),
    [`${name}_sha256`]: content === "none" ? undefined : hash("sha256", text),
  };
}

function abridged(value: JsonValue | undefined, limits: Limits): JsonValue | undefined {
  return value === null || value === undefined ? undefined : abridge(value, limits);
}

/** Undefined when the value is nested too deeply to be serialised: no reason to record nothing at all. */
function compactJson(value: JsonValue): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
