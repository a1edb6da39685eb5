import { synapsCatalog, type SynapsKind } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { SubscriptionRegistry } from "../../../packages/host/src/dispatch/registry.js";
import type { Subscription } from "../../../packages/host/src/dispatch/subscription.js";
import { members, type Member } from "../../helpers/chain-kit.js";

const KIND = "before_tool_call";

function registry(onRemoved?: (gone: Subscription) => void): SubscriptionRegistry {
  return onRemoved
    ? new SubscriptionRegistry([synapsCatalog], onRemoved)
    : new SubscriptionRegistry([synapsCatalog]);
}

const one = (name: string, more: Partial<Member> & { kind?: SynapsKind } = {}): Subscription =>
  members({ name, ...more }).subscriptions[0] as Subscription;
const order = (books: SubscriptionRegistry, kind: string = KIND): string[] =>
  books.of(kind).map(({ extension }) => extension);

describe("the order of asking", () => {
  it("is by priority first, whatever the folders are called", () => {
    const books = registry();
    books.add([one("late", { priority: 10 })], "a");
    books.add([one("early", { priority: -10 })], "z");
    books.add([one("middle", { priority: 0 })], "m");
    books.add([one("program", { priority: 5 })], undefined);
    expect(order(books)).toEqual(["early", "middle", "program", "late"]);
  });

  it("is the program first, then folders byte for byte, then as they were added", () => {
    const books = registry();
    books.add([one("b1"), one("b2"), one("b3")], "b");
    books.add([one("p1"), one("p2")], undefined);
    books.add([one("a1"), one("a2")], "a");
    books.add([one("b4")], "b");
    books.add([one("p3")], undefined);
    expect(order(books)).toEqual(["p1", "p2", "p3", "a1", "a2", "b1", "b2", "b3", "b4"]);
  });

  it("is that of the folders' bytes, not of a language", () => {
    const books = registry();
    for (const load of ["ä", "a", "Z", "aa", "_", "\u{1f600}", "\uffff"]) books.add([one(load)], load);
    expect(order(books)).toEqual(["Z", "_", "a", "aa", "ä", "\uffff", "\u{1f600}"]);
  });
});

describe("the lists of a registry", () => {
  it("are made anew for the kind that changed, and for no other", () => {
    const books = registry();
    books.add([one("a"), one("b", { kind: "on_usage" })], undefined);
    const [tools, usage] = [books.route(KIND), books.route("on_usage")];
    expect([books.route(KIND), books.of(KIND)]).toEqual([tools, tools.subscriptions]);
    expect(books.route(KIND)).toBe(tools);
    const gone = one("c");
    books.add([gone], undefined);
    expect(books.route(KIND)).not.toBe(tools);
    expect(books.route("on_usage")).toBe(usage);
    const with3 = books.route(KIND);
    books.remove([one("stranger")]);
    expect(books.route(KIND)).toBe(with3);
    books.remove([gone]);
    expect(books.route(KIND)).not.toBe(with3);
    expect(order(books)).toEqual(["a"]);
  });

  it("of a kind that nobody declares or subscribes to are empty", () => {
    const books = registry();
    expect([books.of("nope"), books.of("on_usage")]).toEqual([[], []]);
    expect(books.of("nope")).toBe(books.of("neither"));
    expect(Object.isFrozen(books.of("nope"))).toBe(true);
  });

  it("have the declaration and the policy of their kind", () => {
    const route = registry().route("on_usage");
    expect([route.spec, route.chain]).toEqual([synapsCatalog.kinds.on_usage, "first_decision"]);
  });
});

