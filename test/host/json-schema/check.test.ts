import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { SchemaCheck } from "../../../packages/host/src/json-schema/check.js";
import { verifies } from "../../requirements/verifies.js";

function told(schema: JsonObject, value: JsonValue): string[] {
  const result = new SchemaCheck(schema).check(value);
  return result.type === "fits" ? [] : result.problems.map(({ pointer, message }) => `${pointer} ${message}`);
}

const weather: JsonObject = {
  type: "object",
  required: ["city"],
  additionalProperties: false,
  properties: {
    city: { type: "string", minLength: 1, maxLength: 5, pattern: "^[A-Z]" },
    days: { type: "integer", minimum: 1, exclusiveMaximum: 8 },
    unit: { enum: ["C", "F"] },
    tags: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 2, uniqueItems: true },
    at: { anyOf: [{ type: "string" }, { type: "number", multipleOf: 0.5 }] },
    "a/b~c": { const: null },
  },
};

it.each<[JsonValue, string[]]>([
  [{ city: "Oslo" }, []],
  [{ city: "Oslo", days: 7, unit: "C", tags: ["a", "b"], at: 1.5, "a/b~c": null }, []],
  [[], [" must be an object"]],
  [{}, [" 'city' is missing"]],
  [{ city: 5 }, ["/city must be a string"]],
  [{ city: "" }, ["/city must have at least 1 characters", '/city must match the pattern "^[A-Z]"']],
  [{ city: "Göteborg" }, ["/city must have at most 5 characters"]],
  [{ city: "😀😀😀😀😀" }, ['/city must match the pattern "^[A-Z]"']],
  [{ city: "Oslo", days: 1.5 }, ["/days must be a whole number"]],
  [{ city: "Oslo", days: 0 }, ["/days must be at least 1"]],
  [{ city: "Oslo", days: 8 }, ["/days must be less than 8"]],
  [{ city: "Oslo", unit: "K" }, ['/unit must be one of: "C", "F"']],
  [{ city: "Oslo", tags: [] }, ["/tags must have at least 1 items"]],
  [{ city: "Oslo", tags: ["a", 1, "b"] }, ["/tags/1 must be a string", "/tags must have at most 2 items"]],
  [{ city: "Oslo", tags: ["a", "a"] }, ["/tags must not have an item twice"]],
  [{ city: "Oslo", at: 0.3 }, ["/at fits none of the 2 forms that are allowed"]],
  [{ city: "Oslo", "a/b~c": 1 }, ["/a~1b~0c must be null"]],
  [{ city: "Oslo", town: "x" }, ["/town is not a known property"]],
])(verifies("TOOL-008") + "an input %j is told what does not fit: %j", (value, problems) => {
  expect(told(weather, value)).toEqual(problems);
});

