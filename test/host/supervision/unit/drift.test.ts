import type { DeferredDeclarations } from "@synaps/sdk/manifest";
import { describe, expect, it } from "vitest";
import { declarationDrift, declaredBefore } from "../../../../packages/host/src/supervision/declared.js";
import { loadedExtension } from "./loaded-kit.js";

const TOOL = { name: "t", description: "d", input_schema: { type: "object", properties: {} } };
const MODEL = { id: "m", display_name: "M", capabilities: ["a"], context_window: 5 };
const PROVIDER = {
  id: "p",
  display_name: "P",
  description: "d",
  models: [MODEL, { id: "n" }],
  config_schema: { required: ["k"] },
};

interface Said {
  tools?: (typeof TOOL)[];
  providers?: object[];
}

const declared = ({ tools = [], providers = [] }: Said): DeferredDeclarations =>
  ({ tools, providers, context_providers: [] }) as unknown as DeferredDeclarations;

/** In what a running extension differs from what was declared. */
const drift = (before: Said, after: Said): unknown =>
  declarationDrift(declared(before), {
    tools: after.tools ?? [],
    providers: (after.providers ?? []) as never,
  });

const toolDrift = (change: object): unknown => drift({ tools: [TOOL] }, { tools: [{ ...TOOL, ...change }] });
const providerDrift = (change: object): unknown =>
  drift({ providers: [PROVIDER] }, { providers: [{ ...PROVIDER, ...change }] });

describe("declarations before a start", () => {
  it("are those of a lazy manifest, and none of an eager one", () => {
    const deferred = declared({ tools: [TOOL], providers: [PROVIDER] });
    const before = declaredBefore(loadedExtension({}, { deferred, activation: "user" as never }));
    expect(before).toEqual({ tools: [TOOL], providers: [PROVIDER], capabilities: [] });
    expect(before?.providers[0]?.models).not.toBe(PROVIDER.models);
    expect(declaredBefore(loadedExtension({}, { deferred, activation: "eager" }))).toBeUndefined();
    const none = { deferred: undefined, activation: "user" as never };
    expect(declaredBefore(loadedExtension({}, none))).toBeUndefined();
  });
});

describe("a drift of tools", () => {
  it("is none when they say the same, in any order, whatever else a process tells", () => {
    const other = { ...TOOL, name: "u" };
    const reordered = { ...TOOL, input_schema: { properties: {}, type: "object" }, idempotent: true };
    expect(drift({ tools: [TOOL, other] }, { tools: [other, reordered] })).toBeUndefined();
    expect(drift({}, {})).toBeUndefined();
  });

  it("is a tool that is missing or new", () => {
    const other = { ...TOOL, name: "u" };
    expect(drift({ tools: [TOOL, other] }, { tools: [TOOL] })).toEqual({ kind: "tool_missing", name: "u" });
    expect(drift({ tools: [TOOL] }, { tools: [TOOL, other] })).toEqual({ kind: "tool_unlisted", name: "u" });
  });

  it("is another schema or another description", () => {
    expect(toolDrift({ input_schema: { type: "string" } })).toEqual({ kind: "tool_schema", name: "t" });
    expect(toolDrift({ description: "D" })).toEqual({ kind: "tool_description", name: "t" });
    expect(toolDrift({})).toBeUndefined();
  });
});

describe("a drift of providers", () => {
  it("is none when they say the same of what a manifest can declare", () => {
    const models = [
      { ...MODEL, other: 1 },
      { id: "n", display_name: null, capabilities: null },
    ];
    expect(providerDrift({ models, other: 1 })).toBeUndefined();
    const bare = { id: "p", models: [] };
    expect(
      drift({ providers: [bare] }, { providers: [{ ...bare, models: undefined, description: null }] }),
    ).toBeUndefined();
  });

  it("is a provider that is missing or new", () => {
    const other = { ...PROVIDER, id: "q" };
    expect(drift({ providers: [PROVIDER, other] }, { providers: [PROVIDER] })).toEqual({
      kind: "provider",
      name: "q",
    });
    expect(drift({ providers: [PROVIDER] }, { providers: [PROVIDER, other] })).toEqual({
      kind: "provider",
      name: "q",
    });
    expect(drift({ providers: [PROVIDER, other] }, { providers: [other, PROVIDER] })).toBeUndefined();
  });

  it("is any other value of what a manifest can declare", () => {
    const model = (change: object): object => ({ models: [{ ...MODEL, ...change }, { id: "n" }] });
    for (const change of [
      { display_name: "Q" },
      { display_name: undefined },
      { description: "D" },
      { description: undefined },
      { config_schema: {} },
      { config_schema: undefined },
      { models: [{ id: "n" }, MODEL] },
      { models: [MODEL] },
      { models: "m" },
      model({ id: "o" }),
      model({ id: undefined }),
      model({ display_name: "N" }),
      model({ display_name: undefined }),
      model({ capabilities: [] }),
      model({ capabilities: undefined }),
      model({ context_window: 6 }),
      model({ context_window: undefined }),
      { models: [MODEL, { id: "n", context_window: 0 }] },
      { models: [MODEL, null] },
    ])
      expect([change, providerDrift(change)]).toEqual([change, { kind: "provider", name: "p" }]);
  });

  it("comes after one of tools", () => {
    expect(drift({ tools: [TOOL], providers: [PROVIDER] }, {})).toEqual({ kind: "tool_missing", name: "t" });
  });
});
