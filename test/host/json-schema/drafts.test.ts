import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { SchemaCheck } from "../../../packages/host/src/json-schema/check.js";
import { verifies } from "../../requirements/verifies.js";

type Case = [what: string, schema: JsonObject, fitting: JsonValue[], misfitting: JsonValue[]];

const DRAFT_4 = "http://json-schema.org/draft-04/schema#";
const DRAFT_7 = "http://json-schema.org/draft-07/schema#";
const DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema";

function holds(_: string, schema: JsonObject, fitting: JsonValue[], misfitting: JsonValue[]): void {
  const check = new SchemaCheck(schema);
  expect(check.unchecked).toEqual([]);
  for (const value of fitting) expect([value, check.check(value).type]).toEqual([value, "fits"]);
  for (const value of misfitting) expect([value, check.check(value).type]).toEqual([value, "misfits"]);
}

describe(verifies("TOOL-022") + "a schema of draft 4", () => {
  it.each<Case>([
    ["a bound left out by a switch", { minimum: 3, exclusiveMinimum: true }, [3.5], [3, 2]],
    ["an upper one", { maximum: 3, exclusiveMaximum: true }, [2], [3, 4]],
    ["the bound itself otherwise", { minimum: 3, exclusiveMinimum: false }, [3], [2]],
    [
      "addresses by id",
      {
        $schema: DRAFT_4,
        id: "http://example.org/root",
        definitions: { a: { id: "part", type: "null" } },
        items: { $ref: "part" },
      },
      [[null]],
      [[1]],
    ],
  ])("%s", holds);
});

describe(verifies("TOOL-022") + "a schema of draft 7", () => {
  it.each<Case>([
    [
      "dependencies as names",
      { dependencies: { tip: ["bill"] } },
      [{}, { tip: 1, bill: 2 }, 7],
      [{ tip: 1 }],
    ],
    [
      "dependencies as a schema",
      { dependencies: { tip: { required: ["bill"], properties: { tip: { minimum: 1 } } } } },
      [{ tip: 1, bill: 2 }],
      [{ tip: 1 }, { tip: 0, bill: 2 }],
    ],
    [
      "nothing beside a reference",
      {
        $schema: DRAFT_7,
        definitions: { short: { maxLength: 2 } },
        items: { $ref: "#/definitions/short", type: "number" },
      },
      [["ab", 5]],
      [["abc"]],
    ],
    [
      "an id that is only a name",
      {
        $schema: DRAFT_7,
        definitions: { x: { $id: "#even", multipleOf: 2 } },
        additionalProperties: { $ref: "#even" },
      },
      [{ a: 4 }],
      [{ a: 5 }],
    ],
    [
      "items by position and the rest",
      { items: [{ type: "string" }, { type: "number" }], additionalItems: { type: "null" } },
      [["a"], ["a", 1, null], []],
      [
        ["a", "b"],
        ["a", 1, 2],
      ],
    ],
    [
      "if, then and else in any order",
      JSON.parse('{"else":{"minimum":10},"then":{"maximum":1},"if":{"maximum":5}}') as JsonObject,
      [1, 10, "text"],
      [4, 7],
    ],
    ["contains without items", { contains: { const: 1 } }, [[0, 1], {}], [[], [0]]],
    ["names of properties", { propertyNames: { pattern: "^[a-z]+$" } }, [{ ab: 1 }], [{ A: 1 }]],
    ["false", { properties: { no: false } }, [{ yes: 1 }], [{ no: 1 }]],
    ["either of two, never both", { oneOf: [{ minimum: 3 }, { maximum: 5 }] }, [1, 6], [4]],
  ])("%s", holds);
});

