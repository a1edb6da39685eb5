import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { Keywords } from "./keyword.js";

/** Keywords that hold further schemas for the same value. */
export const COMBINATORS: Keywords = {
  allOf: (schemas, value, place, run) => {
    for (const one of listOf(schemas)) run.also(one, value, place);
  },
  anyOf: (schemas, value, place, run) => {
    const choices = listOf(schemas);
    if (choices.length === 0) return;
    const fits = (one: JsonValue): boolean => run.silently(() => run.also(one, value, place));
    // Every choice that fits counts for the unevaluated parts.
    if (run.seen ? choices.filter(fits).length > 0 : choices.some(fits)) return;
    // If one choice only could be meant, the complaint of this choice says more.
    const [only] = choices.length === 1 ? choices : choices.filter((one) => looksMeant(one, value));
    if (only !== undefined) run.also(only, value, place);
    else run.note(place, `fits none of the ${choices.length} forms that are allowed`);
  },
  oneOf: (schemas, value, place, run) => {
    const choices = listOf(schemas);
    const fitting = choices.filter((one) => run.silently(() => run.also(one, value, place))).length;
    if (choices.length === 0 || fitting === 1) return;
    const few = `fits none of the ${choices.length} forms that are allowed`;
    run.note(place, fitting === 0 ? few : `fits ${fitting} forms of which only one may fit`);
  },
  not: (argument, value, place, run) => {
    if (run.silently(() => run.also(argument, value, place)))
      run.note(place, "has a form that is not allowed");
  },
  if: (argument, value, place, run, schema) => {
    const fits = run.silently(() => run.also(argument, value, place));
    const branch = fits ? schema["then"] : schema["else"];
    if (branch !== undefined) run.also(branch, value, place);
  },
};

function listOf(schemas: JsonValue): JsonValue[] {
  return Array.isArray(schemas) ? schemas : [];
}

/** True if a choice names the value's discriminating constant, as `{properties: {type: {const: "a"}}}` does. */
function looksMeant(schema: JsonValue, value: JsonValue): boolean {
  if (!isJsonObject(schema) || !isJsonObject(value)) return false;
  const { properties } = schema;
  if (!isJsonObject(properties)) return false;
  return Object.entries(properties).some(
    ([name, own]) =>
      isJsonObject(own) &&
      Object.hasOwn(own, "const") &&
      Object.hasOwn(value, name) &&
      own["const"] === value[name],
  );
}
