import { ENVELOPE_KEYS, type HookEvent, type JsonValue, unknownKey } from "@synaps/sdk/protocol";
import { HostError, messageOf } from "../errors.js";

/** An event as an embedder passes it to `emit`: the fields of the envelope that apply. The other fields become null. */
export interface EventInput<K extends string = string> {
  /** Name of a kind of the host's catalogs. */
  kind: K;
  /** Name that is safe for model APIs. */
  tool_name?: string | null;
  /** Name inside the program when it is another, for instance `plugin:tool`. */
  tool_runtime_name?: string | null;
  /** The input of the operation, as JSON. What JSON would change is refused. */
  tool_input?: JsonValue;
  /** The whole output; extensions get a preview of at most 256 KiB. */
  tool_output?: string | null;
  /** The text of a message, whole. */
  message?: string | null;
  /** Name of the session, for extensions that keep sessions apart. */
  session_id?: string | null;
  /** The messages of the session so far, for kinds that carry them. */
  transcript?: JsonValue[] | null;
  /** Everything else that the kind carries. */
  data?: JsonValue;
  /** Joins the events of one operation; sent to protocol 3. */
  correlation_id?: string;
  /** The model's own name of this call; sent to protocol 3. */
  tool_call_id?: string;
  /** True if `tool_output` is the text of an error. */
  is_error?: boolean;
}

export type Envelope = Omit<HookEvent, "meta">;

/** Fields of an event beside its envelope. Protocol 3 gets them in `meta`. */
export interface Extras {
  readonly correlation_id: string | undefined;
  readonly tool_call_id: string | undefined;
  readonly is_error: boolean | undefined;
}

/** An event as it was read: the envelope has the whole output. */
export interface ReadEvent {
  readonly envelope: Envelope;
  readonly extras: Extras | undefined;
  /** True if the program gave an output, be it null. */
  readonly hasOutput: boolean;
}

/** All members that an event may have, those of the envelope first. */
const MEMBERS: readonly (keyof EventInput)[] = [
  ...ENVELOPE_KEYS,
  "correlation_id",
  "tool_call_id",
  "is_error",
];
const KNOWN: ReadonlySet<string> = new Set(MEMBERS);

/**
 * Reads each field of an event once: whatever a getter or a class says later, filters, guards and the operation get the
 * same. `kind` stands for the event's own. Throws a HostError for unknown members and for wrong types: programs in plain
 * JavaScript have no compiler to say so. The types are checked one by one: a table of them costs half as much as all the
 * rest of an event.
 */
export function readEvent(event: unknown, kind?: string): ReadEvent {
  if (typeof event !== "object" || event === null)
    throw wrongEvent(`an event is an object, not ${describe(event)}`);
  const read = fieldsOf(event, kind);
  if (read === undefined) throw wrongEvent("an event is an object, not a list");
  const { envelope, extras } = read;
  const isRight =
    typeof envelope.kind === "string" &&
    isTextOrNone(envelope.tool_name) &&
    isTextOrNone(envelope.tool_runtime_name) &&
    isTextOrNone(envelope.tool_output) &&
    isTextOrNone(envelope.message) &&
    isTextOrNone(envelope.session_id) &&
    isListOrNone(envelope.transcript);
  if (!isRight || (extras !== undefined && wrongExtra(extras) !== undefined)) throw wrongMember(read);
  return read as ReadEvent;
}

/** The members that decide whom an event concerns. */
export type Names = Pick<Envelope, "kind" | "tool_name" | "tool_runtime_name">;

/**
 * The names of an event that `readEvent` would surely take: a look without a copy, for events that concern nobody. Each
 * name is read once. Undefined where that is not certain, also for rarer members.
 */
export function namesOfUsual(event: unknown): Names | undefined {
  if (typeof event !== "object" || event === null) return undefined;
  try {
    if (!hasUsualMembers(event)) return undefined;
    const { kind, tool_name = null, tool_runtime_name = null } = event as Partial<Fields>;
    const isRight = typeof kind === "string" && isTextOrNone(tool_name) && isTextOrNone(tool_runtime_name);
    return isRight ? ({ kind, tool_name, tool_runtime_name } as Names) : undefined;
  } catch {
    return undefined;
  }
}

function hasUsualMembers(event: Partial<Fields>): boolean {
  for (const key in event) {
    switch (key) {
      case "kind":
      case "tool_name":
      case "tool_runtime_name":
      case "tool_input":
      case "data":
        break;
      case "tool_output":
      case "message":
      case "session_id":
        if (!isTextOrNone(event[key] ?? null)) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

type Fields = Record<keyof EventInput, unknown>;
type Unchecked = {
  envelope: Record<keyof Envelope, unknown>;
  extras: Record<keyof Extras, unknown> | undefined;
  hasOutput: boolean;
};

/** Undefined for a list. */
function fieldsOf(event: Partial<Fields>, kind: string | undefined): Unchecked | undefined {
  try {
    if (Array.isArray(event)) return undefined;
    for (const key of Object.keys(event)) if (!KNOWN.has(key)) throw unknownMember(event);
    const { tool_output: output } = event;
    const { correlation_id, tool_call_id, is_error } = event;
    const isUsual = correlation_id === undefined && tool_call_id === undefined && is_error === undefined;
    return {
      envelope: {
        kind: kind ?? event.kind,
        tool_name: event.tool_name ?? null,
        tool_runtime_name: event.tool_runtime_name ?? null,
        tool_input: event.tool_input ?? null,
        tool_output: output ?? null,
        message: event.message ?? null,
        session_id: event.session_id ?? null,
        transcript: event.transcript ?? null,
        data: event.data ?? null,
      },
      extras: isUsual ? undefined : { correlation_id, tool_call_id, is_error },
      hasOutput: output !== undefined,
    };
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw wrongEvent(`it cannot be read: ${messageOf(error)}`);
  }
}

function isTextOrNone(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function isListOrNone(value: unknown): boolean {
  return value === null || Array.isArray(value);
}

const TEXTS = ["tool_name", "tool_runtime_name", "tool_output", "message", "session_id"] as const;

/** The error for the first member that is wrong. */
function wrongMember({ envelope, extras }: Unchecked): HostError {
  if (typeof envelope.kind !== "string")
    return wrongEvent(`'kind' must be a string, not ${describe(envelope.kind)}`);
  const text = TEXTS.find((name) => !isTextOrNone(envelope[name]));
  if (text !== undefined)
    return wrongEvent(`'${text}' must be a string or null, not ${describe(envelope[text])}`);
  const extra = extras && wrongExtra(extras);
  if (extra !== undefined) return wrongEvent(extra);
  return wrongEvent(`'transcript' must be a list or null, not ${describe(envelope.transcript)}`);
}

/** Says which of the fields is of a wrong type. Null does not stand for an absent one here. */
function wrongExtra(extras: Record<keyof Extras, unknown>): string | undefined {
  for (const name of ["correlation_id", "tool_call_id"] as const) {
    if (extras[name] !== undefined && typeof extras[name] !== "string")
      return `'${name}' must be a string, not ${describe(extras[name])}`;
  }
  const { is_error } = extras;
  if (is_error === undefined || typeof is_error === "boolean") return undefined;
  return `'is_error' must be true or false, not ${describe(is_error)}`;
}

function unknownMember(event: object): HostError {
  return wrongEvent(unknownKey(event, MEMBERS) ?? "it has a member that no event has");
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
