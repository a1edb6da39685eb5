import type { EventInput } from "@synaps/host";
import { compilePayload, type Misfit } from "@synaps/host/tooling";
import { synapsPayloads } from "@synaps/sdk/catalogs";
import {
  didYouMean,
  inexactNumbers,
  synapsCatalog,
  type Catalog,
  type PayloadSchema,
} from "@synaps/sdk/protocol";
import { MAX_LINE_BYTES, type Line } from "./event-lines.js";

/** Why a line was not handed to anybody. */
export interface EventError {
  code: "EVENT_NOT_JSON" | "EVENT_INVALID" | "EVENT_UNKNOWN_KIND" | "EVENT_TOO_LARGE";
  message: string;
  /** JSON pointer into the line. */
  pointer?: string;
  hint?: string;
}

export type ParsedEvent =
  | { type: "event"; event: EventInput; warning: string | undefined }
  | { type: "error"; error: EventError }
  | { type: "blank" };

type Check = { accepts: (value: unknown) => boolean; words: string };

const text: Check = { accepts: (value) => typeof value === "string", words: "a string" };
const textOrNull: Check = {
  accepts: (value) => value === null || typeof value === "string",
  words: "a string or null",
};
const listOrNull: Check = {
  accepts: (value) => value === null || Array.isArray(value),
  words: "a list or null",
};
const flag: Check = { accepts: (value) => typeof value === "boolean", words: "true or false" };
const anything: Check = { accepts: () => true, words: "JSON" };

const FIELDS: Readonly<Record<Exclude<keyof EventInput, "kind">, Check>> = {
  tool_name: textOrNull,
  tool_runtime_name: textOrNull,
  tool_input: anything,
  tool_output: textOrNull,
  message: textOrNull,
  session_id: textOrNull,
  transcript: listOrNull,
  data: anything,
  correlation_id: text,
  tool_call_id: text,
  is_error: flag,
};

/** Places of inexact numbers that are looked through: enough to get past those in dropped keys. */
const INEXACT_LOOKED_AT = 10_000;

/** Keys that are no input but stand in recorded events: the host makes its own. */
const SILENTLY_DROPPED = ["kind", "meta"];

/** The kinds that may come, each with the check of what extensions may rely on where its catalog declares no payload. */
export type EventKinds = ReadonlyMap<string, ReturnType<typeof compilePayload> | undefined>;

/** The kinds of some catalogs. Payloads that a catalog declares are checked by the host itself. */
export function eventKinds(catalogs: readonly Catalog[]): EventKinds {
  const known: Readonly<Record<string, PayloadSchema>> = synapsPayloads;
  return new Map(
    catalogs.flatMap(({ kinds }) =>
      Object.entries(kinds).map(([kind, { payload }]) => {
        const own = payload === undefined && Object.hasOwn(known, kind) ? known[kind] : undefined;
        return [kind, own && compilePayload(own)] as const;
      }),
    ),
  );
}

const SYNAPS_KINDS = eventKinds([synapsCatalog]);

/** Reads one line. `session` fills a session id that is absent or null; nothing else is made up. */
export function parseEventLine(line: Line, session?: string, kinds: EventKinds = SYNAPS_KINDS): ParsedEvent {
  if (line === "too_large") {
    return wrong("EVENT_TOO_LARGE", `the line is longer than ${MAX_LINE_BYTES} bytes and was skipped`);
  }
  let decoded: string;
  let json: unknown;
  try {
    decoded = new TextDecoder("utf-8", { fatal: true }).decode(line);
    if (decoded.trim() === "") return { type: "blank" };
    json = JSON.parse(decoded);
  } catch (error) {
    const utf8 = error instanceof TypeError;
    const message = utf8 ? "the line is not UTF-8" : "the line is not JSON";
    const hint = utf8 ? "Write the file as UTF-8." : "Write one JSON object per line.";
    return wrong("EVENT_NOT_JSON", message, { hint });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return wrong("EVENT_INVALID", "an event is a JSON object", {
      pointer: "",
      hint: 'As: {"kind":"before_tool_call", …}',
    });
  }
  const [inexact] = inexactNumbers(decoded, INEXACT_LOOKED_AT).filter((pointer) => isHandedOn(pointer));
  if (inexact !== undefined) {
    return wrong("EVENT_INVALID", "the number has more digits than JSON numbers keep", {
      pointer: inexact,
      hint: "Write it as a string: extensions would be shown another number.",
    });
  }
  return parseEvent(json as Readonly<Record<string, unknown>>, session, kinds);
}

/** Only the event's own fields reach an extension: a number elsewhere in the line is dropped with its key. */
function isHandedOn(pointer: string): boolean {
  return Object.hasOwn(FIELDS, pointer.split("/")[1] ?? "");
}

function parseEvent(
  json: Readonly<Record<string, unknown>>,
  session: string | undefined,
  checks: EventKinds,
): ParsedEvent {
  const { kind } = json;
  const kinds = [...checks.keys()];
  if (typeof kind !== "string") {
    const message = kind === undefined ? "the event has no 'kind'" : "'kind' must be a string";
    return wrong("EVENT_INVALID", message, { pointer: "/kind", hint: `One of: ${kinds.join(", ")}.` });
  }
  if (!checks.has(kind)) {
    const meant = didYouMean(kind, kinds);
    const hint = meant === undefined ? `Known: ${kinds.join(", ")}.` : `Did you mean '${meant}'?`;
    return wrong("EVENT_UNKNOWN_KIND", `the hook kind '${kind}' does not exist`, { pointer: "/kind", hint });
  }
  const event: Record<string, unknown> = { kind };
  for (const [field, { accepts, words }] of Object.entries(FIELDS)) {
    const value = json[field];
    if (value === undefined) continue;
    if (!accepts(value))
      return wrong("EVENT_INVALID", `'${field}' must be ${words}`, { pointer: `/${field}` });
    event[field] = value;
  }
  if (session !== undefined && event["session_id"] == null) event["session_id"] = session;
  const missing = payloadProblem(kind, checks.get(kind)?.(event));
  const warning = slip(json);
  if (missing)
    return {
      type: "error",
      error: warning === undefined ? missing : { ...missing, hint: sentence(warning) },
    };
  return { type: "event", event: event as unknown as EventInput, warning };
}

/** The error for an event without something that extensions of this kind may rely on. */
function payloadProblem(kind: string, misfit: Misfit | undefined): EventError | undefined {
  if (!misfit) return undefined;
  const path = misfit.path.toReversed();
  return {
    code: "EVENT_INVALID",
    message: `'${kind}' does not fit its payload: '${path.join(".")}' ${misfit.why}`,
    pointer: path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    hint: `See what the kind carries with: synaps-ext hooks --json`,
  };
}

/** Unknown keys are dropped, as everywhere in the ecosystem; one that looks like a slip of the pen is worth a word. */
function slip(json: Readonly<Record<string, unknown>>): string | undefined {
  for (const key of Object.keys(json)) {
    if (Object.hasOwn(FIELDS, key) || SILENTLY_DROPPED.includes(key)) continue;
    const meant = didYouMean(key, Object.keys(FIELDS));
    if (meant !== undefined) return `unknown key '${key}' is ignored; did you mean '${meant}'?`;
  }
  return undefined;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function wrong(
  code: EventError["code"],
  message: string,
  more: Pick<EventError, "pointer" | "hint"> = {},
): ParsedEvent {
  return { type: "error", error: { code, message, ...more } };
}
