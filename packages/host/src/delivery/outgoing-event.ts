import { randomUUID } from "node:crypto";
import { prefixOfBytes, type EnvelopeField, type HookEvent, type JsonValue } from "@synaps/sdk/protocol";
import { HostError, messageOf } from "../errors.js";
import { RawParams, SharedParams } from "../transport/rpc/raw-params.js";
import type { EventInput } from "./input.js";

/** Longest preview of a tool's output in bytes of UTF-8: the reference's limit. */
export const MAX_PREVIEW_BYTES = 256 * 1024;
/** Longest replacement of a tool's output in bytes of UTF-8: the reference's limit. */
export const MAX_REPLACEMENT_BYTES = 1024 * 1024;

/** Length from which the text of an event is turned into bytes once, instead of once for each who gets it. */
const SHARED_FROM = 16 * 1024;

type Envelope = Omit<HookEvent, "meta">;

/**
 * One event on its way. Immutable: a rewrite makes a new one. Its text is made when first needed, and once for all
 * subscribers.
 */
export class OutgoingEvent {
  readonly envelope: Envelope;
  /** The tool's whole output, of which the envelope has the preview. */
  readonly fullOutput: string | null;
  readonly #meta: Readonly<Record<string, JsonValue | undefined>>;
  readonly #sentAt: number;
  #text: string | undefined;
  #inputText: string | undefined;
  #metaText: string | undefined;
  #shared: Buffer | undefined;

  private constructor(
    envelope: Envelope,
    fullOutput: string | null,
    meta: Readonly<Record<string, JsonValue | undefined>>,
    sentAt: number,
  ) {
    this.envelope = envelope;
    this.fullOutput = fullOutput;
    this.#meta = meta;
    this.#sentAt = sentAt;
  }

  /** `inputText`: the tool's input as JSON, where that was made already. */
  static from(input: EventInput, sentAt: number, inputText?: string): OutgoingEvent {
    const output = input.tool_output ?? null;
    const envelope = {
      kind: input.kind,
      tool_name: input.tool_name ?? null,
      tool_runtime_name: input.tool_runtime_name ?? null,
      tool_input: input.tool_input ?? null,
      tool_output: output === null ? null : preview(output),
      message: input.message ?? null,
      session_id: input.session_id ?? null,
      transcript: input.transcript ?? null,
      data: input.data ?? null,
    };
    const { correlation_id, tool_call_id, is_error } = input;
    const event = new OutgoingEvent(envelope, output, { correlation_id, tool_call_id, is_error }, sentAt);
    event.#inputText = inputText;
    return event;
  }

  get kind(): string {
    return this.envelope.kind;
  }

