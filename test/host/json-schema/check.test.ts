import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { SchemaCheck } from "../../../packages/host/src/json-schema/check.js";
import { verifies } from "../../requirements/verifies.js";

function told(schema: JsonObject, value: JsonValue): string[] {
  const result = new SchemaCheck(schema).check(value);
  if (result.type === "unchecked") return [`unchecked: ${result.reason}`];
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

  it(verifies("TOOL-009") + "that refers to itself for ever is given up", () => {
    expect(told({ $ref: "#" }, 1)).toEqual(["unchecked: it nests schemas over 100 deep"]);
    const doubling: JsonObject = { allOf: [{ $ref: "#" }, { $ref: "#" }] };
    expect(told(doubling, 1)).toEqual(["unchecked: it nests schemas over 100 deep"]);
  });

  it(verifies("TOOL-009") + "that multiplies its work is given up", () => {
    const doubling: JsonObject = { properties: { next: { allOf: [{ $ref: "#" }, { $ref: "#" }] } } };
    let chain: JsonValue = {};
    for (let depth = 0; depth < 20; depth += 1) chain = { next: chain };
    expect(told(doubling, chain)).toEqual(["unchecked: it would take over 50000 steps"]);
    const wide: JsonObject = { items: { allOf: Array.from({ length: 200 }, () => ({ type: "number" })) } };
    expect(
      told(
        wide,
        Array.from({ length: 1_000 }, () => 1),
      ),
    ).toEqual(["unchecked: it would take over 50000 steps"]);
  });

  it(verifies("TOOL-009") + "over 256 KiB is not used, nor is one nested beyond a stack", () => {
    expect(told({ enum: ["x".repeat(300_000)] }, 1)).toEqual(["unchecked: the schema is too large"]);
    let deep: JsonObject = {};
    for (let depth = 0; depth < 20_000; depth += 1) deep = { not: deep };
    expect(told(deep, 1).join()).toMatch(/^unchecked: /);
  });

  it(
    verifies("TOOL-009") +
      "with an expression that would take years is stopped by the engine, and it is not used again",
    () => {
      const check = new SchemaCheck({ pattern: "^(a+)+$" });
      const evil = `${"a".repeat(60)}b`;
      expect(check.check(evil)).toEqual({ type: "fits" });
      // Given up for good: what it would refuse quickly is let through now.
      expect(check.check("b")).toEqual({ type: "fits" });
      expect(new SchemaCheck({ pattern: "^(a+)+$" }).check("b")).toMatchObject({ type: "misfits" });
      const many = ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$"].map((pattern) => ({ pattern }));
      const several = new SchemaCheck({ allOf: [...many, { pattern: "^b" }] });
      expect(several.check(evil)).toEqual({ type: "fits" });
    },
  );

  it.each<[string, JsonObject, () => JsonValue]>([
    ["uniqueItems", { uniqueItems: true }, () => ["y".repeat(4_000_000)]],
    ["maxLength", { maxLength: 1 }, () => "x".repeat(4_000_000)],
    [
      "minProperties",
      { minProperties: 1 },
      () => Object.fromEntries(Array.from({ length: 200_000 }, (_, n) => [`k${n}`, n])),
    ],
    ["prefixItems", { prefixItems: [true] }, () => Array.from({ length: 2_000_000 }, () => 1)],
    ["a long reference", { $ref: `#/${"a/".repeat(30_000)}` }, () => 1],
    [
      "a large constant",
      { const: Array.from({ length: 20_000 }, (_, n) => n) },
      () => Array.from({ length: 20_000 }, (_, n) => n),
    ],
  ])("that asks thousands of times for %s of a large value is given up", (_, part, value) => {
    const schema = { part, allOf: Array.from({ length: 5_000 }, () => ({ $ref: "#/part" })) };
    expect(told(schema, value())).toEqual([expect.stringMatching(/^unchecked: it would take over/)]);
  });

  it("whose patterns are slow one by one, but not slow enough to be ended, is given up", () => {
    const schema = { items: { pattern: "^(a|b|ab)*c$" } };
    const values = Array.from({ length: 4_000 }, () => `${"ab".repeat(11)}!`);
    expect(told(schema, values)[0]).toMatch(/^unchecked: its patterns take too long/);
  });

  it(verifies("TOOL-009") + "tells at most ten problems, and nothing of the values", () => {
    const problems = told(
      { items: { type: "number" } },
      Array.from({ length: 50 }, () => "s3cr3t"),
    );
    expect(problems).toHaveLength(10);
    expect(problems.join()).not.toContain("s3cr3t");
  });
});
