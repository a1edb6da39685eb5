import { synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { Route, type Concerned } from "../../../packages/host/src/dispatch/route.js";
import type { Filter } from "../../../packages/host/src/dispatch/subscription.js";
import { members } from "../../helpers/chain-kit.js";

const KIND = "before_tool_call";
const routeOf = (...filters: Filter[]): Route => {
  const { subscriptions } = members(...filters.map((filter, n) => ({ name: `s${n}`, filter })));
  return new Route(KIND, synapsCatalog.kinds[KIND], "first_decision", subscriptions);
};
const concernedBy = (...filters: Filter[]): Concerned =>
  routeOf(...filters).named({ tool_name: "bash", tool_runtime_name: null });
const texts = (...wanted: string[]): Filter[] => wanted.map((inputContains) => ({ inputContains }));

describe("a route", () => {
  it("has its kind's declaration, its policy and its subscriptions, which nobody can change", () => {
    const route = routeOf({}, {});
    expect(route.spec).toBe(synapsCatalog.kinds[KIND]);
    expect(route.chain).toBe("first_decision");
    expect(route.subscriptions.map(({ extension }) => extension)).toEqual(["s0", "s1"]);
    expect(Object.isFrozen(route.subscriptions)).toBe(true);
  });

  it("has one outcome for events that concern nobody, which nobody can change", async () => {
    const { nobody } = routeOf();
    expect(await nobody).toEqual({ action: "continue", kind: KIND, votes: [], durationMs: 0 });
    const { votes } = await nobody;
    expect([Object.isFrozen(await nobody), Object.isFrozen(votes)]).toEqual([true, true]);
  });
});

describe("subscriptions without a tool filter", () => {
  it("are the same for every tool, without a look at its names", () => {
    const route = routeOf({}, { inputContains: "x" });
    const every = route.named({ tool_name: "a", tool_runtime_name: null });
    expect(route.named({ tool_name: "b", tool_runtime_name: "c" })).toBe(every);
    expect(route.named({ tool_name: null, tool_runtime_name: null })).toBe(every);
    expect(every.subscriptions).toBe(route.subscriptions);
  });

  it("stand beside those with one", () => {
    const route = routeOf({}, { tools: ["bash"] });
    const ids = ({ subscriptions }: Concerned) => subscriptions.map(({ extension }) => extension);
    expect(ids(route.named({ tool_name: "bash", tool_runtime_name: null }))).toEqual(["s0", "s1"]);
    expect(ids(route.named({ tool_name: "ls", tool_runtime_name: null }))).toEqual(["s0"]);
    expect(ids(route.named({ tool_name: null, tool_runtime_name: null }))).toEqual(["s0"]);
  });
});

describe("conditions on the input", () => {
  const text = { inputContains: "x" };
  const value = { inputEquals: { value: null } };

  it.each([
    [[], true, false],
    [[{}], false, false],
    [[text], true, true],
    [[value], true, true],
    [[text, value], true, true],
    [[text, {}], false, true],
    [[{}, value], false, true],
  ] as const)("of %j: all have one %s, some have one %s", (filters, all, some) => {
    const { allLookAtInput, someConditional } = concernedBy(...filters);
    expect({ allLookAtInput, someConditional }).toEqual({ allLookAtInput: all, someConditional: some });
  });
});

describe("the texts of several subscriptions", () => {
  it("are looked for together when each of them wants one", () => {
    const { anyText } = concernedBy(...texts("rm -rf", "sudo"));
    expect(anyText?.source).toBe("rm \\-rf|sudo");
    expect(["rm -rf /", "sudo ls", "ls", "rm -r"].map((input) => anyText?.test(input))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each([
    ["nobody wants one", []],
    ["only one wants one", texts("a")],
    ["one of two wants none", [...texts("a"), {}]],
    ["one of three wants none", [...texts("a", "b"), {}]],
    ["none of three wants one", [{}, {}, {}]],
  ] as const)("are not looked for together when %s", (_, filters) => {
    expect(concernedBy(...filters).anyText).toBeUndefined();
  });

  it("are looked for together up to 4,096 characters in all", () => {
    const long = "a".repeat(4_000);
    expect(concernedBy(...texts(long, "b".repeat(96))).anyText).toBeInstanceOf(RegExp);
    expect(concernedBy(...texts(long, "b".repeat(97))).anyText).toBeUndefined();
  });

  it("are taken literally, character by character", () => {
    for (const character of "\\^$.*+?()[]{}|/-") {
      const { anyText } = concernedBy(...texts(`a${character}b`, `${character}${character}`));
      expect(anyText?.source).toBe(`a\\${character}b|\\${character}\\${character}`);
      expect(anyText?.test(`"a${character}b"`)).toBe(true);
      expect(anyText?.test(`"b${character}${character}"`)).toBe(true);
      for (const other of ["ab", "aXb", "a", "b", ""]) expect(anyText?.test(other)).toBe(false);
    }
  });
});