  /** The envelope as JSON. Throws a HostError when the embedder passed something that is not JSON. */
  get text(): string {
    this.#text ??=
      this.#inputText === undefined
        ? toJson(this.envelope, this.kind)
        : around(this.envelope, this.#inputText, this.kind);
    return this.#text;
  }

  get input(): JsonValue {
    return this.envelope.tool_input;
  }

  /** The tool input as compact JSON: what `input_contains` looks into. */
  get inputText(): string {
    this.#inputText ??= toJson(this.envelope.tool_input, this.kind);
    return this.#inputText;
  }

  /** The same event with one field replaced as a whole, as `modify` and `replace` do. */
  with(field: EnvelopeField, value: JsonValue): OutgoingEvent {
    if (field !== "tool_output") {
      return new OutgoingEvent(
        { ...this.envelope, [field]: value },
        this.fullOutput,
        this.#meta,
        this.#sentAt,
      );
    }
    const output = typeof value === "string" ? value : JSON.stringify(value);
    const envelope = { ...this.envelope, tool_output: preview(output) };
    return new OutgoingEvent(envelope, output, this.#meta, this.#sentAt);
  }

  /** The field in full: for the output not only its preview. */
  field(field: EnvelopeField): JsonValue {
    return field === "tool_output" ? this.fullOutput : this.envelope[field];
  }

  /** Parameters of `hook.handle`; with `meta` for peers that negotiated it. */
  params(withMeta: boolean, deadlineMs: number, attempt: number): RawParams | SharedParams {
    const tail = withMeta ? this.metaTail(deadlineMs, attempt) : "}";
    const { text } = this;
    if (text.length < SHARED_FROM) return new RawParams(withMeta ? text.slice(0, -1) + tail : text);
    this.#shared ??= Buffer.from(text.slice(0, -1));
    return new SharedParams(this.#shared, tail);
  }

  /** What takes the place of the last brace of `text` for a peer that negotiated `meta`. */
  metaTail(deadlineMs: number, attempt: number): string {
    this.#metaText ??= `,"meta":{${this.#commonMeta()},"deadline_ms":`;
    return this.#metaText + metaEnd(Math.max(1, Math.floor(deadlineMs)), attempt);
  }

  #commonMeta(): string {
    const common = `"event_id":"${nextEventId()}","sent_at":${sentAtText(this.#sentAt)}`;
    const full = this.fullOutput;
    const { correlation_id, tool_call_id, is_error } = this.#meta;
    if (full === null && correlation_id === undefined && tool_call_id === undefined && is_error === undefined)
      return common;
    const truncated = full !== null && full !== this.envelope.tool_output;
    const own = JSON.stringify({
      ...this.#meta,
      ...(full === null ? {} : { truncated }),
      ...(truncated ? { total_bytes: Buffer.byteLength(full) } : {}),
    });
    return own === "{}" ? common : `${common},${own.slice(1, -1)}`;
  }
}

/** The first part tells the events of all hosts apart, the count behind it those of this process. */
const EVENT_ID_PREFIX = `${randomUUID().slice(0, 24)}000`;
/** Nine digits, so that an id has the form of a UUID; and small numbers, which are quickly turned into text. */
let lastEventId = 100_000_000;

function nextEventId(): string {
  lastEventId += 1;
  return EVENT_ID_PREFIX + lastEventId;
}

let lastSentAt = { ms: 0, text: "0" };

/** Large numbers are slow to turn into text, and many events share a millisecond. */
function sentAtText(ms: number): string {
  if (lastSentAt.ms !== ms) lastSentAt = { ms, text: String(ms) };
  return lastSentAt.text;
}

let lastEnd = { deadlineMs: 0, attempt: 0, text: "" };

/** What differs by subscription, which is seldom: most have the same deadline. */
function metaEnd(deadlineMs: number, attempt: number): string {
  if (lastEnd.deadlineMs !== deadlineMs || lastEnd.attempt !== attempt)
    lastEnd = { deadlineMs, attempt, text: `${deadlineMs},"attempt":${attempt}}}` };
  return lastEnd.text;
}

/** The beginning of a long output, and a marker that names the whole size. */
export function preview(output: string): string {
  const head = prefixOfBytes(output, MAX_PREVIEW_BYTES);
  return head === output ? output : `${head}…[truncated, ${Buffer.byteLength(output)} total bytes]`;
}

/** The tool's input as compact JSON. Throws like `text`. */
export function inputTextOf({ tool_input = null, kind }: EventInput): string {
  return toJson(tool_input, kind);
}

/** The envelope, with the text of its largest part, which is there already. */
function around(envelope: Envelope, inputText: string, kind: string): string {
  const { tool_name, tool_runtime_name, tool_input: _, ...rest } = envelope;
  const before = toJson({ kind, tool_name, tool_runtime_name }, kind);
  const { kind: __, ...after } = rest;
  return `${before.slice(0, -1)},"tool_input":${inputText},${toJson(after, kind).slice(1)}`;
}

function toJson(value: unknown, kind: string): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    throw new HostError("EVENT_INVALID", `The event '${kind}' is not JSON: ${messageOf(error)}`, {
      hint: "Pass plain JSON values: no cycles, no BigInt.",
      cause: error,
    });
  }
}
