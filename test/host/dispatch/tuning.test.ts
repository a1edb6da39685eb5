import { proxyCatalog } from "@synaps/sdk/catalogs";
import { BREAKER_PRESETS, synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { SubscriptionRegistry } from "../../../packages/host/src/dispatch/registry.js";
import {
  AS_DECLARED,
  tuned,
  type HookTuning,
  type Tuning,
} from "../../../packages/host/src/dispatch/tuning.js";
import { members } from "../../helpers/chain-kit.js";

const KIND = "before_tool_call";
const own = (...list: readonly [string, HookTuning][]): Tuning => ({ enabled: true, of: new Map(list) });
const [guard] = members({ name: "guard", priority: 5, deadlineMs: 4_000 }).subscriptions;
if (!guard) throw new Error("there is no subscription");

describe("a tuning", () => {
  it("that says nothing leaves subscriptions as they are", () => {
    expect(tuned(guard, AS_DECLARED)).toBe(guard);
    expect(tuned(guard, own())).toEqual(guard);
  });

  it("switches off all, those of one extension, or a single one", () => {
    expect(tuned(guard, { ...own(), enabled: false })).toBeUndefined();
    expect(tuned(guard, own(["guard", { enabled: false }]))).toBeUndefined();
    expect(tuned(guard, own(["guard/guard#1", { enabled: false }]))).toBeUndefined();
    expect(tuned(guard, own(["other", { enabled: false }], ["guard/other", { enabled: false }]))).toEqual(
      guard,
    );
  });

  it("of a single subscription counts before that of its extension, member by member", () => {
    const both = own(
      ["guard", { enabled: false, priority: 1, deadlineMs: 10 }],
      ["guard/guard#1", { enabled: true, priority: undefined, deadlineMs: 20 }],
    );
    expect(tuned(guard, both)).toMatchObject({ priority: 1, deadlineMs: 20 });
  });

  it("does not switch a single one on while all are off", () => {
    expect(tuned(guard, { ...own(["guard", { enabled: true }]), enabled: false })).toBeUndefined();
  });

  it("bounds every deadline but those that it sets itself", () => {
    expect(tuned(guard, { ...own(), mostMs: 1_000 })?.deadlineMs).toBe(1_000);
    expect(tuned(guard, { ...own(), mostMs: 9_000 })?.deadlineMs).toBe(4_000);
    expect(tuned(guard, { ...own(["guard", { deadlineMs: 8_000 }]), mostMs: 1_000 })?.deadlineMs).toBe(8_000);
  });

  it("gives no stream a breaker: one bad session would silence all others", () => {
    const registry = new SubscriptionRegistry([proxyCatalog]);
    registry.add([{ ...guard, kind: "proxy.packet" }], undefined);
    const { standard } = BREAKER_PRESETS;
    for (const tuning of [{ ...own(), breaker: standard }, own(["guard", { breaker: standard }])]) {
      registry.tune({ ...tuning, mostMs: 1_000 });
      expect(registry.of("proxy.packet")).toMatchObject([{ deadlineMs: 1_000, breaker: undefined }]);
    }
  });

  it("gives its breaker to subscriptions that chose none, and another one to those that it names", () => {
    const { standard, conservative } = BREAKER_PRESETS;
    const chosen = { ...guard, breaker: conservative };
    expect(tuned(guard, { ...own(), breaker: standard })?.breaker).toBe(standard);
    expect(tuned(chosen, { ...own(), breaker: standard })?.breaker).toBe(conservative);
    expect(tuned(chosen, own(["guard", { breaker: standard }]))?.breaker).toBe(standard);
    expect(
      tuned(chosen, { ...own(["guard", { breaker: "default" }]), breaker: standard })?.breaker,
    ).toBeUndefined();
  });

  it("changes nothing about closed failure, permissions, filter and target", () => {
    const closed = { ...guard, closed: true };
    const other = tuned(
      closed,
      own(["guard", { priority: 1, deadlineMs: 1, breaker: BREAKER_PRESETS.standard }]),
    );
    expect(other).toMatchObject({
      closed: true,
      id: "guard#1",
      filter: guard.filter,
      permissions: guard.permissions,
    });
    expect(other?.target).toBe(guard.target);
  });
});

describe("a registry", () => {
  it("asks by the tuned priority, and as declared again when the tuning is taken back", () => {
    const registry = new SubscriptionRegistry([synapsCatalog]);
    registry.add(members({ name: "a" }).subscriptions, "a");
    registry.add(members({ name: "b" }).subscriptions, "b");
    const order = () => registry.of(KIND).map(({ extension }) => extension);
    const before = registry.of(KIND);
    registry.tune(own(["a", { priority: 1 }]));
    expect(order()).toEqual(["b", "a"]);
    registry.tune(own(["a", { enabled: false }]));
    expect(order()).toEqual(["b"]);
    registry.tune(AS_DECLARED);
    expect(order()).toEqual(["a", "b"]);
    // An event that is under way keeps the list with which it began.
    expect(before.map(({ extension }) => extension)).toEqual(["a", "b"]);
  });

  it("tunes what comes later, and still hides what the program switched off", () => {
    const registry = new SubscriptionRegistry([synapsCatalog]);
    registry.tune(own(["late", { enabled: false }], ["shown", { enabled: true }]));
    const [late] = members({ name: "late" }).subscriptions;
    const [shown] = members({ name: "shown" }).subscriptions;
    if (!late || !shown) throw new Error("there is no subscription");
    registry.add([late, shown], "x");
    expect(registry.of(KIND).map(({ extension }) => extension)).toEqual(["shown"]);
    registry.show(shown, false);
    expect(registry.of(KIND)).toEqual([]);
    registry.show(shown, true);
    expect(registry.remove([late, shown])).toBe(2);
    expect(registry.of(KIND)).toEqual([]);
  });
});
