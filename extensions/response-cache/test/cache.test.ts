import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "@synaps/sdk";
import { ResponseCache } from "../src/cache.js";
import { keyOf } from "../src/key.js";
import { memoryStore } from "../src/stores/memory.js";
import type { Config } from "../src/settings.js";
import { asked, policy, ran } from "./support/events.js";

function setup(changes: Partial<Config> = {}, limits = { maxEntries: 100, maxBytes: 1_000_000 }) {
  const clock = { ms: 1_000, now: () => clock.ms };
  const bounds = policy(changes);
  const cache = new ResponseCache(
    bounds,
    memoryStore(limits, () => bounds, clock),
    clock,
  );
  const run = async (tool: string, input: JsonValue, output: string | null, rest = {}) => {
    const look = await cache.before("tool", { ...asked(tool, input), ...rest });
    if (look.end === "hit") return look.output;
    await cache.after("tool", ran(tool, input, output, rest));
    return look.end;
  };
  return { cache, clock, run };
}

/** The same value with the keys of all its objects in another order. */
function reordered(value: JsonValue, random: () => number): JsonValue {
  if (Array.isArray(value)) return value.map((one) => reordered(one, random));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => ({ key, one, at: random() }));
  entries.sort((a, b) => a.at - b.at);
  return Object.fromEntries(entries.map(({ key, one }) => [key, reordered(one, random)]));
}

test("promise: 1,000 of 1,000 inputs with reordered keys hit, and 0 of 1,000 changed ones", async () => {
  const inputs = fc.sample(
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 2, maxKeys: 6 }),
    { numRuns: 1_000, seed: 13 },
  ) as { [key: string]: JsonValue }[];
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  const { run } = setup({}, { maxEntries: 10_000, maxBytes: 10_000_000 });
  let [hits, wrong, changed] = [0, 0, 0];
  for (const [index, input] of inputs.entries()) {
    const first = { n: index, ...input };
    expect(await run("read", first, `answer ${index}`)).toBe("miss");
    const again = await run("read", reordered(first, random), "new");
    if (again === `answer ${index}`) hits += 1;
    else wrong += 1;
    if ((await run("read", { ...first, n: -1 - index }, "other")) !== "miss") changed += 1;
  }
  expect({ hits, wrong, changed }).toEqual({ hits: 1_000, wrong: 0, changed: 0 });
});

