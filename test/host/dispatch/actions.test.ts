import { createHost, nullLogger, type InterceptResult, type OperationContext } from "@synaps/host";
import { defineCatalog, synapsCatalog, type JsonValue, type Verdict } from "@synaps/sdk/protocol";
import { describe, expect, it, onTestFinished } from "vitest";
import { tempDir } from "../../helpers/temp.js";

const base = {
  permission: "tools.intercept",
  toolFilter: false,
  delivery: "gate",
  canFailClosed: true,
  since: 1,
  deadlineMs: 500,
  description: "x",
} as const;
const loose = defineCatalog({
  name: "loose",
  chain: "first_decision",
  kinds: {
    "x.before": {
      ...base,
      actions: [
        "continue",
        "block",
        "confirm",
        "modify",
        "replace",
        "skip",
        "cache",
        "redirect",
        "retry",
        "fork",
      ],
      modifies: "data",
      replaces: "tool_output",
    },
    "x.settled": {
      ...base,
      actions: ["continue", "block", "modify", "fork"],
      modifies: "data",
      forkJoin: "settled",
    },
    "x.strict": { ...base, actions: ["continue", "block"] },
    "x.after": {
      ...base,
      actions: ["continue", "replace", "retry", "cache"],
      replaces: "message",
      canFailClosed: true,
    },
  },
});

type Answer = Verdict | { action: "modified" | "modify_context"; data: JsonValue } | undefined;

/** A host with these handlers of the kind before, in order, and a counter of what really ran. */
async function hostOf(
  handlers: readonly ((event: any) => Answer)[],
  kind: "x.before" | "x.settled" = "x.before",
) {
  const host = createHost({
    folders: [tempDir()],
    baseDir: tempDir(),
    logger: nullLogger,
    catalogs: [synapsCatalog, loose],
  });
  onTestFinished(() => host.stop());
  await host.start();
  handlers.forEach((handler, n) => host.subscribe(kind, handler as never, { id: `h${n}`, priority: n }));
  const ran: { input: JsonValue; context: OperationContext }[] = [];
  const perform = (
    data: JsonValue,
    result: (input: JsonValue, context: OperationContext) => string | null = (input) => JSON.stringify(input),
    options: {
      after?: "x.after";
      chain?: "first_decision" | "rewrite_then_veto";
      confirm?: () => boolean;
    } = {},
  ): Promise<InterceptResult> => {
    const { after, ...rest } = options;
    return host.intercept(
      { before: kind, ...(after ? { after } : {}) } as never,
      { data } as never,
      ((input: JsonValue, context: OperationContext) => {
        ran.push({ input, context });
        return result(input, context);
      }) as never,
      rest,
    ) as Promise<InterceptResult>;
  };
  return { host, ran, perform };
}

const POLICIES = ["first_decision", "rewrite_then_veto"] as const;

