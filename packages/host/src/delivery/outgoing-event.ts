import { prefixOfBytes, type EnvelopeField, type JsonValue, type Overflow } from "@synaps/sdk/protocol";
import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../errors.js";
import { jsonLength } from "./json-length.js";
import { notJson, unlikeJson } from "./json-likeness.js";
import { eventIdOf, metaEnd, metaStart, nextEventNumber } from "./meta-text.js";
import { plainCopy } from "./plain-copy.js";
import { ProjectedEvent } from "./projected-event.js";
import type { Projection } from "./projection.js";
import { SHARED_FROM, type SentEvent } from "./sent-event.js";
import type { TraceFields } from "../observe/recorder.js";
import { SharedParams } from "../transport/rpc/shared-params.js";
import { readEvent, type Envelope, type EventInput, type Extras, type ReadEvent } from "./event-input.js";

/** Longest preview of a tool's output in bytes of UTF-8: the reference's limit. */
export const MAX_PREVIEW_BYTES = 256 * 1024;
/** Longest replacement of a tool's output in bytes of UTF-8: the reference's limit. */
export const MAX_REPLACEMENT_BYTES = 1024 * 1024;

/**
 * One event on its way: a snapshot of what the program passed, taken once, as JSON text or as values of its own. Whoever
 * looks at the event sees what the snapshot says, whatever the program does with its own objects meanwhile. Immutable: a
 * rewrite makes a new event.
 */
export class OutgoingEvent implements SentEvent {
  readonly kind: string;
  readonly toolName: string | null;
  readonly toolRuntimeName: string | null;
  readonly sessionId: string | null;
  /** The whole output of the tool; the envelope has its preview. */
  readonly fullOutput: string | null;
  /** The fields beside the envelope; undefined when there is none. */
  readonly extras: Extras | undefined;
  /** Further members of the event's trace lines. */
  traceFields: TraceFields | undefined;
  /** Stands for the kind's own answer to a full queue, if the program chose another for this event. */
  overflow: Overflow | undefined;
  #number: number | undefined;
  readonly #sentAt: number;
  /** The snapshot as text; for a snapshot of values made when somebody gets the whole event. */
  #text: string | undefined;
  /** The snapshot as values, with the whole output. */
  readonly #values: Envelope | undefined;
  /** Takes what stays in the host out of the values. */
  readonly #conceal: Conceal | undefined;
  #shown: Envelope | undefined;
  #size: number | undefined;
  #inputText: string | undefined;
  #envelope: Envelope | undefined;
  #preview: string | undefined;
  #metaText: string | undefined;
  #metaTextNoOutput: string | undefined;
  #shared: Buffer | undefined;
  #projected: Map<string, ProjectedEvent> | undefined;

  private constructor(
    envelope: Envelope,
    inputText: string | undefined,
    fullOutput: string | null,
    extras: Extras | undefined,
    sentAt: number,
    isOwn: boolean,
    conceal: Conceal | undefined,
  ) {
    this.kind = envelope.kind;
    this.toolName = envelope.tool_name;
    this.toolRuntimeName = envelope.tool_runtime_name;
    this.sessionId = envelope.session_id;
    this.fullOutput = fullOutput;
    this.extras = extras;
    this.#sentAt = sentAt;
    this.#inputText = inputText;
    this.#conceal = conceal;
    if (isOwn) this.#values = envelope;
    else
      this.#text =
        inputText === undefined ? toJson(envelope, this.kind) : around(envelope, inputText, this.kind);
  }

  /** Takes the snapshot of an event. `kind` stands for the event's own. Throws a HostError for what JSON cannot carry. */
  static from(
    event: Omit<EventInput, "kind"> & { kind?: string },
    sentAt: number,
    kind?: string,
  ): OutgoingEvent {
    return OutgoingEvent.of(readEvent(event, kind), sentAt);
  }