describe("who shares an answer", () => {
  test("one session by default, and nobody where the event names none", async () => {
    const { run, cache } = setup();
    await run("read", { a: 1 }, "for s-1");
    expect(await run("read", { a: 1 }, "for s-2", { session_id: "s-2" })).toBe("miss");
    expect(await run("read", { a: 1 }, "", {})).toBe("for s-1");
    expect(await run("read", { a: 1 }, "x", { session_id: null })).toBe("nobody");
    const { data } = asked("read", 1);
    for (const rest of [{ session_id: "s-1" }, { metadata: { session_id: "s-1" } }])
      expect(await run("read", { a: 1 }, "x", { session_id: null, data: { ...data, ...rest } })).toBe(
        "for s-1",
      );
    expect(cache.stats()).toMatchObject({ hits: 3, misses: 2, nobody: 1, entries: 2 });
  });

  test("one user where the configuration says so, whatever the session", async () => {
    const { run } = setup({ scope: "user" });
    const of = (user_id: JsonValue, session_id: string) => ({
      session_id,
      data: { component: { type: "tool", name: "read" }, metadata: { user_id } },
    });
    await run("read", 1, "for ann", of("ann", "s-1"));
    expect(await run("read", 1, "x", of("ann", "s-2"))).toBe("for ann");
    expect(await run("read", 1, "for bob", of("bob", "s-1"))).toBe("miss");
    expect(await run("read", 1, "x", of("", "s-1"))).toBe("nobody");
    expect(await run("read", 1, "x", of({ ann: 1 }, "s-1"))).toBe("nobody");
  });

  test("no two sorts of operation, tools, components or models share a key", () => {
    const scope = { of: "session" } as const;
    const base = asked("read", { a: 1 }) as Parameters<typeof keyOf>[1];
    const { component } = base.data;
    const keys = [
      keyOf("tool", base, scope, []),
      keyOf("agent", { ...base, data: { component, input: { a: 1 } } }, scope, []),
      keyOf("tool", { ...base, tool_name: "write" }, scope, []),
      keyOf("tool", { ...base, data: { component: { ...component, name: "other" } } }, scope, []),
      keyOf("tool", { ...base, tool_input: null }, scope, []),
      keyOf("tool", { ...base, session_id: "s-2" }, scope, []),
      keyOf("tool", base, { of: "everybody" }, []),
      keyOf("tool", base, scope, ["/data/model"]),
      keyOf("tool", { ...base, data: { component, model: "m" } as never }, scope, ["/data/model"]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test("neither errors nor cut, withheld, hurried, large, broken or absent outputs are kept", async () => {
  const { run, cache } = setup({ max_entry_bytes: 10 });
  const meta = (rest: object) => ({ meta: { is_error: false, deadline_ms: 2_000, ...rest } });
  const cases: [string | null, object][] = [
    ["failed", meta({ is_error: true })],
    ["cut", meta({ truncated: true })],
    ["in haste", meta({ deadline_ms: 400 })],
    ["[output withheld: 'guard' could not answer (timeout) and must not be passed over]", {}],
    ["12345678901", {}],
    ["half \ud800", {}],
    [null, {}],
    ["no meta", { meta: undefined }],
  ];
  for (const [index, [output, rest]] of cases.entries()) {
    await run("read", index, output, rest);
    expect(await run("read", index, output, rest), `${output}`).toBe("miss");
  }
  const not = { error: 4, cut: 2, hurried: 2, withheld: 2, too_large: 2, not_text: 2, no_output: 2 };
  expect(cache.stats()).toMatchObject({ hits: 0, kept: 0, entries: 0, not_kept: not, under_way: 0 });
});

test("an output whose operation nobody asked about is not kept: another hook may have answered before", async () => {
  const { cache } = setup();
  await cache.after("tool", ran("read", 1, "out of nowhere"));
  expect(cache.stats()).toMatchObject({ kept: 0, not_kept: { without_look_up: 1 } });
});

test("an answer ends with its time, and the least used go first", async () => {
  const { run, clock, cache } = setup({ ttl_ms: 100 }, { maxEntries: 2, maxBytes: 1_000_000 });
  for (const n of [1, 2]) await run("read", n, `answer ${n}`);
  expect(await run("read", 1, "x")).toBe("answer 1");
  await run("read", 3, "answer 3");
  expect(await run("read", 1, "x")).toBe("answer 1");
  clock.ms += 99;
  expect(await run("read", 3, "x")).toBe("answer 3");
  clock.ms += 2;
  expect(await run("read", 3, "x")).toBe("miss");
  expect(cache.stats()).toMatchObject({ evicted: 1 });
});

describe("what a tool changes is no longer answered", () => {
  const rules = { invalidate: { "write_*": "read list_*" } };

  test("by the names that the configuration gives, for everybody, also when the tool failed", async () => {
    const { run, cache } = setup(rules);
    const fill = async () => {
      for (const tool of ["read", "list_all", "clock"]) await run(tool, 1, `${tool} then`);
    };
    await fill();
    await run("write_file", 1, "done", { session_id: "s-9" });
    const now = ["read", "list_all", "clock"].map((tool) => run(tool, 1, `${tool} now`));
    expect(await Promise.all(now)).toEqual(["miss", "miss", "clock then"]);
    await cache.failed(ran("write_file", 2, null));
    expect(await run("read", 1, "x")).toBe("miss");
    expect(cache.stats()).toMatchObject({ invalidations: 2 });
  });

  test("an output of an operation that began before the change is not answered after it", async () => {
    const { run, cache } = setup(rules);
    await cache.before("tool", asked("read", 1));
    await run("write_file", 1, "done");
    await cache.after("tool", ran("read", 1, "as it was"));
    expect(await run("read", 1, "as it is")).toBe("miss");
    expect(await run("read", 1, "x")).toBe("as it is");
  });

  test("and neither is one that nobody can tell from it, unless the program names its calls", async () => {
    const { run, cache } = setup(rules);
    const named = (id: string) => ({ meta: { is_error: false, deadline_ms: 2_000, tool_call_id: id } });
    for (const [first, second] of [
      [{}, {}],
      [named("c-1"), named("c-2")],
    ] as const) {
      await cache.before("tool", { ...asked("read", 1), ...first });
      await run("write_file", 1, "done");
      await cache.before("tool", { ...asked("read", 1), ...second });
      await cache.after("tool", ran("read", 1, "as it was", first));
      await cache.after("tool", ran("read", 1, "as it is", second));
      expect(await run("read", 1, "new", named("c-3"))).toBe("meta" in first ? "as it is" : "miss");
    }
    expect(cache.stats()).toMatchObject({ under_way: 0 });
  });

  test("clear drops everything", async () => {
    const { run, cache } = setup();
    await run("read", 1, "then");
    await cache.clear();
    expect(await run("read", 1, "now")).toBe("miss");
  });
});