describe.each(POLICIES)("an operation under %s", (chain) => {
  it("gets the event's own field that the kind modifies", async () => {
    const { ran, perform } = await hostOf([]);
    expect(await perform({ seq: "1" }, undefined, { chain })).toMatchObject({
      ran: true,
      output: '{"seq":"1"}',
    });
    expect(ran).toEqual([
      { input: { seq: "1" }, context: { target: undefined, attempt: 1, signal: undefined } },
    ]);
  });

  it("is left out by skip, with the reason and without an output", async () => {
    const { ran, perform } = await hostOf([() => ({ action: "skip", reason: "not today" })]);
    const result = await perform(1, undefined, { chain });
    expect(result).toMatchObject({ ran: false, output: null, isError: false, reason: "not today", by: "h0" });
    expect(result.before.action).toBe("skip");
    expect(ran).toEqual([]);
  });

  it("does not run where replace or a cache hit gives its output", async () => {
    for (const [answer, output] of [
      [{ action: "replace", output: "mine" }, "mine"],
      [{ action: "cache", value: { a: 1 } }, '{"a":1}'],
      [{ action: "cache", value: "text" }, "text"],
    ] as const) {
      const { ran, perform } = await hostOf([() => answer]);
      expect(await perform(1, undefined, { chain })).toMatchObject({ ran: false, output, isError: false });
      expect(ran).toEqual([]);
    }
  });

  it("may still be blocked by a guard behind an answer that ends the chain", async () => {
    for (const answer of [
      { action: "skip", reason: "r" },
      { action: "replace", output: "o" },
      { action: "cache", value: 1 },
      { action: "redirect", target: "t" },
      { action: "fork", operations: [1] },
    ] satisfies Answer[]) {
      const { host, ran, perform } = await hostOf([() => answer]);
      host.subscribe("x.before", () => ({ action: "block", reason: "no" }), {
        id: "guard",
        priority: 9,
        closed: true,
      });
      expect(await perform(1, undefined, { chain })).toMatchObject({ ran: false, reason: "no", by: "guard" });
      expect(ran).toEqual([]);
    }
  });

  it("goes where redirect sends it, once all hooks were asked about it there", async () => {
    const seen: unknown[] = [];
    const { ran, perform } = await hostOf([
      (event) => {
        seen.push(event.tool_name);
        return { action: "redirect", target: "b" };
      },
    ]);
    expect(await perform(1, undefined, { chain })).toMatchObject({ ran: true, target: "b" });
    expect(seen).toEqual([null, "b"]);
    expect(ran.map(({ context }) => context.target)).toEqual(["b"]);
  });

  it("is blocked at its new place by a guard of that place", async () => {
    const { ran, perform } = await hostOf([
      ({ tool_name: name }) => (name === null ? { action: "redirect", target: "rm" } : undefined),
      ({ tool_name: name }) => (name === "rm" ? { action: "block", reason: "not rm" } : undefined),
    ]);
    expect(await perform(1, undefined, { chain })).toMatchObject({ ran: false, reason: "not rm" });
    expect(ran).toEqual([]);
  });

  it("is blocked by redirects in a circle, and by more than 8", async () => {
    const circle = await hostOf([
      ({ tool_name: name }) => ({ action: "redirect", target: name === "a" ? "b" : "a" }),
    ]);
    expect(await circle.perform(1, undefined, { chain })).toMatchObject({
      ran: false,
      reason: "the redirect to 'a' leads in a circle: a -> b -> a",
    });
    const far = await hostOf([({ tool_name: name }) => ({ action: "redirect", target: `${name ?? ""}x` })]);
    const result = await far.perform(1, undefined, { chain });
    expect(result).toMatchObject({ ran: false, by: "h0" });
    expect("reason" in result && result.reason).toContain("is one of more than 8");
    expect([...circle.ran, ...far.ran]).toEqual([]);
  });

  it("runs each forked operation, and none that no guard let pass", async () => {
    const fork = ({ data }: { data: JsonValue }): Answer =>
      data === 0 ? { action: "fork", operations: [1, 2, 3] } : { action: "fork", operations: [data] };
    const free = await hostOf([fork]);
    const result = await free.perform(0, undefined, { chain });
    expect(result).toMatchObject({ ran: true, output: '["1","2","3"]', isError: false });
    expect(free.ran.map(({ input }) => input)).toEqual([1, 2, 3]);
    const guarded = await hostOf([
      fork,
      ({ data }) => (data === 2 ? { action: "block", reason: "not 2" } : undefined),
    ]);
    if (chain === "rewrite_then_veto") {
      expect(await guarded.perform(0, undefined, { chain })).toMatchObject({ ran: false, reason: "not 2" });
      expect(guarded.ran).toEqual([]);
    }
  });

  it("fails as a whole where one forked operation fails", async () => {
    const { perform } = await hostOf([
      ({ data }) => (data === 0 ? { action: "fork", operations: [1, 2] } : undefined),
    ]);
    const fails = (input: JsonValue): string => {
      if (input === 2) throw new Error("two is broken");
      return "fine";
    };
    expect(await perform(0, fails, { chain })).toMatchObject({
      ran: true,
      isError: true,
      output: "two is broken",
    });
  });

  it("merges members for the hooks behind, and says who changed which", async () => {
    const seen: JsonValue[] = [];
    const { perform } = await hostOf([
      () => ({ action: "modify_context", data: { a: 2, gone: null } }),
      ({ data }) => {
        seen.push(data);
        return { action: "modified", data: { deep: { b: 1 } } };
      },
    ]);
    const result = await perform({ a: 1, gone: 1, deep: { c: 3 } }, undefined, { chain });
    expect(seen[0]).toEqual({ a: 2, deep: { c: 3 } });
    expect(result).toMatchObject({ ran: true, input: { a: 2, deep: { b: 1, c: 3 } } });
    expect(result.before.changedBy).toEqual({
      pointers: { "/data/a": "h0", "/data/gone": "h0", "/data/deep/b": "h1" },
      more: 0,
    });
  });

  it("happens as an extension said once the user agreed", async () => {
    const { host, ran, perform } = await hostOf([() => ({ action: "skip", reason: "left out" })]);
    host.subscribe("x.before", () => ({ action: "confirm", message: "sure?" }), {
      id: "asks",
      priority: 9,
      closed: true,
    });
    expect(await perform(1, undefined, { chain, confirm: () => true })).toMatchObject({
      ran: false,
      output: null,
      reason: "left out",
    });
    expect(await perform(1, undefined, { chain, confirm: () => false })).not.toHaveProperty("output");
    expect(ran).toEqual([]);
  });
});

