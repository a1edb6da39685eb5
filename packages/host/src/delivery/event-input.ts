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

/** Types of the members beside `kind`. Null stands for an absent member of the envelope, not for one beside it. */
const MEMBERS: readonly { name: keyof EventInput; type: "string" | "boolean"; mayBeNull: boolean }[] = [
  { name: "tool_name", type: "string", mayBeNull: true },
  { name: "tool_runtime_name", type: "string", mayBeNull: true },
  { name: "tool_output", type: "string", mayBeNull: true },
  { name: "message", type: "string", mayBeNull: true },
  { name: "session_id", type: "string", mayBeNull: true },
  { name: "correlation_id", type: "string", mayBeNull: false },
  { name: "tool_call_id", type: "string", mayBeNull: false },
  { name: "is_error", type: "boolean", mayBeNull: false },
];

/** Throws a HostError unless the fields are of their types. Programs in plain JavaScript have no compiler to say so. */
export function checkEvent(event: unknown): asserts event is EventInput {
  if (typeof event !== "object" || event === null || Array.isArray(event))
    throw wrongEvent(`an event is an object, not ${describe(event)}`);
  const { kind, transcript } = event as { kind?: unknown; transcript?: unknown };
  if (typeof kind !== "string") throw wrongEvent(`'kind' must be a string, not ${describe(kind)}`);
  for (const { name, type, mayBeNull } of MEMBERS) {
    const value = (event as Record<string, unknown>)[name];
    if (value === undefined || typeof value === type || (value === null && mayBeNull)) continue;
    const wanted = type === "boolean" ? "true or false" : mayBeNull ? "a string or null" : "a string";
    throw wrongEvent(`'${name}' must be ${wanted}, not ${describe(value)}`);
  }
  if (transcript !== undefined && transcript !== null && !Array.isArray(transcript))
    throw wrongEvent(`'transcript' must be a list or null, not ${describe(transcript)}`);
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
