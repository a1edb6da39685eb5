import { synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { Route } from "../../../packages/host/src/dispatch/route.js";
import { members } from "../../helpers/chain-kit.js";

const spec = synapsCatalog.kinds.before_tool_call;
const route = (...tools: string[]): Route => {
  const { subscriptions } = members(
    ...tools.map((tool) => ({ name: `for-${tool}`, filter: { tools: [tool] } })),
  );
  return new Route("before_tool_call", spec, "first_decision", subscriptions);
};
const named = (one: Route, tool_name: string | null, tool_runtime_name: string | null): string[] =>
  one.named({ tool_name, tool_runtime_name }).subscriptions.map(({ extension }) => extension);

describe("the subscriptions of a tool", () => {
  it("are found by both names: what is remembered for one pair of names serves no other pair", () => {
    const one = route("bash", "mine:bash");
    for (let round = 0; round < 2; round += 1) {
      expect(named(one, "bash", null)).toEqual(["for-bash"]);
      expect(named(one, "bash", "mine:bash")).toEqual(["for-bash", "for-mine:bash"]);
      expect(named(one, "x", "mine:bash")).toEqual(["for-mine:bash"]);
      expect(named(one, null, "bash")).toEqual(["for-bash"]);
      expect(named(one, null, null)).toEqual([]);
    }
  });

  it("are remembered for at most 1,024 pairs of names: then all are forgotten", () => {
    const one = route("tool-*");
    const first = { tool_name: "tool-first", tool_runtime_name: null };
    const known = one.named(first);
    for (let n = 1; n < 1_024; n += 1) one.named({ tool_name: `tool-${n}`, tool_runtime_name: null });
    expect(one.named(first)).toBe(known);
    one.named({ tool_name: "tool-1024", tool_runtime_name: null });
    expect(one.named(first)).not.toBe(known);
    expect(one.named(first).subscriptions).toEqual(known.subscriptions);
  });
});