describe("an output that is kept", () => {
  const store = (): Answer => ({ action: "cache", store: true, ttl_ms: 60_000 });

  it("answers the same members in another order, counted in the snapshot, and no error is kept", async () => {
    const { host, ran, perform } = await hostOf([store]);
    const fails = (): string => {
      throw new Error("broken");
    };
    expect(await perform({ a: 1, b: 2 }, fails)).toMatchObject({ isError: true });
    expect(await perform({ a: 1, b: 2 })).toMatchObject({ ran: true });
    const hit = await perform({ b: 2, a: 1 });
    expect(hit).toMatchObject({ ran: false, output: '{"a":1,"b":2}', isError: false, by: "h0" });
    expect(ran).toHaveLength(2);
    expect(host.snapshot().cache).toMatchObject({ entries: 1, hits: 1, misses: 2, stores: 1, evictions: 0 });
  });

  it("is the output that was passed on", async () => {
    const { host, perform } = await hostOf([store]);
    host.subscribe("x.after", ({ message }) => ({ action: "replace", output: `clean ${message ?? ""}` }), {
      id: "cleaner",
    });
    expect(await perform(1, () => "dirt", { after: "x.after" })).toMatchObject({ output: "clean dirt" });
    expect(await perform(1, () => "dirt", { after: "x.after" })).toMatchObject({
      ran: false,
      output: "clean dirt",
    });
  });

  it("is none that was withheld, because a closed hook could not look at it", async () => {
    const { host, ran, perform } = await hostOf([store]);
    let isBroken = true;
    const check = (): undefined => {
      if (isBroken) throw new Error("no eyes today");
    };
    host.subscribe("x.after", check, { id: "guard", closed: true });
    const withheld = await perform(1, () => "clean", { after: "x.after" });
    expect(withheld).toMatchObject({ output: expect.stringContaining("[output withheld: ") });
    isBroken = false;
    expect(await perform(1, () => "clean", { after: "x.after" })).toMatchObject({
      ran: true,
      output: "clean",
    });
    expect(ran).toHaveLength(2);
  });

  it("is not asked for with a time that is none: the vote says so", async () => {
    for (const ttl_ms of [-1, 0, 1e12, Number.NaN]) {
      const { host, perform } = await hostOf([() => ({ action: "cache", store: true, ttl_ms })]);
      const { before } = await perform(1);
      expect(before.votes[0]).toMatchObject({ status: "abstained", reason: "invalid" });
      expect(host.snapshot().cache.stores).toBe(0);
    }
  });
});

describe("an operation that is run again", () => {
  it("runs until it succeeds, five times at most", async () => {
    const again = await hostOf([() => ({ action: "retry", delay_ms: 0, max_attempts: 3 })]);
    const third = (_: JsonValue, { attempt }: OperationContext): string => {
      if (attempt < 3) throw new Error("not yet");
      return "done";
    };
    expect(await again.perform(1, third)).toMatchObject({ output: "done", isError: false, attempts: 3 });
    const storm = await hostOf([() => ({ action: "retry", delay_ms: 0, max_attempts: 1_000 })]);
    const never = (): string => {
      throw new Error("never");
    };
    expect(await storm.perform(1, never)).toMatchObject({ output: "never", isError: true, attempts: 5 });
    expect(storm.ran).toHaveLength(5);
  });

  it("runs again as long as the kind after it says so", async () => {
    const { host, ran, perform } = await hostOf([]);
    host.subscribe(
      "x.after",
      ({ message }) => (message === "2" ? undefined : { action: "retry", delay_ms: 0 }),
      { id: "after" },
    );
    const result = await perform(1, (_, { attempt }) => String(attempt), { after: "x.after" });
    expect(result).toMatchObject({ output: "2", attempts: 2 });
    expect(ran).toHaveLength(2);
  });
});

