import { randomUUID } from "node:crypto";
import { prefixOfBytes, type EnvelopeField, type HookEvent, type JsonValue } from "@synaps/sdk/protocol";
import { HostError, messageOf } from "../errors.js";
import { RawParams } from "../rpc/raw-params.js";
import type { EventInput } from "./input.js";

/** Longest preview of a tool's output in bytes of UTF-8: the reference's limit. */
export const MAX_PREVIEW_BYTES = 256 * 1024;
/** Longest replacement of a tool's output in bytes of UTF-8: the reference's limit. */
export const MAX_REPLACEMENT_BYTES = 1024 * 1024;

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

  static from(input: EventInput, sentAt: number): OutgoingEvent {
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
    return new OutgoingEvent(envelope, output, { correlation_id, tool_call_id, is_error }, sentAt);
  }

  get kind(): string {
    return this.envelope.kind;
  }

  /** The envelope as JSON. Throws a HostError when the embedder passed something that is not JSON. */
  get text(): string {
    this.#text ??= toJson(this.envelope, this.kind);
    return this.#text;
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
  params(withMeta: boolean, deadlineMs: number, attempt: number): RawParams {
    if (!withMeta) return new RawParams(this.text);
    this.#metaText ??= this.#commonMeta();
    const own = `"deadline_ms":${Math.max(1, Math.floor(deadlineMs))},"attempt":${attempt}`;
    return new RawParams(`${this.text.slice(0, -1)},"meta":{${this.#metaText},${own}}}`);
  }

  #commonMeta(): string {
    const full = this.fullOutput;
    const truncated = full !== null && full !== this.envelope.tool_output;
    const meta = {
      event_id: randomUUID(),
      sent_at: this.#sentAt,
      ...this.#meta,
      ...(full === null ? {} : { truncated }),
      ...(truncated ? { total_bytes: Buffer.byteLength(full) } : {}),
    };
    return JSON.stringify(meta).slice(1, -1);
  }
}

/** The beginning of a long output, and a marker that names the whole size. */
export function preview(output: string): string {
  const head = prefixOfBytes(output, MAX_PREVIEW_BYTES);
  return head === output ? output : `${head}…[truncated, ${Buffer.byteLength(output)} total bytes]`;
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