describe("the books of a registry", () => {
  it("count by kind and in all", () => {
    const books = registry();
    books.add([one("a"), one("b"), one("a", { kind: "on_usage" })], undefined);
    expect([books.count(), books.count(KIND), books.count("on_usage")]).toEqual([3, 2, 1]);
    expect([books.count("on_compaction"), books.count("nope")]).toEqual([0, 0]);
  });

  it("have all that an extension owns, and nothing of one that is gone", () => {
    const books = registry();
    const [first, second, other] = [one("a"), one("a", { kind: "on_usage" }), one("b")];
    books.add([first, other], undefined);
    books.add([second], "a");
    expect([...books.ownedBy("a")]).toEqual([first, second]);
    expect([...books.ownedBy("nobody")]).toEqual([]);
    expect(books.remove([first])).toBe(1);
    expect([...books.ownedBy("a")]).toEqual([second]);
    expect(books.remove([second])).toBe(1);
    expect([[...books.ownedBy("a")], [...books.ownedBy("b")]]).toEqual([[], [other]]);
    // A set of its own afterwards: what was handed out before does not come back to life.
    const before = books.ownedBy("a");
    books.add([first], undefined);
    expect([[...before], [...books.ownedBy("a")]]).toEqual([[], [first]]);
  });

  it("put subscriptions in the place of others, and tell of those that have no successor", () => {
    const told: string[] = [];
    const books = registry(({ id }) => void told.push(id));
    const named = (name: string, id: string, kind?: SynapsKind): Subscription => ({
      ...one(name, kind && { kind }),
      id,
    });
    const [stays, goes, moves] = [named("old", "stays"), named("old", "goes"), named("old", "moves")];
    books.add([stays, goes, moves, one("kept")], "x");
    books.replace([stays, goes, moves], [named("new", "stays"), named("new", "moves", "on_usage")], "a");
    expect([order(books), told]).toEqual([
      ["new", "kept"],
      ["goes", "moves"],
    ]);
    expect([...books.ownedBy("old")]).toEqual([]);
  });

  it("tell of each subscription that is removed, once, after all are gone", () => {
    const told: unknown[] = [];
    const books: SubscriptionRegistry = registry((gone) => void told.push([gone, books.count()]));
    const [a, b] = [one("a"), one("b")];
    books.add([a, b], undefined);
    expect(books.remove([a, b, a])).toBe(2);
    expect(told).toEqual([
      [a, 0],
      [b, 0],
    ]);
  });

  it("need nobody to be told", () => {
    const books = registry();
    const a = one("a");
    books.add([a], undefined);
    expect([books.remove([a]), books.remove([a]), books.count()]).toEqual([1, 0, 0]);
  });

  it("describe an extension's subscriptions by kind, then by tools, those without first", () => {
    const books = registry();
    const tools = (...names: string[]) => ({ filter: { tools: names } });
    books.add(
      [
        one("a", { id: "u", kind: "on_usage" }),
        one("a", { id: "zz", ...tools("z") }),
        one("a", { id: "ab", ...tools("a", "b") }),
        one("a", { id: "A", ...tools("A") }),
        one("a", { id: "all" }),
        one("a", { id: "AB", ...tools("A", "B") }),
        one("a", { id: "aa", ...tools("a") }),
        one("a", { id: "after", kind: "after_tool_call" }),
        one("b", { id: "other" }),
      ],
      undefined,
    );
    expect(books.describe("a")).toEqual([
      { kind: "after_tool_call", subscription: "after", tools: undefined, asked: true },
      { kind: "before_tool_call", subscription: "all", tools: undefined, asked: true },
      { kind: "before_tool_call", subscription: "A", tools: ["A"], asked: true },
      { kind: "before_tool_call", subscription: "AB", tools: ["A", "B"], asked: true },
      { kind: "before_tool_call", subscription: "aa", tools: ["a"], asked: true },
      { kind: "before_tool_call", subscription: "ab", tools: ["a", "b"], asked: true },
      { kind: "before_tool_call", subscription: "zz", tools: ["z"], asked: true },
      { kind: "on_usage", subscription: "u", tools: undefined, asked: true },
    ]);
    expect(books.describe("nobody")).toEqual([]);
  });
});
