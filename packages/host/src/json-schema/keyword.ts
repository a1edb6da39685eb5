import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";

/** One evaluation of a value against a schema, as keywords see it. */
export interface Evaluation {
  /** Checks a part of the value against a part of the schema, and notes each misfit. */
  descend(schema: JsonValue, value: JsonValue, pointer: string): void;
  /** Checks in the same way, but notes nothing and only returns true for a fit. */
  fits(schema: JsonValue, value: JsonValue, pointer: string): boolean;
  /** Notes a misfit at a place of the value. */
  note(pointer: string, message: string): void;
  /** Returns true when a regular expression matches; undefined for an expression that cannot be used. */
  matches(pattern: string, text: string): boolean | undefined;
  /** Pays for work in advance. Throws when the check as a whole has become too much work. */
  spend(steps: number): void;
}

/** Checks one keyword of a schema. A keyword whose own value makes no sense checks nothing. */
export type Keyword<V extends JsonValue = JsonValue> = (
  argument: JsonValue,
  value: V,
  pointer: string,
  run: Evaluation,
  schema: JsonObject,
) => void;

export type Keywords<V extends JsonValue = JsonValue> = Readonly<Record<string, Keyword<V>>>;

/** Returns the pointer of a property or an item below another pointer. */
export function below(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

export function isCount(argument: JsonValue | undefined): argument is number {
  return typeof argument === "number" && argument >= 0;
}
