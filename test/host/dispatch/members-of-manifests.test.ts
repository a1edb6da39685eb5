import { synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { subscriptionsOf } from "../../../packages/host/src/dispatch/from-manifest.js";
import { followMembers } from "../../../packages/host/src/dispatch/from-members.js";
import { SubscriptionRegistry } from "../../../packages/host/src/dispatch/registry.js";
import type { LoadedExtension } from "../../../packages/host/src/loading/manifest/loaded.js";
import type { Extension } from "../../../packages/host/src/supervision/extension.js";
import { members } from "../../helpers/chain-kit.js";
import { HeldTarget } from "../../helpers/held-target.js";

const KIND = "before_tool_call";
const loaded = (id: string, hooks: readonly unknown[]): LoadedExtension =>
  ({ id, section: { hooks }, permissions: new Set(["tools.intercept"]) }) as unknown as LoadedExtension;
/** An extension as far as its subscriptions go: its name and its manifest. */
const extension = (id: string, ...kinds: string[]): Extension =>
  ({
    id,
    loaded: loaded(
      id,
      kinds.map((hook) => ({ hook })),
    ),
  }) as unknown as Extension;

function following() {
  const gone: string[] = [];
  const registry = new SubscriptionRegistry(
    [synapsCatalog],
    ({ extension: name, id }) => void gone.push(`${name} ${id}`),
  );
  const made: HeldTarget[] = [];
  const changed = followMembers(registry, [synapsCatalog], ({ id }) => {
    made.push(new HeldTarget(id));
    return made.at(-1) as HeldTarget;
  });
  const list = (kind: string = KIND) => registry.of(kind).map(({ extension: name }) => name);
  return { registry, changed, made, gone, list };
}

describe("the subscriptions of a manifest", () => {
  it("come with their extension, in the place that its folder's name gives them", () => {
    const { changed, made, registry, list } = following();
    changed({ type: "added", extension: extension("b", KIND, "on_usage") });
    changed({ type: "added", extension: extension("a", KIND) });
    expect([list(), list("on_usage"), made.map(({ id }) => id)]).toEqual([["a", "b"], ["b"], ["b", "a"]]);
    const [a, b] = registry.of(KIND);
    expect([a?.target, b?.target]).toEqual([made[1], made[0]]);
    expect(registry.of("on_usage")[0]?.target).toBe(made[0]);
  });

  it("go with their extension, which is told", () => {
    const { changed, gone, list, registry } = following();
    const [a, b] = [extension("a", KIND, "on_usage"), extension("b", KIND)];
    for (const one of [a, b]) changed({ type: "added", extension: one });
    changed({ type: "removed", extension: a });
    expect([list(), list("on_usage")]).toEqual([["b"], []]);
    expect(gone).toEqual([`a ${KIND}#1`, "a on_usage#1"]);
    expect(registry.count()).toBe(1);
  });

  it("change places at once with those of the extension's next self; the one that it has no more is told", () => {
    const { changed, made, gone, list, registry } = following();
    const [old, next] = [extension("a", KIND, "on_usage"), extension("a", KIND, KIND)];
    changed({ type: "added", extension: old });
    changed({ type: "added", extension: extension("b", KIND) });
    changed({ type: "replaced", extension: next, previous: old });
    expect([list(), list("on_usage"), gone]).toEqual([["a", "a", "b"], [], ["a on_usage#1"]]);
    expect(made.map(({ id }) => id)).toEqual(["a", "b", "a"]);
    expect(registry.of(KIND).map(({ target }) => target)).toEqual([made[2], made[2], made[1]]);
    changed({ type: "removed", extension: next });
    expect([list(), made.length]).toEqual([["b"], 3]);
  });

  it("are told apart from the program's own of the same name", () => {
    const { changed, list, registry } = following();
    const a = extension("a", KIND);
    registry.add(members({ name: "a" }).subscriptions, undefined);
    changed({ type: "added", extension: a });
    expect(list()).toEqual(["a", "a"]);
    changed({ type: "removed", extension: a });
    expect([list(), registry.of(KIND)[0]?.target.id]).toEqual([["a"], "a"]);
    expect(registry.of(KIND)[0]?.target).not.toBeInstanceOf(HeldTarget);
  });
});

describe("a subscription of a manifest", () => {
  const of = (...hooks: unknown[]) =>
    subscriptionsOf(loaded("x", hooks), new HeldTarget("x"), [synapsCatalog]);

  it("has all that the hook says and the defaults of its kind, and nobody can change it", () => {
    const target = new HeldTarget("x");
    const [first, second] = subscriptionsOf(
      loaded("x", [
        { hook: "on_usage" },
        { hook: KIND, id: "mine", priority: 7, on_failure: "open", match: { input_contains: "a" } },
      ]),
      target,
      [synapsCatalog],
    );
    const rest = {
      extension: "x",
      phase: undefined,
      closed: false,
      permissions: new Set(["tools.intercept"]),
    };
    expect(first).toEqual({
      ...rest,
      id: "on_usage#1",
      kind: "on_usage",
      filter: {},
      conditional: false,
      priority: 0,
      deadlineMs: 5_000,
      target,
    });
    expect(second).toEqual({
      ...rest,
      id: "mine",
      kind: KIND,
      filter: { inputContains: "a" },
      conditional: true,
      priority: 7,
      deadlineMs: 5_000,
      target,
    });
    expect(second?.target).toBe(target);
    expect([first, second].map((one) => Object.isFrozen(one))).toEqual([true, true]);
  });

  it("has the deadline of its kind, and the usual one where no catalog knows the kind", () => {
    const slow = { ...synapsCatalog, kinds: { slow: { ...synapsCatalog.kinds.on_usage, deadlineMs: 99 } } };
    const deadlines = subscriptionsOf(
      loaded("x", [{ hook: "slow" }, { hook: "unknown" }, { hook: "slow", timeout_ms: 1 }]),
      new HeldTarget("x"),
      [synapsCatalog, slow],
    ).map(({ deadlineMs }) => deadlineMs);
    expect(deadlines).toEqual([99, 5_000, 1]);
  });

  it("has in its filter only the conditions that are given", () => {
    const filters = of(
      { hook: KIND },
      { hook: KIND, tool: "a", tools: ["b"] },
      { hook: KIND, tools: ["b"] },
      { hook: KIND, match: { input_contains: "" } },
      { hook: KIND, match: { input_equals: { a: 1 } } },
    ).map(({ filter, conditional }) => [filter, Object.keys(filter), conditional]);
    expect(filters).toEqual([
      [{}, [], false],
      [{ tool: "a", tools: ["b"] }, ["tool", "tools"], false],
      [{ tools: ["b"] }, ["tools"], false],
      [{ inputContains: "" }, ["inputContains"], true],
      [{ inputEquals: { value: { a: 1 } } }, ["inputEquals"], true],
    ]);
  });
});
