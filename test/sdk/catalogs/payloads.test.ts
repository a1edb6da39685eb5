import type { SynapsKind } from "@synaps/sdk";
import { describeCatalog, synapsCatalog, synapsPayloads } from "@synaps/sdk/catalogs";
import {
  defineCatalog,
  type Catalog,
  type PayloadOf,
  type SynapsPayloads,
  type SynapsVerdicts,
} from "@synaps/sdk/protocol";
import { describe, expect, expectTypeOf, it } from "vitest";

/** What a schema says, without the index signature of an open object and with `?` for optional. */
type Declared<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T as string extends K ? never : K]: Declared<Exclude<T[K], undefined>> }
    : T;

type FromSchema<K extends SynapsKind> = Declared<PayloadOf<(typeof synapsPayloads)[K]>>;

/** Interfaces and type literals of the same fields are the same here. */
type Plain<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;

describe("the payloads of the synaps catalog", () => {
  it("have the same types in the schemas as in the declarations", () => {
    expectTypeOf<FromSchema<"before_tool_call">>().toEqualTypeOf<SynapsPayloads["before_tool_call"]>();
    expectTypeOf<FromSchema<"after_tool_call">>().toEqualTypeOf<SynapsPayloads["after_tool_call"]>();
    expectTypeOf<FromSchema<"before_message">>().toEqualTypeOf<SynapsPayloads["before_message"]>();
    expectTypeOf<FromSchema<"on_message_complete">>().toEqualTypeOf<SynapsPayloads["on_message_complete"]>();
    expectTypeOf<FromSchema<"on_compaction">>().toEqualTypeOf<SynapsPayloads["on_compaction"]>();
    expectTypeOf<FromSchema<"on_usage">>().toEqualTypeOf<Plain<SynapsPayloads["on_usage"]>>();
    expectTypeOf<FromSchema<"on_session_start">>().toEqualTypeOf<SynapsPayloads["on_session_start"]>();
    // Two declarations of any JSON: the same set, but not the same declaration.
    expectTypeOf<FromSchema<"on_session_end">>().toExtend<SynapsPayloads["on_session_end"]>();
    expectTypeOf<SynapsPayloads["on_session_end"]>().toExtend<FromSchema<"on_session_end">>();
  });

  it("cover every kind of the catalog and no other", () => {
    expectTypeOf<keyof typeof synapsPayloads>().toEqualTypeOf<SynapsKind>();
    expectTypeOf<keyof SynapsPayloads>().toEqualTypeOf<SynapsKind>();
    expect(Object.keys(synapsPayloads)).toEqual(Object.keys(synapsCatalog.kinds));
  });

  it("allow the verdicts that the table of actions allows", () => {
    type Allowed = { [K in SynapsKind]: (typeof synapsCatalog.kinds)[K]["actions"][number] };
    type Typed = { [K in SynapsKind]: SynapsVerdicts[K]["action"] };
    expectTypeOf<Typed>().toEqualTypeOf<Allowed>();
  });
});

describe("describeCatalog", () => {
  it("holds the declaration with the payloads that it is given, as plain JSON that is read back", () => {
    const described = describeCatalog(synapsCatalog, synapsPayloads);
    const json = JSON.parse(JSON.stringify(described)) as Catalog;
    expect(json).toEqual(described);
    expect(defineCatalog(json)).toEqual(described);
    expect(json.kinds["before_tool_call"]).toEqual({
      ...synapsCatalog.kinds.before_tool_call,
      payload: {
        type: "object",
        properties: { tool_name: { type: "string" } },
        required: ["tool_name"],
        additionalProperties: true,
      },
    });
  });

  it("leaves a kind without a payload as it is", () => {
    expect(describeCatalog(synapsCatalog)).toEqual(synapsCatalog);
  });
});
