import { FULL, SUMMARY, type Limits } from "@synaps/audit";
import type { JsonValue } from "@synaps/sdk";
import { commandOf } from "./command.js";
import { describeDecision } from "./decision.js";
import { digest, kept, masked, MAX_COMMAND_CHARS } from "./masked.js";
import type { Settings } from "./settings.js";

/** Amount that is recorded, and with which key digests are made. */
export type Recording = Pick<Settings, "content" | "key">;

/** Characters of a name that came in: a record stays readable whatever an event is called. */
const MAX_NAME_CHARS = 512;

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
export function describeEvent(event: AuditEvent, how: Recording): Fields {
  const sessionId = name(event.session_id) ?? null;
  if (event.kind === "on_decision") return describeDecision(event.data as JsonValue | undefined, sessionId);
  return {
    session_id: sessionId,
    ...identity(event),
    ...toolFields(event, how),
    ...textFields("message", event.message, how),
    ...transcriptFields(event.transcript, how),
    ...dataFields(event.data as JsonValue | undefined, how),
  };
}

/** Counters and ids, not conversation: recorded even when content is not. What an agent sends may be either. */
function dataFields(data: JsonValue | undefined, { content }: Recording): Fields {
  const limits = content === "full" ? FULL : SUMMARY;
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return { data: abridged(data, limits) };
  const { agent, cwd, ...rest } = data;
  const isOfAgent = agent !== undefined && agent !== null;
  const isLeftOut = Object.keys(rest).length === 0 || (isOfAgent && content === "none");
  return {
    agent: abridged(agent, limits),
    cwd: abridged(cwd, limits),
    data: isLeftOut ? undefined : kept(rest, limits),
  };
}

function identity({ meta }: AuditEvent): Fields {
  if (!meta) return {};
  return {
    event_id: name(meta.event_id),
    correlation_id: name(meta.correlation_id),
    tool_call_id: name(meta.tool_call_id),
    // A repeat after a crash: the first delivery may have its own record.
    attempt: meta.attempt !== undefined && meta.attempt > 1 ? meta.attempt : undefined,
  };
}

function toolFields(event: AuditEvent, how: Recording): Fields {
  if (typeof event.tool_name !== "string") return {};
  return {
    tool_name: name(event.tool_name),
    tool_runtime_name: name(event.tool_runtime_name) ?? null,
    is_error: event.meta?.is_error,
    ...commandFields(event.tool_input, how),
    ...valueFields("input", event.tool_input, how),
    ...outputFields(event, how),
  };
}

/** The command whole, where one is run: a line that shows only its beginning cannot answer what was run. */
function commandFields(input: JsonValue | undefined, { content, key }: Recording): Fields {
  const command = content === "none" ? undefined : commandOf(input);
  if (command === undefined) return {};
  return { command: masked(command, MAX_COMMAND_CHARS), command_hmac: digest(command, key) };
}

function outputFields(event: AuditEvent, how: Recording): Fields {
  const fields = textFields("output", event.tool_output, how);
  if (!event.meta?.truncated) return fields;
  // A digest of the beginning would pass for that of the output.
  const { output_hmac: _, ...rest } = fields;
  return { ...rest, output_bytes: event.meta.total_bytes, output_truncated: true };
}

/** With `full` the text is still masked; size and digest are those of the original. */
function textFields(name: string, text: string | null | undefined, { content, key }: Recording): Fields {
  if (typeof text !== "string") return {};
  return {
    [`${name}_bytes`]: Buffer.byteLength(text),
    [`${name}_hmac`]: content === "none" ? undefined : digest(text, key),
    [name]: content === "full" ? kept(text, FULL) : undefined,
  };
}

function valueFields(name: string, value: JsonValue | undefined, how: Recording): Fields {
  if (value === null || value === undefined) return {};
  return {
    ...sizeFields(name, value, how),
    [name]: how.content === "none" ? undefined : kept(value, how.content === "full" ? FULL : SUMMARY),
  };
}

function transcriptFields(transcript: JsonValue[] | null | undefined, how: Recording): Fields {
  if (!Array.isArray(transcript)) return {};
  return {
    transcript_messages: transcript.length,
    ...sizeFields("transcript", transcript, how),
    transcript: how.content === "full" ? kept(transcript, FULL) : undefined,
  };
}

function sizeFields(name: string, value: JsonValue, { content, key }: Recording): Fields {
  const text = compactJson(value);
  if (text === undefined) return {};
  return {
    [`${name}_bytes`]: Buffer.byteLength(text),
    [`${name}_hmac`]: content === "none" ? undefined : digest(text, key),
  };
}

function abridged(value: JsonValue | undefined, limits: Limits): JsonValue | undefined {
  return value === null || value === undefined ? undefined : kept(value, limits);
}

/** Undefined when the value is nested too deeply to be serialised: no reason to record nothing at all. */
function compactJson(value: JsonValue): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function name(text: unknown): string | undefined {
  return typeof text === "string" ? masked(text, MAX_NAME_CHARS) : undefined;
}
