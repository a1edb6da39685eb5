import {
  defineCatalog,
  isAbstentionReason,
  isPermission,
  isProtocolVersion,
  knownFeatures,
  prefixOfBytes,
  synapsCatalog,
  type Catalog,
  type HookKindSpec,
} from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";

const SPEC: HookKindSpec = {
  permission: "tools.intercept",
  toolFilter: false,
  actions: ["continue", "block"],
  delivery: "gate",
  canFailClosed: true,
  since: 1,
  deadlineMs: 1_000,
  description: "Something happens",
};

function catalogOf(change: Partial<HookKindSpec>): Catalog {
  return { name: "sample", chain: "first_decision", kinds: { "sample.event": { ...SPEC, ...change } } };
}

describe("defineCatalog", () => {
  it("freezes the catalog down to its kinds", () => {
    const catalog = defineCatalog(catalogOf({}));
    expect([catalog, catalog.kinds, catalog.kinds["sample.event"]].every(Object.isFrozen)).toBe(true);
  });

  it.each<[Partial<HookKindSpec>, string]>([
    [{ actions: ["block"] }, "its actions must include 'continue'"],
    [{ actions: ["continue", "modify"] }, "'modify' and the field it modifies must be given together"],
    [{ modifies: "data" }, "'modify' and the field it modifies must be given together"],
    [{ actions: ["continue", "replace"] }, "'replace' and the field it replaces must be given together"],
    [
      { actions: ["continue", "modify"], modifies: "tool_name" as never },
      "'tool_name' cannot be changed: tool_input, tool_output, message, data can",
    ],
    [{ actions: ["continue", "replace"], replaces: "data" }, "'replace' needs a field that is a text"],
    [{ deadlineMs: 0 }, "its deadline must be 1 to 60000 ms"],
    [{ deadlineMs: 60_001 }, "its deadline must be 1 to 60000 ms"],
    [{ deadlineMs: Number.NaN }, "its deadline must be 1 to 60000 ms"],
    [{ delivery: "observe" }, "only a gate may allow more than 'continue'"],
  ])("refuses %j", (change, rule) => {
    expect(() => defineCatalog(catalogOf(change))).toThrow(
      new TypeError(`Hook kind 'sample.event' of catalog 'sample': ${rule}.`),
    );
  });

  it("refuses a catalog without a name", () => {
    expect(() => defineCatalog({ ...catalogOf({}), name: " " })).toThrow("A catalog needs a name.");
  });

  it("has the synaps catalog consistent with its own rules", () => {
    expect(() => defineCatalog(structuredClone(synapsCatalog) as Catalog)).not.toThrow();
  });
});

describe("small guards", () => {
  it.each([isPermission, isAbstentionReason])("do not take what every object inherits (%o)", (guard) => {
    expect([guard("constructor"), guard("toString"), guard("__proto__")]).toEqual([false, false, false]);
  });

  it("know versions and features", () => {
    expect([0, 1, 2, 3, 4, "1", null].map(isProtocolVersion)).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(knownFeatures(["ping", "telepathy", "meta", 5])).toEqual(["meta", "ping"]);
    expect([knownFeatures(undefined), knownFeatures("ping"), knownFeatures({})]).toEqual([[], [], []]);
  });
});

describe("prefixOfBytes", () => {
  it("never cuts a code point and never exceeds the limit", () => {
    const text = "aü☃🦀z";
    for (let limit = 0; limit <= 12; limit += 1) {
      const prefix = prefixOfBytes(text, limit);
      expect(text.startsWith(prefix)).toBe(true);
      expect(Buffer.byteLength(prefix)).toBeLessThanOrEqual(limit);
      expect(prefix).not.toContain("\ufffd");
    }
    expect(prefixOfBytes(text, Buffer.byteLength(text))).toBe(text);
  });
});
