import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { cut, isCount, type Evaluation, type Keyword, type Keywords, type Place } from "./keyword.js";

function descendTo(
  name: string,
  schema: JsonValue,
  value: JsonObject,
  place: Place | undefined,
  run: Evaluation,
): void {
  run.descend(schema, value[name] ?? null, { above: place, key: name });
  run.seen?.names.add(name);
}

/** Checks properties by a schema for which a misfit says that they are not there to be had. */
function others(
  argument: JsonValue,
  names: string[],
  value: JsonObject,
  place: Place | undefined,
  run: Evaluation,
): void {
  for (const name of names) {
    if (argument === false) run.note({ above: place, key: name }, "is not a known property");
    else descendTo(name, argument, value, place, run);
  }
}

/** Checks what has to be there beside a property: names, or a schema for the whole object. */
const dependencies: Keyword<JsonObject> = (argument, value, place, run) => {
  if (!isJsonObject(argument)) return;
  for (const [name, needed] of Object.entries(argument)) {
    if (!Object.hasOwn(value, name)) continue;
    if (!Array.isArray(needed)) run.also(needed, value, place);
    else
      for (const other of needed) {
        if (typeof other === "string" && !Object.hasOwn(value, other))
          run.note(place, `'${cut(other)}' is missing, which '${cut(name)}' needs`);
      }
  }
};

export const OBJECT_KEYWORDS: Keywords<JsonObject> = {
  required: (names, value, place, run) => {
    if (!Array.isArray(names)) return;
    for (const name of names) {
      if (typeof name === "string" && !Object.hasOwn(value, name))
        run.note(place, `'${cut(name)}' is missing`);
    }
  },
  properties: (schemas, value, place, run) => {
    if (!isJsonObject(schemas)) return;
    for (const name of Object.keys(value)) {
      const own = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
      if (own !== undefined) descendTo(name, own, value, place, run);
    }
  },
  patternProperties: (schemas, value, place, run) => {
    if (!isJsonObject(schemas)) return;
    for (const [pattern, own] of Object.entries(schemas)) {
      for (const name of Object.keys(value)) {
        if (run.matches(pattern, name)) descendTo(name, own, value, place, run);
      }
    }
  },
  additionalProperties: (argument, value, place, run, schema) => {
    const named = isJsonObject(schema["properties"]) ? schema["properties"] : {};
    const patterns = isJsonObject(schema["patternProperties"])
      ? Object.keys(schema["patternProperties"])
      : [];
    const isOther = (name: string): boolean =>
      !Object.hasOwn(named, name) && patterns.every((pattern) => run.matches(pattern, name) === false);
    others(argument, Object.keys(value).filter(isOther), value, place, run);
  },
  unevaluatedProperties: (argument, value, place, run) => {
    const { seen } = run;
    if (!seen) return;
    const left = Object.keys(value).filter((name) => !seen.names.has(name));
    others(argument, left, value, place, run);
  },
  propertyNames: (argument, value, place, run) => {
    for (const name of Object.keys(value)) run.descend(argument, name, { above: place, key: name });
  },
  minProperties: (least, value, place, run) => {
    if (isCount(least) && Object.keys(value).length < least)
      run.note(place, `must have at least ${least} properties`);
  },
  maxProperties: (most, value, place, run) => {
    if (isCount(most) && Object.keys(value).length > most)
      run.note(place, `must have at most ${most} properties`);
  },
  // Until draft 7, both kinds stood under `dependencies`.
  dependencies,
  dependentRequired: dependencies,
  dependentSchemas: dependencies,
};
