import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import type { Keyword, Keywords } from "./keyword.js";

const conditional: Keyword = (argument, value, pointer, run, schema) => {
  const branch = run.fits(argument, value, pointer) ? schema["then"] : schema["else"];
  if (branch !== undefined) run.descend(branch, value, pointer);
};

/** Keywords that hold further schemas for the same place. */
export const COMBINATORS: Keywords = {
  allOf: (schemas, value, pointer, run) => {
    for (const one of listOf(schemas)) run.descend(one, value, pointer);
  },
  anyOf: (schemas, value, pointer, run) => {
    const choices = listOf(schemas);
    if (choices.length === 0 || choices.some((one) => run.fits(one, value, pointer))) return;
    // If one choice only could be meant, the complaint of this choice says more.
    const [only] = choices.length === 1 ? choices : choices.filter((one) => looksMeant(one, value));
    if (only !== undefined) run.descend(only, value, pointer);
    else run.note(pointer, `fits none of the ${choices.length} forms that are allowed`);
  },
  oneOf: (schemas, value, pointer, run) => {
    const choices = listOf(schemas);
    const fitting = choices.filter((one) => run.fits(one, value, pointer)).length;
    if (choices.length === 0 || fitting === 1) return;
    const few = `fits none of the ${choices.length} forms that are allowed`;
    run.note(pointer, fitting === 0 ? few : `fits ${fitting} forms of which only one may fit`);
  },
  not: (argument, value, pointer, run) => {
    if (run.fits(argument, value, pointer)) run.note(pointer, "has a form that is not allowed");
  },
  if: conditional,
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
    ([name, own]) => isJsonObject(own) && Object.hasOwn(own, "const") && own["const"] === value[name],
  );
}
