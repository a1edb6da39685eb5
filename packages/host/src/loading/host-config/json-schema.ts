import type { JsonObject } from "@synaps/sdk/protocol";
import { FIXED_KEYS, HOOK_DEFAULTS, HOOK_KEYS, MAX_ID_LENGTH, MOST_HOOKS, TABLE_NAMES } from "./tables.js";

/**
 * The JSON Schema of `host.json` and `host.toml`, draft 7. It knows each key, its type and its bounds; rules between keys, and
 * an address or a variable that is needed, are left to the host.
 */
export function hostConfigJsonSchema(): JsonObject {
  const tables = TABLE_NAMES.map((table) => [table, tableSchema(table)] as const);
  return {
    $id: "urn:synaps:host-config",
    title: "Configuration of a host (extensions/host.toml or host.json in the base folder)",
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { $schema: { type: "string" }, ...Object.fromEntries(tables) },
    additionalProperties: false,
  };
}

function tableSchema(table: string): JsonObject {
  const keys = FIXED_KEYS.filter(({ path }) => path[0] === table).map(
    ({ path, about, rule, initial, text }) => {
      // A default that is another one for another hook system would mislead.
      const isFixed = initial !== null && !Object.hasOwn(HOOK_DEFAULTS.llmspell, text);
      return [
        path[1],
        { description: about, ...rule.schema, ...(isFixed ? { default: initial } : {}) },
      ] as const;
    },
  );
  const of = table === "hooks" ? { of: hooksSchema() } : {};
  return { type: "object", properties: { ...Object.fromEntries(keys), ...of }, additionalProperties: false };
}

function hooksSchema(): JsonObject {
  const keys = HOOK_KEYS.map(
    ({ key, about, rule }) => [key, { description: about, ...rule.schema }] as const,
  );
  return {
    description:
      "By id of an extension, id of a hook of the program, or <extension>/<subscription> for a single one.",
    type: "object",
    maxProperties: MOST_HOOKS,
    propertyNames: { minLength: 1, maxLength: MAX_ID_LENGTH, pattern: "\\S" },
    additionalProperties: {
      type: "object",
      properties: Object.fromEntries(keys),
      additionalProperties: false,
    },
  };
}
