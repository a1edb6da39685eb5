import {
  ENVELOPE_KEYS,
  type EnvelopeField,
  type HookKindSpec,
  type JsonValue,
  type PayloadSchema,
} from "@synaps/sdk/protocol";
import type { Envelope, ReadEvent } from "../delivery/event-input.js";
import { OutgoingEvent } from "../delivery/outgoing-event.js";
import { ownCopy } from "../delivery/plain-copy.js";
import { HostError } from "../errors.js";
import { checkRequired } from "./required.js";
import {
  compile,
  misfit,
  stranger,
  within,
  type Check,
  type Misfit,
} from "../json-schema/payload/compile.js";
import { concealIn } from "../json-schema/payload/conceal.js";

/** The declared payload of one kind, ready to be checked. */
export class Payload {
  /** Takes the members that stay in the host out of an event. Undefined when there are none. */
  readonly conceal: ((event: Envelope) => Envelope) | undefined;
  readonly #required: ReadonlySet<string>;
  readonly #members: readonly (readonly [keyof Envelope, Check])[];
  /** The names that the payload declares, if no other member may come. */
  readonly #closed: ReadonlySet<string> | undefined;

  constructor(schema: PayloadSchema) {
    const { properties = {}, required = [], additionalProperties = true } = schema;
    this.#required = new Set(required);
    this.#members = ENVELOPE_KEYS.flatMap((name) => {
      const one = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return one ? [[name, compile(one)] as const] : [];
    });
    this.#closed = additionalProperties ? undefined : new Set(["kind", ...Object.keys(properties)]);
    this.conceal = concealEnvelope(schema);
  }

  /** Throws a HostError with the pointer of the first member that does not fit. Expects a snapshot of values. */
  check({ envelope, hasOutput }: Pick<ReadEvent, "envelope" | "hasOutput">): void {
    const found = this.#misfit(envelope, hasOutput);
    if (!found) return;
    const why = `${pointerOf(found)} ${found.why}`;
    throw new HostError("EVENT_INVALID", `The event '${envelope.kind}' does not fit its payload: ${why}`, {
      hint: `Pass what the catalog declares for '${envelope.kind}'.`,
    });
  }

  /** The same before there is an output, which will stand in `output`. */
  checkBefore(envelope: Envelope, output: keyof Envelope = "tool_output"): void {
    const found = this.#misfit(envelope, true);
    if (found && found.path.at(-1) !== output) this.check({ envelope, hasOutput: true });
  }

  /** Says what is wrong with a new value of one member; undefined if it fits. */
  misfitOf(member: EnvelopeField, value: JsonValue): string | undefined {
    const found = this.#members.find(([name]) => name === member)?.[1](value);
    return found && `${pointerOf(within(member, found))} ${found.why}`;
  }

  /** A member that is null is not there: the envelope has every member. */
  #misfit(envelope: Envelope, hasOutput: boolean): Misfit | undefined {
    for (const [name, check] of this.#members) {
      const value = envelope[name];
      const isRequired = this.#required.has(name);
      if (value === null && !isRequired) continue;
      const found = name === "tool_output" && !hasOutput ? misfit("is missing") : check(value);
      if (found) return within(name, value === null ? misfit("is missing") : found);
    }
    return this.#closed && stranger(envelope as unknown as Record<string, unknown>, this.#closed);
  }
}

function concealEnvelope(schema: PayloadSchema): Payload["conceal"] {
  const conceal = concealIn(schema);
  if (conceal === undefined) return undefined;
  const nulls = Object.fromEntries(ENVELOPE_KEYS.map((name) => [name, null]));
  return (event) =>
    ({ ...nulls, ...(conceal(event as unknown as JsonValue) as object) }) as unknown as Envelope;
}

/** Longest pointer in a message, in UTF-16 code units. */
const MAX_POINTER = 256;

function pointerOf({ path }: Misfit): string {
  const keys = path.map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1"));
  const pointer = `/${keys.reverse().join("/")}`;
  return `'${pointer.length > MAX_POINTER ? `${pointer.slice(0, MAX_POINTER)}…` : pointer}'`;
}

/**
 * The snapshot of an event, with all that its kind requires. `plain`: as text, because most get all of it. Throws a HostError
 * for what JSON cannot carry and for what the kind does not allow.
 */
export function snapshotOf(spec: HookKindSpec, read: ReadEvent, nowMs: number, plain = true): OutgoingEvent {
  if (spec.requires !== undefined) checkRequired(spec.requires, read);
  const payload = payloadOf(spec);
  return plain && payload === undefined ? OutgoingEvent.of(read, nowMs) : ownEvent(read, payload, nowMs);
}

/**
 * The snapshot of an event as values, checked against the payload of its kind. Throws a HostError for what JSON cannot carry
 * and for what does not fit.
 */
export function ownEvent(read: ReadEvent, payload: Payload | undefined, nowMs: number): OutgoingEvent {
  const own = ownCopy(read);
  payload?.check(own);
  return OutgoingEvent.own(own, nowMs, payload?.conceal);
}

/** Payloads by declaration: each is made ready once. */
const ready = new WeakMap<HookKindSpec, Payload>();

/** The payload of a kind; undefined for a kind that declares none. */
export function payloadOf(spec: HookKindSpec): Payload | undefined {
  if (spec.payload === undefined) return undefined;
  const known = ready.get(spec) ?? new Payload(spec.payload);
  ready.set(spec, known);
  return known;
}
