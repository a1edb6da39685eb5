import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { Dialect } from "./dialect.js";

/** A place in the value. It becomes a pointer only when a problem is noted. */
export interface Place {
  readonly above: Place | undefined;
  readonly key: string | number;
}

/** One evaluation of a value against a schema, as keywords see it. */
export interface Evaluation {
  readonly dialect: Dialect;
  /** Checks a part of the value against a part of the schema, and notes each misfit. True for a fit. */
  descend(schema: JsonValue, value: JsonValue, place: Place | undefined): boolean;
  /** Checks the value itself against a further schema, and notes each misfit. True for a fit. */
  also(schema: JsonValue, value: JsonValue, place: Place | undefined): boolean;
  /** Does a check and notes nothing. True for a fit. */
  silently(check: () => boolean): boolean;
  /** Notes a misfit at a place of the value. */
  note(place: Place | undefined, message: string): void;
  /** Returns true when a regular expression matches; undefined for an expression that cannot be used. */
  matches(pattern: string, text: string): boolean | undefined;
  /** Properties and items of the value that some schema has looked at; undefined when nobody asks for them. */
  readonly seen: Seen | undefined;
}

/** Parts of one value that some schema has looked at. */
export class Seen {
  readonly names = new Set<string>();
  readonly indexes = new Set<number>();
  /** All items before this one. */
  items = 0;

  add(other: Seen): void {
    for (const name of other.names) this.names.add(name);
    for (const index of other.indexes) this.indexes.add(index);
    this.items = Math.max(this.items, other.items);
  }
}

/** Checks one keyword of a schema. A keyword whose own value makes no sense checks nothing. */
export type Keyword<V extends JsonValue = JsonValue> = (
  argument: JsonValue,
  value: V,
  place: Place | undefined,
  run: Evaluation,
  schema: JsonObject,
) => void;

export type Keywords<V extends JsonValue = JsonValue> = Readonly<Record<string, Keyword<V>>>;

const MAX_POINTER_LENGTH = 200;

/** Returns the JSON pointer of a place, cut where nobody would read on. */
export function pointerOf(place: Place | undefined): string {
  const keys: string[] = [];
  for (let at = place; at; at = at.above)
    keys.push(String(at.key).slice(0, MAX_POINTER_LENGTH).replaceAll("~", "~0").replaceAll("/", "~1"));
  return keys
    .reverse()
    .map((key) => `/${key}`)
    .join("")
    .slice(0, MAX_POINTER_LENGTH);
}

export function isCount(argument: JsonValue | undefined): argument is number {
  return typeof argument === "number" && argument >= 0;
}

/** Most characters of a text of the schema in a message. */
const MAX_SHOWN = 40;

/** Shows a value of the schema in short. */
export function shown(value: JsonValue): string {
  return cut(JSON.stringify(value));
}

export function cut(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
