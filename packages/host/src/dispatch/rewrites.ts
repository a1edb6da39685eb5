import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type EnvelopeField, type JsonValue } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";

/** Pointers that an outcome names; further ones are only counted. */
const MAX_POINTERS = 256;

/** Extensions by what they changed. */
export interface ChangedBy {
  /** The last extension that changed the value, by JSON pointer into the event. At most 256 pointers. */
  readonly pointers: Readonly<Record<string, string>>;
  /** Changed values beyond those. */
  readonly more: number;
}

/** The rewrites of one event, in order. Compares the values only when somebody asks who changed what. */
export class Rewrites {
  readonly #field: EnvelopeField;
  /** The event after the last rewrite, if somebody could be asked about it. */
  last: OutgoingEvent | undefined;
  readonly #steps: { from: OutgoingEvent; to: JsonValue; by: string }[] = [];

  constructor(field: EnvelopeField) {
    this.#field = field;
  }

  /** `to`: the new value of the field, as a whole. */
  add(from: OutgoingEvent, to: JsonValue, by: string): void {
    this.#steps.push({ from, to, by });
  }

  get changedBy(): ChangedBy | undefined {
    const found = new Map<string, string>();
    let more = 0;
    for (const { from, to, by } of this.#steps) {
      const change = (pointer: string): void => {
        // Whoever replaces a value as a whole also replaces what others changed in it.
        for (const known of found.keys()) if (known.startsWith(`${pointer}/`)) found.delete(known);
        if (found.size < MAX_POINTERS || found.has(pointer)) found.set(pointer, by);
        else more += 1;
      };
      compare(from.field(this.#field), to, `/${this.#field}`, change);
    }
    if (found.size === 0) return undefined;
    return { pointers: Object.fromEntries(found), more };
  }
}

/** Calls `change` for each member that differs. Lists are compared as a whole, as merging takes them. */
function compare(from: JsonValue, to: JsonValue, pointer: string, change: (pointer: string) => void): void {
  if (!isJsonObject(from) || !isJsonObject(to)) {
    if (!isDeepStrictEqual(from, to)) change(pointer);
    return;
  }
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const at = `${pointer}/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`;
    const isInBoth = Object.hasOwn(from, key) && Object.hasOwn(to, key);
    if (isInBoth) compare(from[key] as JsonValue, to[key] as JsonValue, at, change);
    else change(at);
  }
}
