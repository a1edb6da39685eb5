import {
  binary,
  flag,
  list,
  metadataOnly,
  nullable,
  number,
  object,
  oneOfTexts,
  text,
  u64,
  whole,
  type JsonObject,
  type PayloadSchema,
} from "@synaps/sdk/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SchemaCheck } from "../../../packages/host/src/json-schema/check.js";
import { decodedBytes } from "../../../packages/host/src/json-schema/payload/binary.js";
import { compile } from "../../../packages/host/src/json-schema/payload/compile.js";
import { concealIn } from "../../../packages/host/src/json-schema/payload/conceal.js";
import { verifies } from "../../requirements/verifies.js";

const told = (schema: PayloadSchema, value: unknown): string | undefined => {
  const found = compile(schema)(value);
  return found && `/${found.path.toReversed().join("/")} ${found.why}`;
};
const base64 = (bytes: number): string => Buffer.alloc(bytes, 7).toString("base64");

describe("a payload schema", () => {
  it.each<[PayloadSchema, unknown, string | undefined]>([
    [text(), "x", undefined],
    [text(), 1, "/ must be a text, not a number"],
    [text({ minLength: 2 }), "x", "/ must have at least 2 characters, not 1"],
    [text({ maxLength: 2 }), "xyz", "/ must have at most 2 characters, not 3"],
    [nullable(text()), null, undefined],
    [nullable(text()), [], "/ must be a text or null, not a list"],
    [whole(), 2, undefined],
    [whole(), 2.5, "/ must be a whole number within 2^53"],
    [whole(), 2 ** 53, "/ must be a whole number within 2^53"],
    [number({ minimum: 0, maximum: 1 }), 0.5, undefined],
    [number({ minimum: 0 }), -1, "/ must be at least 0"],
    [number({ maximum: 1 }), 2, "/ must be at most 1"],
    [flag(), "true", "/ must be true or false, not a text"],
    [oneOfTexts("in", "out"), "out", undefined],
    [oneOfTexts("in", "out"), "up", '/ must be "in", "out"'],
    [nullable(oneOfTexts("in")), null, undefined],
    [{ const: 3 }, 4, "/ must be 3"],
    [list(flag()), [true, 1], "/1 must be true or false, not a number"],
    [list(flag(), { minItems: 1 }), [], "/ must have at least 1 items, not 0"],
    [list(flag(), { maxItems: 1 }), [true, true], "/ must have at most 1 items, not 2"],
    [object({ a: text() }), {}, "/a is missing"],
    [object({ a: text() }), JSON.parse('{"__proto__":{"a":"x"}}'), "/a is missing"],
    [object({ a: text() }, { optional: ["a"] }), {}, undefined],
    [object({ a: text() }), { a: "x", aa: 1 }, "/aa there is no 'aa'; did you mean 'a'?"],
    [object({ a: text() }), { a: "x", other: null }, undefined],
    [object({ a: text() }, { open: true }), { a: "x", other: 1 }, undefined],
    [
      object({ a: list(object({ b: u64() })) }),
      { a: [{ b: "1" }, { b: "x" }] },
      "/a/1/b must be a whole number from 0 to 2^64-1 in decimal digits",
    ],
    [{}, { anything: [1] }, undefined],
  ])("%j of %j", (schema, value, complaint) => {
    expect(told(schema, value)).toBe(complaint);
  });

  it(verifies("FLD-020") + ": binary is base64 of a declared length", () => {
    expect(told(binary(32), base64(32))).toBeUndefined();
    expect(told(binary(32), base64(31))).toBe("/ must be base64 of 32 bytes, and stands for 31");
    expect(told(binary([0, 32]), base64(5))).toBe("/ must be base64 of 0 or 32 bytes, and stands for 5");
    expect(told(binary({ min: 1, max: 3 }), "")).toBe("/ must be base64 of 1 to 3 bytes, and stands for 0");
    expect(told(binary(), base64(1_000_000))).toBeUndefined();
    for (const wrong of ["a", "abc", "ab=c", "ab-_", "a===", "====", "abcd\n", "äbcd", "ab c", "abcdé==="])
      expect(told(binary(), wrong)).toBe("/ must be base64");
    const late = `${base64(3_000_000)}!!!!`;
    expect(told(binary(), late)).toBe("/ must be base64");
  });

  it("counts bytes as the decoder of Node does", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodedBytes(Buffer.from(bytes).toString("base64"))).toBe(bytes.length);
      }),
    );
  });

  it("takes no foreign character in a long text for one of base64, wherever it stands", () => {
    const head = "A".repeat(256);
    const taken: string[] = [];
    // Node's decoder cuts wide characters to a byte: U+012B is a '+' to it.
    for (let code = 0; code < 0x300; code += 1) {
      const character = String.fromCharCode(code);
      if (/[A-Za-z0-9+/]/.test(character)) continue;
      for (const text of [`${character}AAA`, `A${character}AA`, `AA${character}A`, `AAA${character}`]) {
        if (decodedBytes(head + text) !== undefined && text !== "AAA=") taken.push(text);
        if (decodedBytes(head + text + head) !== undefined) taken.push(text);
      }
    }
    expect(taken).toEqual([]);
    expect([decodedBytes(`${head}AAA=`), decodedBytes(`${head}AA==`)]).toEqual([194, 193]);
  });

  it("takes a long text for base64 exactly when each of its characters is in the alphabet", () => {
    const long = Buffer.alloc(60_000, "a long text ").toString("base64");
    const pieces = fc.constantFrom(
      "A",
      "/",
      "+",
      "-",
      "_",
      "=",
      "==",
      "\n",
      " ",
      "\0",
      "é",
      "Ł",
      "\u{1F600}",
    );
    fc.assert(
      fc.property(fc.nat(long.length), pieces, fc.nat(3), (at, piece, cut) => {
        const text = long.slice(0, at) + piece + long.slice(at + piece.length + cut);
        const isRight = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
        expect(decodedBytes(text) !== undefined).toBe(isRight);
      }),
    );
  });

  it(verifies("FLD-021") + ": a u64 is a decimal text from 0 to 2^64-1", () => {
    for (const right of ["0", "7", "18446744073709551615", "9999999999999999999"])
      expect(told(u64(), right)).toBeUndefined();
    for (const wrong of [
      "",
      "-1",
      "01",
      "1.0",
      "1e3",
      "18446744073709551616",
      "99999999999999999999",
      " 1",
      "٣",
      "1\n",
    ])
      expect(told(u64(), wrong)).toBe("/ must be a whole number from 0 to 2^64-1 in decimal digits");
    expect(told(u64(), 7)).toBe("/ must be a text, not a number");
  });

  it("agrees with the full checker about the keywords that both have", () => {
    const scalar = fc.constantFrom<PayloadSchema>(
      { type: "string", minLength: 1, maxLength: 2 },
      { type: ["integer", "null"], minimum: 0 },
      { type: "boolean" },
      { enum: ["a", 1, null] },
      { const: true },
      {},
    );
    const schemas = fc.oneof(
      scalar,
      scalar.map((items): PayloadSchema => ({ type: "array", items, minItems: 1, maxItems: 2 })),
      fc
        .record({ a: scalar, b: scalar })
        .map((properties): PayloadSchema => ({ type: "object", properties, required: ["a"] })),
    );
    const leaf = fc.oneof(
      fc.constantFrom("", "a", "b", "abc", null, true, false),
      fc.integer({ min: -2, max: 2 }),
      fc.constant(0.5),
    );
    const values = fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "c"), leaf),
    );
    fc.assert(
      fc.property(schemas, values, (schema, value) => {
        const full = new SchemaCheck(schema as JsonObject).check(value);
        expect(told(schema, value) === undefined).toBe(full.type === "fits");
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("members that are metadata only", () => {
  it("are taken out wherever they stand, and everything else stays", () => {
    const conceal = concealIn(
      object({
        name: text(),
        token: metadataOnly(text()),
        peers: list(object({ id: text(), key: metadataOnly(binary()) })),
      }),
    );
    const value = {
      name: "n",
      token: "t",
      peers: [
        { id: "1", key: "AAAA" },
        { id: "2", key: "AAAA" },
      ],
      more: 1,
    };
    const before = structuredClone(value);
    expect(conceal?.(value)).toEqual({ name: "n", peers: [{ id: "1" }, { id: "2" }], more: 1 });
    expect(value).toEqual(before);
    expect(concealIn(object({ a: list(text()) }))).toBeUndefined();
  });
});
