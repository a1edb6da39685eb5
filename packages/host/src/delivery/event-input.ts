import type { JsonValue } from "@synaps/sdk/protocol";
import { HostError } from "../errors.js";

/** An event as an embedder passes it to `emit`: the fields of the envelope that apply. The other fields become null. */
export interface EventInput<K extends string = string> {
  kind: K;
  /** Name that is safe for model APIs. */
  tool_name?: string | null;
  /** Name inside the program when it is another, for instance `plugin:tool`. */
  tool_runtime_name?: string | null;
  tool_input?: JsonValue;
  /** The whole output; extensions get a preview of at most 256 KiB. */
  tool_output?: string | null;
  message?: string | null;
  session_id?: string | null;
  transcript?: JsonValue[] | null;
  data?: JsonValue;
  /** Joins the events of one operation; sent to protocol 3. */
  correlation_id?: string;
  tool_call_id?: string;
  /** True if `tool_output` is the text of an error. */
  is_error?: boolean;
}

const TEXTS = ["tool_name", "tool_runtime_name", "tool_output", "message", "session_id"] as const;
const IDS = ["correlation_id", "tool_call_id"] as const;

/** Throws a HostError unless the fields are of their types. Programs in plain JavaScript have no compiler to say so. */
export function checkEvent(event: unknown): asserts event is EventInput {
  if (typeof event !== "object" || event === null || Array.isArray(event))
    throw wrongEvent(`an event is an object, not ${describe(event)}`);
  const fields = event as Partial<Record<keyof EventInput, unknown>>;
  if (typeof fields.kind !== "string")
    throw wrongEvent(`'kind' must be a string, not ${describe(fields.kind)}`);
  for (const name of TEXTS) {
    const value = fields[name];
    if (value !== undefined && value !== null && typeof value !== "string")
      throw wrongEvent(`'${name}' must be a string or null, not ${describe(value)}`);
  }
  for (const name of IDS) {
    const value = fields[name];
    if (value !== undefined && typeof value !== "string")
      throw wrongEvent(`'${name}' must be a string, not ${describe(value)}`);
  }
  const { transcript, is_error } = fields;
  if (transcript !== undefined && transcript !== null && !Array.isArray(transcript))
    throw wrongEvent(`'transcript' must be a list or null, not ${describe(transcript)}`);
  if (is_error !== undefined && typeof is_error !== "boolean")
    throw wrongEvent(`'is_error' must be true or false, not ${describe(is_error)}`);
}

function wrongEvent(why: string): HostError {
  return new HostError("EVENT_INVALID", `The event is wrong: ${why}`, {
    hint: "Pass {kind, tool_name, tool_input, ...} with the types of EventInput.",
  });
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : typeof value;
}
