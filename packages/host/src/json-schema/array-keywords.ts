import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { isCount, type Evaluation, type Keyword, type Keywords, type Place } from "./keyword.js";

/** Checks the items at the positions that have a schema of their own. */
const positional: Keyword<JsonValue[]> = (schemas, value, place, run) => {
  if (!Array.isArray(schemas)) return;
  const count = Math.min(schemas.length, value.length);
  for (let index = 0; index < count; index += 1) descendTo(index, schemas[index] ?? true, value, place, run);
  if (run.seen) run.seen.items = Math.max(run.seen.items, count);
};

/** Checks the items from a position on. */
function following(
  own: JsonValue,
  from: number,
  value: JsonValue[],
  place: Place | undefined,
  run: Evaluation,
): void {
  for (let index = from; index < value.length; index += 1) descendTo(index, own, value, place, run);
  if (run.seen) run.seen.items = Number.POSITIVE_INFINITY;
}

function descendTo(
  index: number,
  schema: JsonValue,
  value: JsonValue[],
  place: Place | undefined,
  run: Evaluation,
): boolean {
  return run.descend(schema, value[index] ?? null, { above: place, key: index });
}

export const ARRAY_KEYWORDS: Keywords<JsonValue[]> = {
  prefixItems: positional,
  items: (argument, value, place, run, schema) => {
    const { prefixItems, additionalItems } = schema;
    // Before the 2020 draft, `items` held the schemas of positions.
    if (Array.isArray(argument)) {
      positional(argument, value, place, run, schema);
      if (additionalItems !== undefined) following(additionalItems, argument.length, value, place, run);
    } else {
      following(argument, Array.isArray(prefixItems) ? prefixItems.length : 0, value, place, run);
    }
  },
  minItems: (least, value, place, run) => {
    if (isCount(least) && value.length < least) run.note(place, `must have at least ${least} items`);
  },
  maxItems: (most, value, place, run) => {
    if (isCount(most) && value.length > most) run.note(place, `must have at most ${most} items`);
  },
  uniqueItems: (wanted, value, place, run) => {
    if (wanted !== true) return;
    if (new Set(value.map(canonical)).size < value.length) run.note(place, "must not have an item twice");
  },
  contains: (argument, value, place, run, schema) => {
    const { minContains: least = 1, maxContains: most } = schema;
    let found = 0;
    for (let index = 0; index < value.length; index += 1) {
      if (!run.silently(() => descendTo(index, argument, value, place, run))) continue;
      found += 1;
      if (run.dialect.containsEvaluates) run.seen?.indexes.add(index);
    }
    if (isCount(least) && found < least)
      run.note(place, `must have at least ${least} of the items that are asked for`);
    if (isCount(most) && found > most)
      run.note(place, `must have at most ${most} of the items that are asked for`);
  },
  unevaluatedItems: (argument, value, place, run) => {
    const { seen } = run;
    if (!seen) return;
    for (let index = seen.items; index < value.length; index += 1) {
      if (!seen.indexes.has(index)) descendTo(index, argument, value, place, run);
    }
    seen.items = Number.POSITIVE_INFINITY;
  },
};

/** Returns the same text for equal values, in whatever order their keys stand. */
function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_key, part: JsonValue) =>
    isJsonObject(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
}
