import {
  anything,
  binary,
  defineCatalog,
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
  type JsonValue,
  type PayloadOf,
  type PayloadSchema,
  type SeenPayloadOf,
} from "@synaps/sdk/protocol";
import { describe, expect, expectTypeOf, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";

const message = object(
  {
    sender: nullable(binary(32)),
    seq: u64(),
    size: whole({ minimum: 0 }),
    ratio: number(),
    side: oneOfTexts("in", "out"),
    way: nullable(oneOfTexts("up", "down")),
    tags: list(text({ maxLength: 20 })),
    secret: metadataOnly(flag()),
    bag: anything(),
    note: text({ description: "Free text" }),
  },
  { optional: ["note"] },
);

describe(verifies("CATALOG-002") + "a payload is its own TypeScript type", () => {
  it("for the program that raises an event", () => {
    expectTypeOf<PayloadOf<typeof message>>().toEqualTypeOf<{
      sender: string | null;
      seq: string;
      size: number;
      ratio: number;
      side: "in" | "out";
      way: "up" | "down" | null;
      tags: string[];
      secret: boolean;
      bag: JsonValue;
      note?: string;
    }>();
  });

  it("for those who see it: nothing that stays in the host", () => {
    expectTypeOf<keyof SeenPayloadOf<typeof message>>().toEqualTypeOf<
      Exclude<keyof PayloadOf<typeof message>, "secret">
    >();
    const nested = list(message);
    expectTypeOf<SeenPayloadOf<typeof nested>[number]["side"]>().toEqualTypeOf<"in" | "out">();
    expectTypeOf<SeenPayloadOf<typeof nested>[number]>().not.toHaveProperty("secret");
  });

  it("also when it is written as plain JSON Schema", () => {
    const { kinds } = defineCatalog({
      name: "sample",
      chain: "first_decision",
      kinds: {
        "sample.event": {
          permission: "session.lifecycle",
          toolFilter: false,
          actions: ["continue"],
          delivery: "observe",
          canFailClosed: false,
          since: 3,
          deadlineMs: 1_000,
          description: "Something happened",
          payload: {
            type: "object",
            properties: {
              data: { type: "object", properties: { n: { type: ["integer", "null"] } }, required: ["n"] },
            },
            required: ["data"],
          },
        },
      },
    });
    type Payload = PayloadOf<(typeof kinds)["sample.event"]["payload"]>;
    expectTypeOf<Payload["data"]["n"]>().toEqualTypeOf<number | null>();
  });

  it("and any JSON where the compiler does not know the schema", () => {
    expectTypeOf<PayloadOf<PayloadSchema>>().toEqualTypeOf<JsonValue>();
  });
});

describe("the constructors", () => {
  it("make plain JSON Schema", () => {
    expect(JSON.parse(JSON.stringify(message))).toEqual({
      type: "object",
      properties: {
        sender: { type: ["string", "null"], contentEncoding: "base64", bytes: 32 },
        seq: { type: "string", format: "uint64" },
        size: { type: "integer", minimum: 0 },
        ratio: { type: "number" },
        side: { type: "string", enum: ["in", "out"] },
        way: { type: ["string", "null"], enum: ["up", "down", null] },
        tags: { type: "array", items: { type: "string", maxLength: 20 } },
        secret: { type: "boolean", metadataOnly: true },
        bag: {},
        note: { type: "string", description: "Free text" },
      },
      required: ["sender", "seq", "size", "ratio", "side", "way", "tags", "secret", "bag"],
      additionalProperties: false,
    });
  });

  it("let an object be open, and say what it is for", () => {
    expect(object({}, { open: true, description: "Anything" })).toEqual({
      type: "object",
      properties: {},
      required: [],
      additionalProperties: true,
      description: "Anything",
    });
  });
});
