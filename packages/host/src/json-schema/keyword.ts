import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";

/** One evaluation of a value against a schema, as keywords see it. */
export interface Evaluation {
  /** Checks a part of the value against a part of the schema; what does not fit is noted. */
  descend(schema: JsonValue, value: JsonValue, pointer: string): void;
  /** The same, but notes nothing and only says whether it fits. */
  fits(schema: JsonValue, value: JsonValue, pointer: string): boolean;
  /** Notes what is wrong at a place of the value. */
  note(pointer: string, message: string): void;
  /** Whether a regular expression matches; undefined for one that cannot be used. */
  matches(pattern: string, text: string): boolean | undefined;
  /** Pays for work in advance. Throws when it has become too much. */
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

/** The place of a property or an item below another place. */
export function below(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

export function isCount(argument: JsonValue | undefined): argument is number {
  return typeof argument === "number" && argument >= 0;
}
