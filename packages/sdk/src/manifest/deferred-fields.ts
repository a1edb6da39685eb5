import { isJsonObject, type JsonObject, type JsonValue } from "../protocol/json.js";
import { DeferredRefusal, type DeferredReason } from "./deferred-reasons.js";

const MAX_NAME_BYTES = 128;
const MAX_DISPLAY_BYTES = 256;
const MAX_DESCRIPTION_BYTES = 1024;
const MAX_SCHEMA_BYTES = 64 * 1024;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const PRINTABLE = /^[\x20-\x7e]+$/;

/** One object of the declarations and where it stands, so that each complaint names its place. */
export class Declared {
  readonly #value: JsonObject;
  readonly at: string;

  constructor(value: JsonValue | undefined, at: string) {
    if (!isJsonObject(value)) throw new DeferredRefusal("invalid_deferred_block", at);
    this.#value = value;
    this.at = at;
  }

  get(key: string): JsonValue | undefined {
    return this.#value[key];
  }

  /** The objects of a list that may be absent. More than `most` are refused before any is looked at. */
  list(key: string, most: number, tooMany: DeferredReason): Declared[] {
    const value = this.#value[key] ?? [];
    const at = `${this.at}/${key}`;
    if (!Array.isArray(value)) throw new DeferredRefusal("invalid_deferred_block", at);
    if (value.length > most) throw new DeferredRefusal(tooMany, at);
    return value.map((one, index) => new Declared(one, `${at}/${index}`));
  }

  /** A name: without colons, because they separate an extension's id from it. */
  name(key: string, reason: DeferredReason): string {
    return this.#text(
      key,
      reason,
      (text) => fits(text, MAX_NAME_BYTES) && !text.includes(":") && !CONTROL.test(text),
    );
  }

  /** As `name`, of printable ASCII only. */
  asciiName(key: string, reason: DeferredReason, colons: boolean): string {
    return this.#text(
      key,
      reason,
      (text) => fits(text, MAX_NAME_BYTES) && PRINTABLE.test(text) && (colons || !text.includes(":")),
    );
  }

  displayName(key: string, reason: DeferredReason): string {
    return this.#text(key, reason, (text) => fits(text, MAX_DISPLAY_BYTES) && !CONTROL.test(text));
  }

  description(reason: DeferredReason): string {
    return this.#text(
      "description",
      reason,
      (text) => fits(text, MAX_DESCRIPTION_BYTES) && text.trim() !== "",
    );
  }

  schema(key: string, reason: DeferredReason, tooLarge: DeferredReason): JsonObject {
    const value = this.#value[key];
    const at = `${this.at}/${key}`;
    if (!isJsonObject(value)) throw new DeferredRefusal(reason, at);
    if (Buffer.byteLength(JSON.stringify(value)) > MAX_SCHEMA_BYTES) throw new DeferredRefusal(tooLarge, at);
    return value;
  }

  #text(key: string, reason: DeferredReason, isFine: (text: string) => boolean): string {
    const value = this.#value[key];
    if (typeof value !== "string" || !isFine(value)) throw new DeferredRefusal(reason, `${this.at}/${key}`);
    return value;
  }
}

/** Refuses the second of two with the same key. */
export function unique<T>(
  items: readonly T[],
  key: (item: T) => string,
  refuse: (at: number) => Error,
): void {
  const seen = new Set<string>();
  items.forEach((item, at) => {
    if (seen.has(key(item))) throw refuse(at);
    seen.add(key(item));
  });
}

function fits(text: string, most: number): boolean {
  return text !== "" && Buffer.byteLength(text) <= most;
}