describe("a schema", () => {
  it(verifies("TOOL-009") + "that makes no sense checks nothing and breaks nothing", () => {
    const strange: JsonObject = {
      type: "tuple",
      properties: 5,
      required: "city",
      items: 7,
      anyOf: {},
      pattern: "[",
      minimum: "1",
      $ref: 4,
      additionalProperties: { $ref: "#/nowhere" },
      patternProperties: 5,
      uniqueItems: "yes",
      enum: "x",
      format: "date",
      dependentRequired: [],
    };
    for (const value of [null, 1, "x", [1, 1], { a: 1 }] as JsonValue[])
      expect(told(strange, value)).toEqual([]);
  });

  it(verifies("TOOL-009") + "fetches nothing: a reference to another document says nothing", () => {
    expect(told({ $ref: "https://example.org/schema.json" }, 5)).toEqual([]);
    expect(told({ $ref: "file:///etc/passwd" }, 5)).toEqual([]);
  });

  it(verifies("TOOL-008") + "may refer to its own parts", () => {
    const tree: JsonObject = {
      $ref: "#/$defs/node",
      $defs: {
        node: { type: "object", properties: { value: { type: "number" }, next: { $ref: "#/$defs/node" } } },
      },
    };
    expect(told(tree, { value: 1, next: { value: 2, next: { value: "3" } } })).toEqual([
      "/next/next/value must be a number",
    ]);
  });

  it.each<[string, JsonObject]>([
    ["by a reference", { $ref: "#" }],
    ["by two", { allOf: [{ $ref: "#" }, { $ref: "#" }] }],
    ["by way of a part", { $ref: "#/$defs/a", $defs: { a: { anyOf: [{ type: "null" }, { $ref: "#" }] } } }],
  ])(
    verifies("TOOL-009") + "that applies itself to the same value for ever, %s, is not used",
    (_, schema) => {
      const check = new SchemaCheck(schema);
      expect(check.unchecked).toEqual(["the whole schema (it applies itself to the same value without end)"]);
      expect(check.check(1)).toEqual({ type: "fits" });
    },
  );

  it(verifies("TOOL-009") + "over 256 KiB is not used, nor is one nested beyond a stack", () => {
    const large = new SchemaCheck({ enum: ["x".repeat(300_000)] });
    expect(large.unchecked).toEqual(["the whole schema (it is over 256 KiB)"]);
    let deep: JsonObject = {};
    for (let depth = 0; depth < 20_000; depth += 1) deep = { not: deep };
    expect(new SchemaCheck(deep).unchecked).toEqual(["the whole schema (it is nested too deep)"]);
  });

  it(verifies("TOOL-020") + "holds for a value of any size", () => {
    const schema: JsonObject = {
      properties: { command: { enum: ["ls"] }, pad: { items: { type: "number" } } },
      additionalProperties: false,
    };
    const pad = Array.from({ length: 60_000 }, () => 0);
    expect(told(schema, { command: "ls", pad })).toEqual([]);
    expect(told(schema, { command: "rm", pad })).toEqual(['/command must be one of: "ls"']);
    expect(told(schema, { command: "ls", pad: [...pad, "x"] })).toEqual(["/pad/60000 must be a number"]);
  });

  it(verifies("TOOL-020") + "holds for a value as deep as a message may be", () => {
    const nested: JsonObject = { items: { $ref: "#" }, not: { const: "rm" } };
    let value: JsonValue = "rm";
    for (let depth = 0; depth < 511; depth += 1) value = [value];
    expect(told(nested, value)).toHaveLength(1);
  });

  const LATE = [expect.stringMatching(/^ could not be checked against the schema within \d+ ms$/)];

  it.each<[string, JsonObject, () => JsonValue]>([
    [
      "a doubling reference",
      { properties: { next: { allOf: [{ $ref: "#" }, { $ref: "#" }] } } },
      () => Array.from({ length: 40 }).reduce<JsonValue>((next) => ({ next }), {}),
    ],
    ["an expression that would take years", { pattern: "^(a+)+$" }, () => `${"a".repeat(60)}b`],
    [
      "such an expression for names",
      { patternProperties: { "^(a|a)*$": true } },
      () => ({ [`${"a".repeat(60)}b`]: 1 }),
    ],
    [
      "thousands of slow expressions",
      { items: { pattern: "^(a|b|ab)*c$" } },
      () => Array.from({ length: 40_000 }, () => `${"ab".repeat(11)}!`),
    ],
    [
      "thousands of looks at a large value",
      { part: { uniqueItems: true }, allOf: Array.from({ length: 5_000 }, () => ({ $ref: "#/part" })) },
      () => Array.from({ length: 20_000 }, (_, n) => n),
    ],
  ])(verifies("TOOL-020") + "with %s lets nothing pass that it had no time for", (_, schema, value) => {
    expect(told(schema, value())).toEqual(LATE);
  });

  it(verifies("TOOL-020") + "gets less time after each check that came to nothing, and the time back", () => {
    const check = new SchemaCheck({ pattern: "^(a+)+$" });
    const givenMs = (): number => {
      const result = check.check(`${"a".repeat(60)}b`);
      return Number(/within (\d+) ms/.exec(JSON.stringify(result))?.[1]);
    };
    expect([givenMs(), givenMs(), givenMs()]).toEqual([150, 75, 38]);
    for (let n = 0; n < 3; n += 1) expect(check.check("aa")).toEqual({ type: "fits" });
    expect(givenMs()).toBe(150);
  });

  it(
    verifies("TOOL-021") + "names everything in it that checks nothing, and no word that no draft knows",
    () => {
      const { unchecked } = new SchemaCheck({
        $schema: "https://json-schema.org/draft/2020-12/schema",
        "x-order": 1,
        example: { pattern: "[" },
        properties: {
          mail: { type: "string", format: "email", pattern: "[" },
          format: { $ref: "https://example.org/schema.json" },
          picture: { contentEncoding: "base64", enum: [{ $ref: "#/nothing" }] },
          far: { $ref: "#/$defs/nowhere" },
        },
      });
      expect([...unchecked].sort()).toEqual([
        "the keyword 'contentEncoding'",
        "the keyword 'format'",
        "the pattern '['",
        "the reference '#/$defs/nowhere'",
        "the reference 'https://example.org/schema.json'",
      ]);
    },
  );

  it(verifies("TOOL-009") + "tells at most ten problems, and nothing of the values", () => {
    const problems = told(
      { items: { type: "number" } },
      Array.from({ length: 50 }, () => "s3cr3t"),
    );
    expect(problems).toHaveLength(10);
    expect(problems.join()).not.toContain("s3cr3t");
  });
});
