import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { below, isCount, type Evaluation, type Keyword, type Keywords } from "./keyword.js";

/** Checks the items at the positions that have a schema of their own. */
const positional: Keyword<JsonValue[]> = (schemas, value, pointer, run) => {
  if (!Array.isArray(schemas)) return;
  value.slice(0, schemas.length).forEach((item, index) => {
    run.descend(schemas[index] ?? true, item, below(pointer, index));
  });
};

/** Checks the items from a position on. */
function following(own: JsonValue, from: number, value: JsonValue[], pointer: string, run: Evaluation): void {
  value.slice(from).forEach((item, index) => run.descend(own, item, below(pointer, from + index)));
}

export const ARRAY_KEYWORDS: Keywords<JsonValue[]> = {
  prefixItems: positional,
  items: (argument, value, pointer, run, schema) => {
    const { prefixItems, additionalItems } = schema;
    // Before the 2020 draft, `items` held the schemas of positions.
    if (Array.isArray(argument)) {
      positional(argument, value, pointer, run, schema);
      if (additionalItems !== undefined) following(additionalItems, argument.length, value, pointer, run);
    } else {
      following(argument, Array.isArray(prefixItems) ? prefixItems.length : 0, value, pointer, run);
    }
  },
  minItems: (least, value, pointer, run) => {
    if (isCount(least) && value.length < least) run.note(pointer, `must have at least ${least} items`);
  },
  maxItems: (most, value, pointer, run) => {
    if (isCount(most) && value.length > most) run.note(pointer, `must have at most ${most} items`);
  },
  uniqueItems: (wanted, value, pointer, run) => {
    if (wanted !== true) return;
    const texts = value.map((item) => {
      const text = canonical(item);
      run.spend(1 + (text.length >> 6));
      return text;
    });
    if (new Set(texts).size < value.length) run.note(pointer, "must not have an item twice");
  },
  contains: (argument, value, pointer, run, schema) => {
    const { minContains: least = 1, maxContains: most } = schema;
    const found = value.filter((item, index) => run.fits(argument, item, below(pointer, index))).length;
    if (isCount(least) && found < least)
      run.note(pointer, `must have at least ${least} of the items that are asked for`);
    if (isCount(most) && found > most)
      run.note(pointer, `must have at most ${most} of the items that are asked for`);
  },
};

export const OBJECT_KEYWORDS: Keywords<JsonObject> = {
  required: (names, value, pointer, run) => {
    if (!Array.isArray(names)) return;
    run.spend(names.length);
    for (const name of names) {
      if (typeof name === "string" && !Object.hasOwn(value, name)) run.note(pointer, `'${name}' is missing`);
    }
  },
  properties: (schemas, value, pointer, run) => {
    if (!isJsonObject(schemas)) return;
    for (const [name, item] of Object.entries(value)) {
      const own = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
      if (own !== undefined) run.descend(own, item, below(pointer, name));
    }
  },
  patternProperties: (schemas, value, pointer, run) => {
    if (!isJsonObject(schemas)) return;
    for (const [pattern, own] of Object.entries(schemas)) {
      for (const [name, item] of Object.entries(value)) {
        if (run.matches(pattern, name)) run.descend(own, item, below(pointer, name));
      }
    }
  },
  additionalProperties: (argument, value, pointer, run, schema) => {
    const named = isJsonObject(schema["properties"]) ? schema["properties"] : {};
    const patterns = isJsonObject(schema["patternProperties"])
      ? Object.keys(schema["patternProperties"])
      : [];
    for (const [name, item] of Object.entries(value)) {
      if (Object.hasOwn(named, name) || patterns.some((pattern) => run.matches(pattern, name) !== false))
        continue;
      if (argument === false) run.note(below(pointer, name), "is not a known property");
      else run.descend(argument, item, below(pointer, name));
    }
  },
  propertyNames: (argument, value, pointer, run) => {
    for (const name of Object.keys(value)) run.descend(argument, name, below(pointer, name));
  },
  minProperties: (least, value, pointer, run) => {
    if (isCount(least) && Object.keys(value).length < least)
      run.note(pointer, `must have at least ${least} properties`);
  },
  maxProperties: (most, value, pointer, run) => {
    if (isCount(most) && Object.keys(value).length > most)
      run.note(pointer, `must have at most ${most} properties`);
  },
  dependentRequired: (argument, value, pointer, run) => {
    if (!isJsonObject(argument)) return;
    for (const [name, needed] of Object.entries(argument)) {
      if (!Object.hasOwn(value, name) || !Array.isArray(needed)) continue;
      run.spend(needed.length);
      for (const other of needed) {
        if (typeof other === "string" && !Object.hasOwn(value, other))
          run.note(pointer, `'${other}' is missing, which '${name}' needs`);
      }
    }
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
