import type { JsonValue } from "@synaps/sdk/protocol";
import { HostError, messageOf } from "../errors.js";

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
const MEMBERS: readonly { name: keyof EventInput; wanted: string; isRight: (value: unknown) => boolean }[] = [
  ...(["tool_name", "tool_runtime_name", "tool_output", "message", "session_id"] as const).map((name) => ({
    name,
    wanted: "a string or null",
    isRight: isTextOrNone,
  })),
  ...(["correlation_id", "tool_call_id"] as const).map((name) => ({
    name,
    wanted: "a string",
    isRight: (value: unknown) => value === undefined || typeof value === "string",
  })),
  {
    name: "is_error",
    wanted: "true or false",
    isRight: (value) => value === undefined || typeof value === "boolean",
  },
  {
    name: "transcript",
    wanted: "a list or null",
    isRight: (value) => value === undefined || value === null || Array.isArray(value),
  },
];

/**
 * Reads each field of an event once: whatever a getter or a class says later, filters, guards and the operation get the
 * same. `kind` stands for the event's own. Throws a HostError for fields of wrong types: programs in plain JavaScript have
 * no compiler to say so.
 */
export function readEvent(event: unknown, kind?: string): EventInput {
  if (typeof event !== "object" || event === null)
    throw wrongEvent(`an event is an object, not ${describe(event)}`);
  const read = fieldsOf(event, kind);
  if (read === undefined) throw wrongEvent("an event is an object, not a list");
  if (typeof read.kind !== "string") throw wrongEvent(`'kind' must be a string, not ${describe(read.kind)}`);
  const { transcript, correlation_id, tool_call_id, is_error } = read;
  if (
    !isTextOrNone(read.tool_name) ||
    !isTextOrNone(read.tool_runtime_name) ||
    !isTextOrNone(read.tool_output) ||
    !isTextOrNone(read.message) ||
    !isTextOrNone(read.session_id) ||
    !(correlation_id === undefined || typeof correlation_id === "string") ||
    !(tool_call_id === undefined || typeof tool_call_id === "string") ||
    !(is_error === undefined || typeof is_error === "boolean") ||
    !(transcript === undefined || transcript === null || Array.isArray(transcript))
  )
    throw wrongMember(read);
  return read as EventInput;
}

type Fields = Record<keyof EventInput, unknown>;

/** Undefined for a list. */
function fieldsOf(event: Partial<Fields>, kind: string | undefined): Fields | undefined {
  try {
    if (Array.isArray(event)) return undefined;
    return {
      kind: kind ?? event.kind,
      tool_name: event.tool_name,
      tool_runtime_name: event.tool_runtime_name,
      tool_input: event.tool_input,
      tool_output: event.tool_output,
      message: event.message,
      session_id: event.session_id,
      transcript: event.transcript,
      data: event.data,
      correlation_id: event.correlation_id,
      tool_call_id: event.tool_call_id,
      is_error: event.is_error,
    };
  } catch (error) {
    throw wrongEvent(`it cannot be read: ${messageOf(error)}`);
  }
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || value === null || typeof value === "string";
}

/** The error for the first member that is wrong: looked for only when there is one. */
function wrongMember(read: Fields): HostError {
  const wrong = MEMBERS.find(({ name, isRight }) => !isRight(read[name]));
  if (wrong === undefined) return wrongEvent("its members are of wrong types");
  return wrongEvent(`'${wrong.name}' must be ${wrong.wanted}, not ${describe(read[wrong.name])}`);
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