  /** The same for an event that was read. `inputText`: the tool's input as JSON, if that was made already. */
  static of(
    { envelope, extras }: Omit<ReadEvent, "hasOutput">,
    sentAt: number,
    inputText?: string,
  ): OutgoingEvent {
    const { tool_output: output, data, transcript } = envelope;
    if (inputText === undefined) refuseUnlike(envelope, "tool_input");
    if (data !== null) refuseUnlike(envelope, "data");
    if (transcript !== null) refuseUnlike(envelope, "transcript");
    const sent = output === null ? envelope : { ...envelope, tool_output: preview(output) };
    return new OutgoingEvent(sent, inputText, output, extras, sentAt, false, undefined);
  }

  /**
   * The same for an event whose values nobody else has or changes. Nothing is written before somebody gets the whole event,
   * and each projection is written once. `conceal` takes out what is never sent.
   */
  static own(
    { envelope, extras }: Omit<ReadEvent, "hasOutput">,
    sentAt: number,
    conceal?: Conceal,
  ): OutgoingEvent {
    return new OutgoingEvent(envelope, undefined, envelope.tool_output, extras, sentAt, true, conceal);
  }

  /** The envelope as JSON. */
  get text(): string {
    this.#text ??= toJson(this.envelope, this.kind);
    return this.#text;
  }

