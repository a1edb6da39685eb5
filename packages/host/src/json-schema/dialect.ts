import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";

/** Differences between the drafts that change the meaning of a schema. */
export interface Dialect {
  /** Keyword that gives a schema an address. */
  readonly id: "id" | "$id";
  /** Before 2019-09, the keywords beside a `$ref` meant nothing, and an `$id` might be only a fragment. */
  readonly old: boolean;
  /** From 2020-12 on, items that `contains` looks for count as evaluated. */
  readonly containsEvaluates: boolean;
}

const ADDRESS =
  /^https?:\/\/json-schema\.org\/(draft-04|draft-06|draft-07|draft\/2019-09|draft\/2020-12)\/schema#?$/;

/** A schema that names no draft is read as one of 2020-12, and may use the words of all drafts. */
const NEWEST: Dialect = { id: "$id", old: false, containsEvaluates: true };

const DIALECTS: Readonly<Record<string, Dialect>> = {
  "draft-04": { id: "id", old: true, containsEvaluates: false },
  "draft-06": { id: "$id", old: true, containsEvaluates: false },
  "draft-07": { id: "$id", old: true, containsEvaluates: false },
  "draft/2019-09": { id: "$id", old: false, containsEvaluates: false },
  "draft/2020-12": NEWEST,
};

export function dialectOf({ $schema: address }: JsonObject): Dialect {
  const draft = typeof address === "string" ? ADDRESS.exec(address)?.[1] : undefined;
  return (draft === undefined ? undefined : DIALECTS[draft]) ?? NEWEST;
}

/** Keywords of the drafts that check nothing here. All of them are annotations by the newest draft. */
export const UNCHECKED_KEYWORDS: ReadonlySet<string> = new Set([
  "format",
  "contentEncoding",
  "contentMediaType",
  "contentSchema",
  "$vocabulary",
]);

/** Positions of schemas within a schema. Everything else, such as an `enum`, holds values and not schemas. */
const ONE = new Set([
  "additionalItems",
  "additionalProperties",
  "contains",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
]);
const LIST = new Set(["allOf", "anyOf", "items", "oneOf", "prefixItems"]);
const BY_NAME = new Set([
  "$defs",
  "definitions",
  "dependencies",
  "dependentSchemas",
  "patternProperties",
  "properties",
]);

/** The values at the positions of schemas within one keyword. */
export function schemasIn(keyword: string, argument: JsonValue): JsonValue[] {
  if (Array.isArray(argument)) return LIST.has(keyword) ? argument : [];
  if (typeof argument !== "object" || argument === null) return [];
  if (ONE.has(keyword)) return [argument];
  return BY_NAME.has(keyword) ? Object.values(argument) : [];
}

/** Keywords whose schemas apply to the same value as the schema around them. */
export const IN_PLACE: ReadonlySet<string> = new Set([
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "dependencies",
  "dependentSchemas",
]);
