import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { SchemaCheck } from "../../packages/host/src/json-schema/check.js";
import { verifies } from "../requirements/verifies.js";

const KEYS = ["a", "b", "ab", "c/d"];
const scalar = fc.oneof(
  fc.integer({ min: -3, max: 6 }),
  fc.constantFrom("", "a", "ab", "abc", "b1", "😀"),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0.5, 1.5, 1.25),
);
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const key = fc.constantFrom(...KEYS);
const size = fc.integer({ min: 0, max: 3 });
const types = ["string", "number", "integer", "boolean", "array", "object", "null"];

/** The other checker lets an empty list pass `contains` when `prefixItems` stands beside it: that is its mistake. */
function knownToTheOracle({ prefixItems, ...rest }: JsonObject): JsonObject {
  return prefixItems === undefined || rest["contains"] !== undefined ? rest : { ...rest, prefixItems };
}

/** Undefined where the other checker breaks, as it does on some nests of `if` and `additionalProperties`. */
function opinion(validate: (input: JsonValue) => unknown, input: JsonValue): boolean | undefined {
  try {
    return Boolean(validate(input));
  } catch {
    return undefined;
  }
}

/** A schema of up to four keywords, a few levels deep. */
const { schema } = fc.letrec<{ schema: JsonObject | boolean; keywords: JsonObject }>((tie) => {
  const one = tie("schema");
  const some = fc.array(one, { minLength: 1, maxLength: 3 });
  const named = fc.dictionary(key, one, { maxKeys: 3, noNullPrototype: true });
  const choices: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    type: fc.oneof(fc.constantFrom(...types), fc.uniqueArray(fc.constantFrom(...types), { minLength: 1 })),
    enum: fc.uniqueArray(value, { minLength: 1, maxLength: 3, selector: (item) => JSON.stringify(item) }),
    const: value,
    minimum: size,
    exclusiveMaximum: size,
    multipleOf: fc.constantFrom(0.5, 1, 2),
    minLength: size,
    maxLength: size,
    pattern: fc.constantFrom("^a", "b$", "^[ab]*$", "\\d"),
    prefixItems: some,
    items: one,
    minItems: size,
    maxItems: size,
    uniqueItems: fc.boolean(),
    contains: one,
    properties: named,
    patternProperties: fc.dictionary(fc.constantFrom("^a", "b$"), one, { noNullPrototype: true }),
    additionalProperties: one,
    propertyNames: one,
    required: fc.uniqueArray(key, { maxLength: 2 }),
    minProperties: size,
    maxProperties: size,
    dependentRequired: fc.dictionary(key, fc.uniqueArray(key, { maxLength: 2 }), { noNullPrototype: true }),
    allOf: some,
    anyOf: some,
    oneOf: some,
    not: one,
  };
  const branches = ["if", "then", "else"].map((name) => [name, one] as const);
  const entries = [...Object.entries(choices), ...branches].map(([name, argument]) =>
    fc.tuple(fc.constant(name), argument),
  );
  return {
    schema: fc.oneof(
      { maxDepth: 3 },
      { weight: 1, arbitrary: fc.boolean() },
      { weight: 6, arbitrary: tie("keywords") },
    ),
    keywords: fc
      .array(fc.oneof(...entries), { minLength: 1, maxLength: 4 })
      .map((chosen) => knownToTheOracle(Object.fromEntries(chosen) as JsonObject)),
  };
});

it(verifies("TOOL-008") + "inputs fit exactly where an independent checker says so", () => {
  const oracle = new Ajv2020({ strict: false, logger: false, validateFormats: false });
  let misfits = 0;
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 3, maxLength: 6 }), (one, values) => {
      const object: JsonObject = typeof one === "boolean" ? { allOf: [one] } : one;
      const validate = oracle.compile(object);
      const check = new SchemaCheck(object);
      for (const input of values) {
        const said = opinion(validate, input);
        if (said === undefined) continue;
        const result = check.check(input);
        expect(result.type, JSON.stringify(input)).toBe(said ? "fits" : "misfits");
        if (result.type === "misfits") misfits += 1;
      }
      oracle.removeSchema();
    }),
    { numRuns: 400 },
  );
  expect(misfits).toBeGreaterThan(100);
});