  /** Known without the text: most items of a stream that overflows are never written. */
  get size(): number {
    return (this.#size ??= this.#text?.length ?? jsonLength(this.#sent));
  }

  /** The envelope as the text has it. Shared within the host: nothing may change the value. */
  get envelope(): Envelope {
    this.#envelope ??= this.#values
      ? { ...this.#sent, tool_output: this.#shownOutput }
      : (JSON.parse(this.text) as Envelope);
    return this.#envelope;
  }

  /** The values that may be sent. */
  get #sent(): Envelope {
    const values = this.#values ?? this.envelope;
    if (this.#conceal === undefined) return values;
    this.#shown ??= this.#conceal(values);
    return this.#shown;
  }

  /** The event with its whole output and with what is never sent. Shared within the host: nothing may change the value. */
  get whole(): Envelope {
    return this.#values ?? { ...this.envelope, tool_output: this.fullOutput };
  }

  get #shownOutput(): string | null {
    if (this.fullOutput === null) return null;
    if (this.#conceal !== undefined && this.#sent.tool_output === null) return null;
    this.#preview ??= preview(this.fullOutput);
    return this.#preview;
  }

  /** One member of the envelope as the text has it. */
  member(name: keyof Envelope): JsonValue {
    if (name === "tool_output") return this.#shownOutput;
    return this.#sent[name];
  }

  /** One member of the event as a filter sees it: the whole output, and what is never sent. */
  attribute(name: keyof Envelope): JsonValue {
    return name === "tool_output" ? this.fullOutput : (this.#values ?? this.envelope)[name];
  }

  /** The event as the hooks of a projection get it; the whole one for those without. */
  sentTo(projection: Projection | undefined): SentEvent {
    if (projection === undefined) return this;
    this.#projected ??= new Map();
    const known = this.#projected.get(projection.key);
    if (known) return known;
    const made = new ProjectedEvent(this, projection);
    this.#projected.set(projection.key, made);
    return made;
  }

  /** Name of the event: in `meta` on the wire, in the trace, and in its outcome. */
  get eventId(): string {
    return eventIdOf(this.number);
  }

  /** The number that makes the name. */
  get number(): number {
    this.#number ??= nextEventNumber();
    return this.#number;
  }

  get input(): JsonValue {
    return this.member("tool_input");
  }

  /** The tool input as compact JSON: what `input_contains` looks into. */
  get inputText(): string {
    this.#inputText ??= toJson(this.input, this.kind);
    return this.#inputText;
  }

  /** The same event with one field replaced as a whole, as `modify` and `replace` do. */
  with(field: EnvelopeField, value: JsonValue): OutgoingEvent {
    const isOutput = field === "tool_output";
    const output = isOutput
      ? typeof value === "string"
        ? value
        : toJson(value, this.kind)
      : this.fullOutput;
    if (!isOutput) refuseUnlike({ kind: this.kind, [field]: value }, field);
    const inputText = field === "tool_input" ? undefined : this.#inputText;
    const changed = this.#values
      ? { ...this.#values, [field]: isOutput ? output : plainCopy(value, 0) }
      : { ...this.envelope, [field]: isOutput && output !== null ? preview(output) : value };
    return this.#changed(changed, inputText, output);
  }

  /** The same event with the name of the place that its operation is sent to as its tool. */
  redirected(target: string): OutgoingEvent {
    const envelope = { ...(this.#values ?? this.envelope), tool_name: target, tool_runtime_name: null };
    return this.#changed(envelope, this.#inputText, this.fullOutput);
  }

  #changed(envelope: Envelope, inputText: string | undefined, output: string | null): OutgoingEvent {
    const isOwn = this.#values !== undefined;
    const sentAt = this.#sentAt;
    const event = new OutgoingEvent(envelope, inputText, output, this.extras, sentAt, isOwn, this.#conceal);
    event.traceFields = this.traceFields;
    return event;
  }

  /** The field in full, for the output not only the preview: a value of the caller's own. */
  field(field: EnvelopeField): JsonValue {
    if (field === "tool_output") return this.fullOutput;
    return plainCopy(this.attribute(field), 0) as JsonValue;
  }

  /** True if both events say the same in one field. */
  sameIn(field: EnvelopeField, other: OutgoingEvent): boolean {
    if (field === "tool_output") return this.fullOutput === other.fullOutput;
    return isDeepStrictEqual(this.attribute(field), other.attribute(field));
  }

  /** Parameters of `hook.handle`; with `meta` for peers that negotiated it. `dropped`: items of a stream's session before it. */
  params(withMeta: boolean, deadlineMs: number, attempt: number, dropped = 0): string | SharedParams {
    const tail = withMeta ? this.metaTail(deadlineMs, attempt, dropped) : "}";
    const { text } = this;
    if (text.length < SHARED_FROM) return withMeta ? text.slice(0, -1) + tail : text;
    this.#shared ??= Buffer.from(text.slice(0, -1));
    return new SharedParams(this.#shared, tail);
  }

  /**
   * The text that takes the place of the last brace for a peer that negotiated `meta`. Without `withOutput` it says nothing
   * of the output.
   */
  metaTail(deadlineMs: number, attempt: number, dropped = 0, withOutput = true): string {
    const start = withOutput
      ? (this.#metaText ??= this.#meta(true))
      : (this.#metaTextNoOutput ??= this.#meta(false));
    return start + metaEnd(deadlineMs, attempt, dropped);
  }

  #meta(withOutput: boolean): string {
    const output = withOutput ? this.fullOutput : null;
    const shown = output === null ? null : this.#shownOutput;
    return metaStart(this.number, this.#sentAt, this.extras, shown === null ? null : output, shown);
  }
}

type Conceal = (event: Envelope) => Envelope;

/** The beginning of a long output, and a marker that names the whole size. */
export function preview(output: string): string {
  const head = prefixOfBytes(output, MAX_PREVIEW_BYTES);
  return head === output ? output : `${head}…[truncated, ${Buffer.byteLength(output)} total bytes]`;
}

/** The tool's input as compact JSON. Throws a HostError for what JSON cannot carry. */
export function inputTextOf({ envelope }: Pick<ReadEvent, "envelope">): string {
  refuseUnlike(envelope, "tool_input");
  return toJson(envelope.tool_input, envelope.kind);
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
    throw notJson(kind, messageOf(error));
  }
}

/** Throws a HostError when JSON would not carry a member of the event as it is. */
function refuseUnlike(event: { kind: string } & Partial<Envelope>, member: keyof Envelope): void {
  const problem = unlikeJson(event[member], `/${member}`);
  if (problem !== undefined) throw notJson(event.kind, problem);
}