describe("answers that mean nothing here", () => {
  it("an action outside the kind's list is reported in the vote, and the operation runs", async () => {
    const { host } = await hostOf([]);
    host.subscribe("x.strict", (() => ({ action: "skip", reason: "r" })) as never, { id: "h" });
    const result = await host.intercept({ before: "x.strict" }, { data: 1 }, () => "ran");
    expect(result).toMatchObject({ ran: true, output: "ran" });
    expect(result.before.votes[0]).toMatchObject({ ignored: "'skip' is not allowed for x.strict" });
  });

  it("a target that is no text, and a fork that is no list or too long, run nothing else", async () => {
    for (const answer of [
      { action: "redirect", target: 5 },
      { action: "redirect", target: "" },
      { action: "fork", operations: 5 },
      { action: "fork", operations: [] },
      { action: "fork", operations: Array.from({ length: 9 }, () => 1) },
    ]) {
      const { ran, perform } = await hostOf([() => answer as never]);
      const { before } = await perform(1);
      expect(before.votes[0]).toMatchObject({ status: "abstained", reason: "invalid" });
      expect(ran.map(({ input }) => input)).toEqual([1]);
    }
  });

  it("forked operations that do not fail together say each how it ended", async () => {
    const { perform } = await hostOf(
      [
        ({ data }) =>
          data === 0
            ? { action: "fork", operations: [1, 2, 3] }
            : data === 2
              ? { action: "block", reason: "not 2" }
              : undefined,
      ],
      "x.settled",
    );
    const result = await perform(0, (input) => {
      if (input === 3) throw new Error("three");
      return "one";
    });
    expect(result).toMatchObject({ ran: true, isError: false });
    expect(JSON.parse(String("output" in result && result.output))).toEqual([
      { output: "one", is_error: false },
      { output: null, is_error: true, reason: "not 2" },
      { output: "three", is_error: true },
    ]);
  });
});

describe("defects of other hook systems", () => {
  it("defect 1: an action that a kind allows is never computed and then ignored", async () => {
    const skips = await hostOf([() => ({ action: "skip", reason: "r" })]);
    await skips.perform(1);
    const forks = await hostOf([
      ({ data }) => (data === 0 ? { action: "fork", operations: [1, 2] } : undefined),
    ]);
    await forks.perform(0);
    const redirects = await hostOf([() => ({ action: "redirect", target: "there" })]);
    await redirects.perform(1);
    expect(skips.ran).toEqual([]);
    expect(forks.ran.map(({ input }) => input)).toEqual([1, 2]);
    expect(redirects.ran.map(({ context }) => context.target)).toEqual(["there"]);
  });

  it("defect 2: a changed context neither ends the chain nor is lost", async () => {
    const seen: JsonValue[] = [];
    const { ran, perform } = await hostOf([
      () => ({ action: "modify_context", data: { a: 2 } }),
      ({ data }) => void seen.push(data) as undefined,
    ]);
    await perform({ a: 1, keep: true }, undefined, { chain: "first_decision" });
    expect([seen, ran.map(({ input }) => input)]).toEqual([[{ a: 2, keep: true }], [{ a: 2, keep: true }]]);
  });

  it("defect 8: what is to be kept is kept, under a key that the order of members does not change", async () => {
    const { ran, perform } = await hostOf([() => ({ action: "cache", store: true })]);
    await perform({ a: 1, b: { c: 1, d: 2 } });
    expect(await perform({ b: { d: 2, c: 1 }, a: 1 })).toMatchObject({ ran: false });
    expect(ran).toHaveLength(1);
  });

  it("defect 13: a hook that fails does not keep the others from being asked", async () => {
    const { ran, perform } = await hostOf([
      () => {
        throw new Error("broken");
      },
      () => ({ action: "modify", input: "by the second" }),
    ]);
    await perform(1);
    expect(ran.map(({ input }) => input)).toEqual(["by the second"]);
  });
});
