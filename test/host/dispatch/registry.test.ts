import { defineCatalog, synapsCatalog, type Catalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { subscriptionsOf } from "../../../packages/host/src/dispatch/from-manifest.js";
import { SubscriptionRegistry } from "../../../packages/host/src/dispatch/registry.js";
import type { LoadedExtension } from "../../../packages/host/src/loading/manifest/loaded.js";
import { members } from "../../helpers/chain-kit.js";

const one = (name: string, priority = 0, kind = "before_tool_call") =>
  members({ name, priority, kind }).subscriptions;
const order = (registry: SubscriptionRegistry): string[] =>
  registry.of("before_tool_call").map(({ extension }) => extension);

describe("order of asking", () => {
  it("is by priority, then by folder name byte for byte, then by manifest", () => {
    const registry = new SubscriptionRegistry([synapsCatalog]);
    registry.add(one("b"), "b");
    registry.add([...one("a1"), ...one("a2", -100)], "a");
    registry.add(one("B"), "B");
    registry.add(one("é"), "é");
    registry.add(one("z"), "z");
    registry.add(one("last", 2_147_483_647), "A");
    registry.add(one("program"), undefined);
    registry.add(one("program2"), undefined);
    expect(order(registry)).toEqual(["a2", "program", "program2", "B", "a1", "b", "z", "é", "last"]);
  });

  it("does not depend on the order in which extensions finish loading", () => {
    const forward = new SubscriptionRegistry([synapsCatalog]);
    const backward = new SubscriptionRegistry([synapsCatalog]);
    for (const name of ["a", "b", "c"]) forward.add(one(name), name);
    for (const name of ["c", "b", "a"]) backward.add(one(name), name);
    expect(order(forward)).toEqual(order(backward));
  });
});

it("tells of decisions on gates alone, and only while somebody listens", () => {
  const registry = new SubscriptionRegistry([synapsCatalog]);
  expect(registry.tellsOf("before_tool_call")).toBe(false);
  registry.add(one("a", 0, "on_decision"), "a");
  const kinds = ["before_tool_call", "on_usage", "on_session_end", "on_decision", "unknown", undefined, {}];
  expect(kinds.filter((kind) => registry.tellsOf(kind))).toEqual(["before_tool_call"]);
});

describe("the lists", () => {
  it("are frozen, and the same until something changes", () => {
    const registry = new SubscriptionRegistry([synapsCatalog]);
    registry.add(one("a"), "a");
    const before = registry.of("before_tool_call");
    expect(registry.of("before_tool_call")).toBe(before);
    expect(Object.isFrozen(before)).toBe(true);
    registry.add(one("b"), "b");
    expect(before).toHaveLength(1);
    expect(registry.of("before_tool_call")).toHaveLength(2);
    expect(registry.of("on_usage")).toEqual([]);
  });

  it("tell of what a replacement leaves out, and of a name that now stands for another kind", () => {
    const told: string[] = [];
    const registry = new SubscriptionRegistry(
      [synapsCatalog],
      ({ id, kind }) => void told.push(`${id} ${kind}`),
    );
    const named = (id: string, kind?: string) => one("a", 0, kind).map((given) => ({ ...given, id }));
    const before = [...named("stays"), ...named("goes"), ...named("other")];
    registry.add(before, "x");
    registry.replace(before, [...named("stays"), ...named("other", "after_tool_call")], "x");
    expect(told).toEqual(["goes before_tool_call", "other before_tool_call"]);
    expect(registry.count()).toBe(2);
  });

  it("lose what is removed, which is counted and told once", () => {
    const told: string[] = [];
    const registry = new SubscriptionRegistry([synapsCatalog], ({ extension }) => void told.push(extension));
    registry.add([...one("a"), ...one("a", 0, "after_tool_call"), ...one("b")], "x");
    const gone = [...registry.ownedBy("a")];
    expect(registry.remove(gone)).toBe(2);
    expect([
      registry.count(),
      [...registry.ownedBy("a")],
      registry.of("before_tool_call").map(({ extension }) => extension),
    ]).toEqual([1, [], ["b"]]);
    expect([registry.remove(gone), told]).toEqual([0, ["a", "a"]]);
  });
});

describe("kinds", () => {
  const other = defineCatalog({
    name: "gateway",
    chain: "rewrite_then_veto",
    kinds: { "gateway.connection": { ...synapsCatalog.kinds.before_tool_call } },
  });

  it("come from all catalogs, each with its catalog's policy", () => {
    const registry = new SubscriptionRegistry([synapsCatalog, other]);
    expect(() => registry.route("nope")).toThrow("No catalog has the hook kind 'nope'");
    const kinds = ["gateway.connection", "before_tool_call"];
    for (const kind of kinds) registry.add(one("a", 0, kind), undefined);
    const policies = kinds.map((kind) => registry.route(kind).chain);
    expect(policies).toEqual(["rewrite_then_veto", "first_decision"]);
    expect(registry.kind("gateway.connection").permission).toBe("tools.intercept");
  });

  it("that nobody declares are refused with the known ones named", () => {
    const registry = new SubscriptionRegistry([synapsCatalog]);
    expect(() => registry.kind("on_usge")).toThrow(
      expect.objectContaining({ code: "EVENT_UNKNOWN_KIND", hint: expect.stringContaining("on_usage") }),
    );
  });

  it("may be declared once only", () => {
    expect(() => new SubscriptionRegistry([synapsCatalog, { ...synapsCatalog, name: "copy" }])).toThrow(
      expect.objectContaining({
        code: "CATALOG_CONFLICT",
        message: expect.stringContaining("before_tool_call"),
      }),
    );
  });
});

describe("catalogs", () => {
  const mine = (sentence: string, name: string): Catalog => ({
    name,
    chain: "first_decision",
    permissions: { "mine.see": sentence },
    kinds: {
      [`${name}.x`]: {
        ...synapsCatalog.kinds.before_tool_call,
        permission: "mine.see",
        chain: "rewrite_then_veto",
      },
    },
  });

  it("may share a permission only if they say the same of it", () => {
    expect(() => new SubscriptionRegistry([mine("See", "a"), mine("See", "b")])).not.toThrow();
    expect(() => new SubscriptionRegistry([mine("See", "a"), mine("See all", "b")])).toThrow(
      expect.objectContaining({
        code: "CATALOG_CONFLICT",
        message: "Two catalogs describe the permission 'mine.see' differently",
      }),
    );
  });

  it("may give one kind a policy of its own", () => {
    expect(new SubscriptionRegistry([mine("See", "a")]).route("a.x").chain).toBe("rewrite_then_veto");
  });
});

describe("subscriptions of a manifest", () => {
  const target = {
    id: "x",
    health: "running",
    restartCount: 0,
    hand: () => {},
  };
  const catalogs: readonly Catalog[] = [synapsCatalog];
  const of = (hooks: unknown[]) =>
    subscriptionsOf(
      { id: "x", section: { hooks }, permissions: new Set() } as unknown as LoadedExtension,
      target,
      catalogs,
    );

  it("have the hook's id or a counted one, and the kind's defaults", () => {
    const list = of([
      { hook: "before_tool_call" },
      { hook: "before_tool_call", id: "mine" },
      { hook: "before_tool_call" },
      { hook: "on_usage" },
    ]);
    expect(list.map(({ id }) => id)).toEqual([
      "before_tool_call#1",
      "mine",
      "before_tool_call#3",
      "on_usage#1",
    ]);
    expect(list[0]).toMatchObject({
      priority: 0,
      phase: undefined,
      closed: false,
      deadlineMs: 5_000,
      filter: {},
    });
  });

  it("carry what the manifest sets", () => {
    const [subscription] = of([
      {
        hook: "before_tool_call",
        priority: "high",
        phase: "veto",
        on_failure: "closed",
        timeout_ms: 7,
        tool: "a",
        tools: ["b*"],
        match: { input_contains: "x", input_equals: null },
      },
    ]);
    expect(subscription).toMatchObject({
      priority: -100,
      phase: "veto",
      closed: true,
      deadlineMs: 7,
      filter: { tool: "a", tools: ["b*"], inputContains: "x", inputEquals: { value: null } },
    });
  });

  it("with an empty list of tools match no tool at all", () => {
    expect(of([{ hook: "before_tool_call", tools: [] }])[0]?.filter).toEqual({ tools: [] });
    expect(of([{ hook: "before_tool_call", tool: null, match: null }])[0]?.filter).toEqual({});
    expect(of([{ hook: "before_tool_call", tool: "a*" }])[0]?.filter).toEqual({ tool: "a*" });
    expect(of([{ hook: "before_tool_call", match: {} }])[0]?.filter).toEqual({});
  });
});