describe(verifies("TOOL-022") + "a schema of the drafts since 2019", () => {
  it.each<Case>([
    [
      "keywords beside a reference",
      { $defs: { text: { type: "string" } }, $ref: "#/$defs/text", maxLength: 2 },
      ["ab"],
      ["abc", 1],
    ],
    ["an anchor", { $defs: { a: { $anchor: "pos", minimum: 1 } }, $ref: "#pos" }, [1], [0]],
    [
      "an address within",
      { $id: "https://example.org/a/b", $defs: { c: { $id: "c", type: "null" } }, items: { $ref: "/a/c" } },
      [[null]],
      [[0]],
    ],
    [
      "what a property needs",
      { dependentRequired: { a: ["b"] }, dependentSchemas: { c: { maxProperties: 1 } } },
      [{ a: 1, b: 1 }, { c: 1 }],
      [{ a: 1 }, { c: 1, d: 1 }],
    ],
    [
      "properties that nobody has looked at",
      {
        properties: { a: true },
        anyOf: [{ properties: { b: { type: "number" } }, required: ["b"] }, { required: ["a"] }],
        unevaluatedProperties: false,
      },
      [{ a: 1 }, { a: 1, b: 2 }],
      [
        { a: 1, c: 1 },
        { a: 1, b: "x" },
      ],
    ],
    [
      "properties by a schema that does not hold are not looked at",
      {
        not: { properties: { a: { type: "null" } }, required: ["a"] },
        unevaluatedProperties: { type: "number" },
      },
      [{ a: 1 }],
      [{ a: "x" }],
    ],
    [
      "items that nobody has looked at",
      { prefixItems: [{ type: "string" }], contains: { const: 9 }, unevaluatedItems: false },
      [
        ["a", 9],
        ["a", 9, 9],
      ],
      [["a", 1, 9]],
    ],
    [
      "the same in 2019-09, where contains looks at nothing",
      { $schema: DRAFT_2019, items: [true], contains: { const: 9 }, unevaluatedItems: false },
      [[9]],
      [["a", 9]],
    ],
    [
      "a tree that is closed by another schema",
      {
        $id: "https://example.org/closed",
        $dynamicAnchor: "node",
        $ref: "tree",
        unevaluatedProperties: false,
        $defs: {
          tree: {
            $id: "tree",
            $dynamicAnchor: "node",
            properties: { below: { items: { $dynamicRef: "#node" } } },
          },
        },
      },
      [{ below: [{ below: [] }] }],
      [{ below: [{ belwo: [] }] }],
    ],
    [
      "the same tree in 2019-09",
      {
        $schema: DRAFT_2019,
        $id: "https://example.org/closed",
        $recursiveAnchor: true,
        $ref: "tree",
        unevaluatedProperties: false,
        $defs: {
          tree: {
            $id: "tree",
            $recursiveAnchor: true,
            properties: { below: { items: { $recursiveRef: "#" } } },
          },
        },
      },
      [{ below: [{}] }],
      [{ below: [{ belwo: [] }] }],
    ],
    [
      "how many items are found",
      { contains: { minimum: 5 }, minContains: 2, maxContains: 3 },
      [[5, 6]],
      [[5], [5, 6, 7, 8]],
    ],
  ])("%s", holds);
});

describe(verifies("TOOL-022") + "values", () => {
  it.each<Case>([
    [
      "are equal in any order of keys",
      { const: { a: 1, b: [0] } },
      [{ b: [-0], a: 1 }],
      [{ a: 1 }, { a: 1, b: [1] }],
    ],
    ["are not equal across types", { enum: [0, "", false] }, [0, "", false], [null, [], "0", true]],
    [
      "are no heirs of objects",
      { required: ["constructor"], properties: { toString: { const: 1 } } },
      [JSON.parse('{"constructor":1}') as JsonValue],
      [{}],
    ],
    [
      "have own names even for __proto__",
      { additionalProperties: false },
      [{}],
      [JSON.parse('{"__proto__":1}') as JsonValue],
    ],
    [
      "are counted in characters",
      { minLength: 2, maxLength: 2 },
      ["ab", "😀😀", "\ud800\ud800"],
      ["😀", "abc"],
    ],
    ["are multiples as people write them", { multipleOf: 0.1 }, [0.3, 1.1, 1e30], [0.35]],
    ["are multiples however large", { multipleOf: 0.123456789 }, [0.246913578], [1e308]],
    ["are whole when nothing is behind the point", { type: "integer" }, [1, 1e100], [1.5, "1"]],
    [
      "that repeat are found in any order of keys",
      { uniqueItems: true },
      [
        [1, true, "1"],
        [{ a: 1 }, { a: 2 }],
      ],
      [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      ],
    ],
  ])("%s", holds);
});
