import { createHost, nullLogger, type HostError, type InterceptResult } from "@synaps/host";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { defineCatalog, type Backoff, type Jitter, type JsonValue, type Verdict } from "@synaps/sdk/protocol";
import { describe, expect, it, onTestFinished } from "vitest";
import { OperationCache } from "../../../packages/host/src/dispatch/operation/cache.js";
import { pauseMs } from "../../../packages/host/src/dispatch/operation/retry.js";
import { FakeClock } from "../../helpers/fake-clock.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";

const base = {
  permission: "tools.intercept",
  toolFilter: false,
  delivery: "gate",
  canFailClosed: true,
  since: 3,
  deadlineMs: 500,
  description: "x",
} as const;
const bounds = defineCatalog({
  name: "bounds",
  chain: "rewrite_then_veto",
  kinds: {
    "bounds.before": {
      ...base,
      actions: ["continue", "block", "confirm", "modify", "skip", "cache", "redirect", "retry", "fork"],
      modifies: "data",
    },
    "bounds.after": { ...base, actions: ["continue", "replace", "retry", "cache"], replaces: "tool_output" },
    /** Stands before an operation, can answer in its place, and cannot block it. */
    "bounds.answers": {
      ...base,
      actions: ["continue", "modify", "replace", "skip", "cache", "redirect", "fork"],
      modifies: "data",
      replaces: "tool_output",
    },
  },
});
type Kind = keyof typeof bounds.kinds;
interface Seen {
  data: JsonValue;
  tool_name: string | null;
  tool_output: string | null;
}
type Handler = (event: Seen) => Verdict | undefined;

/** A host whose time stands still, with these handlers, and operations that note when they ran with what. */
async function hostWith(handlers: Partial<Record<Kind, Handler>>, random = 0.5) {
  const clock = new FakeClock();
  const prompts: { toolName: string | null; signal: AbortSignal }[] = [];
  const host = createHost({
    folders: [],
    baseDir: tempDir(),
    logger: nullLogger,
    catalogs: [bounds],
    clock,
    random: () => random,
    // The user has left.
    confirm: ({ toolName, signal }) => new Promise(() => prompts.push({ toolName, signal })),
  });
  onTestFinished(() => host.stop());
  await host.start();
  for (const [kind, handler] of Object.entries(handlers))
    host.subscribe(kind as Kind, handler as never, { id: kind });
  const ran: { at: number; input: JsonValue }[] = [];
  const perform = (
    data: JsonValue,
    run: (attempt: number) => string | Promise<string> = () => "done",
    { before = "bounds.before", after = "bounds.after", chain }: Around = {},
  ): Promise<InterceptResult> =>
    host.intercept(
      { before, after } as never,
      { data } as never,
      ((input: JsonValue, { attempt }: { attempt: number }) => {
        ran.push({ at: clock.now(), input });
        return run(attempt);
      }) as never,
      chain === undefined ? {} : { chain },
    ) as Promise<InterceptResult>;
  /** Lets time pass until the operation has ended. */
  const ended = async (operation: Promise<InterceptResult>): Promise<InterceptResult> => {
    let result: InterceptResult | undefined;
    void operation.then((end) => (result = end));
    for (let n = 0; result === undefined && n < 100; n += 1) await clock.pass(5_000);
    if (result === undefined) throw new Error("the operation has not ended in 500 s");
    return result;
  };
  return { host, clock, prompts, ran, perform, ended };
}
interface Around {
  before?: Kind;
  after?: Kind;
  chain?: "first_decision" | "rewrite_then_veto";
}

const fails = (): string => {
  throw new Error("broken");
};

describe(verifies("ACTION-004") + "the pause before the next run", () => {
  const plan = (backoff: Backoff, jitter: Jitter = "none") =>
    ({ by: "x", delayMs: 100, maxAttempts: 5, backoff, jitter }) as const;

  it.each([
    ["fixed", [100, 100, 100, 100]],
    ["linear", [100, 200, 300, 400]],
    ["exponential", [100, 200, 400, 800]],
    ["fibonacci", [100, 100, 200, 300]],
  ] as const)("grows %s", (backoff, pauses) => {
    expect([1, 2, 3, 4].map((done) => pauseMs(plan(backoff), done, 0, 0.9))).toEqual(pauses);
  });

  it.each([
    ["full", [0, 100, 200]],
    ["equal", [100, 150, 200]],
    ["decorrelated", [100, 400, 700]],
  ] as const)("is left to chance: %s", (jitter, [least, middle, most]) => {
    const linear = (random: number): number => pauseMs(plan("linear", jitter), 2, 233 + 1 / 3, random);
    expect([0, 0.5, 1].map((random) => Math.round(linear(random)))).toEqual([least, middle, most]);
  });

  it("is waited for on the host's clock, with the host's own chance", async () => {
    const answer: Verdict = { action: "retry", delay_ms: 1_000, max_attempts: 4, backoff: "exponential" };
    const exact = await hostWith({ "bounds.before": () => answer });
    await exact.ended(exact.perform(1, fails));
    expect(exact.ran.map(({ at }) => at)).toEqual([0, 1_000, 3_000, 7_000]);
    const half = await hostWith({ "bounds.before": () => ({ ...answer, jitter: "full" }) as Verdict }, 0.5);
    await half.ended(half.perform(1, fails));
    expect(half.ran.map(({ at }) => at)).toEqual([0, 500, 1_500, 3_500]);
  });
});

describe(verifies("ACTION-004") + "an operation that is run again", () => {
  it("begins no run later than 60 s after the first, its own time included, and says so", async () => {
    const { clock, ran, perform, ended } = await hostWith({
      "bounds.before": () => ({ action: "retry", delay_ms: 25_000, max_attempts: 5 }),
    });
    const result = await ended(perform(1, fails));
    expect(ran.map(({ at }) => at)).toEqual([0, 25_000, 50_000]);
    const notAgain = "the next run would begin more than 60000 ms after the first";
    expect(result).toMatchObject({ isError: true, attempts: 3, notAgain });
    const from = clock.now();
    const slow = async (): Promise<string> => {
      await new Promise<void>((resolve) => clock.after(40_000, resolve));
      throw new Error("slow");
    };
    expect(await ended(perform(2, slow))).toMatchObject({ output: "slow", notAgain });
    expect(ran.slice(3).map(({ at }) => at - from)).toEqual([0]);
  });

  it("ends a storm of retries of hooks after it with the fifth run, and says so", async () => {
    const { ran, perform, ended } = await hostWith({
      "bounds.after": () => ({ action: "retry", delay_ms: 0, max_attempts: 1_000_000 }),
    });
    expect(await ended(perform(1))).toMatchObject({
      attempts: 5,
      output: "done",
      notAgain: "nothing runs more than 5 times",
    });
    expect(ran).toHaveLength(5);
  });

  it("says that the extension itself wanted no more runs, and nothing after a success", async () => {
    const { perform, ended } = await hostWith({
      "bounds.before": () => ({ action: "retry", delay_ms: 0, max_attempts: 2 }),
    });
    expect(await ended(perform(1, fails))).toMatchObject({
      notAgain: "'bounds.before' asked for 2 runs in all",
    });
    expect(await ended(perform(1))).not.toHaveProperty("notAgain");
  });

  it("ends at once when the host is stopped during a pause, with a reason and no timer left", async () => {
    const { host, clock, ran, perform } = await hostWith({
      "bounds.before": () => ({ action: "retry", delay_ms: 50_000 }),
    });
    const operation = perform(1, fails);
    await clock.pass(10);
    const armed = clock.armed;
    const stopped = host.stop();
    expect(await operation).toMatchObject({
      isError: true,
      output: "broken",
      notAgain: "the host was stopped",
    });
    await stopped;
    expect({ runs: ran.length, armed, left: clock.armed, now: clock.now() }).toEqual({
      runs: 1,
      armed: 1,
      left: 0,
      now: 10,
    });
  });
});

describe(verifies("ACTION-002") + "outputs that are kept", () => {
  const plan = { by: "x", ttlMs: 60_000 };

  it("make room for newer ones, those that were not asked for longest first", () => {
    const cache = new OperationCache(new FakeClock());
    for (let n = 0; n < 1_000; n += 1) cache.keep(`k${n}`, "x", plan);
    cache.find("k0");
    cache.keep("new", "x", plan);
    expect([cache.find("k0"), cache.find("k1"), cache.find("new")].map(Boolean)).toEqual([true, false, true]);
    expect(cache.status).toMatchObject({ entries: 1_000, evictions: 1 });
  });

  it("hold 32 MiB together at most, and one that is larger alone is not kept", () => {
    const cache = new OperationCache(new FakeClock());
    const large = "x".repeat(12 * 1024 * 1024);
    for (const key of ["a", "b", "c"]) cache.keep(key, large, plan);
    expect(["a", "b", "c"].map((key) => cache.find(key) !== undefined)).toEqual([false, true, true]);
    cache.keep("d", large.repeat(3), plan);
    expect(cache.find("d")).toBeUndefined();
    expect(cache.status.bytes).toBeLessThanOrEqual(32 * 1024 * 1024);
  });

  it("answer until their time is over, and the operation runs then", async () => {
    const { host, clock, ran, perform } = await hostWith({
      "bounds.before": () => ({ action: "cache", store: true, ttl_ms: 30_000 }),
    });
    await perform(1);
    const from = clock.now();
    await clock.pass(29_000);
    expect((await perform(1)).ran).toBe(false);
    await clock.pass(2_000);
    expect((await perform(1)).ran).toBe(true);
    expect([ran.length, host.snapshot().cache.entries, clock.now() - from]).toEqual([2, 1, 31_000]);
  });

  it("are what after-hooks passed on: these are not asked again about an answer from memory", async () => {
    let asked = 0;
    const { perform } = await hostWith({
      "bounds.before": () => ({ action: "cache", store: true }),
      "bounds.after": ({ tool_output: output }) => {
        asked += 1;
        return { action: "replace", output: `clean ${output ?? ""}` };
      },
    });
    const both = [await perform(1, () => "dirt"), await perform(1, () => "dirt")];
    expect(both.map((one) => "output" in one && one.output)).toEqual(["clean dirt", "clean dirt"]);
    expect(asked).toBe(1);
  });
});

describe("a user who does not answer", () => {
  it(
    verifies("ACTION-003") + "keeps a redirected operation from running, told after five minutes",
    async () => {
      const { prompts, ran, perform, ended } = await hostWith({
        "bounds.before": ({ tool_name: place }) =>
          place === null ? { action: "redirect", target: "there" } : { action: "confirm", message: "there?" },
      });
      const reason = "nobody answered the confirmation within 300000 ms: there?";
      expect(await ended(perform(1))).toMatchObject({ ran: false, reason, by: "bounds.before" });
      expect(prompts.map(({ toolName, signal }) => [toolName, signal.aborted])).toEqual([["there", true]]);
      expect(ran).toEqual([]);
    },
  );

  it(
    verifies("ACTION-005") + "keeps all parts from running, and is asked about four of them alone",
    async () => {
      const { clock, prompts, ran, perform, ended } = await hostWith({
        "bounds.before": ({ data }) =>
          data === 0
            ? { action: "fork", operations: [1, 2, 3, 4, 5, 6, 7, 8] }
            : { action: "confirm", message: `part ${String(data)}?` },
      });
      const reason = "nobody answered the confirmation within 300000 ms: part 1?";
      expect(await ended(perform(0))).toMatchObject({ ran: false, reason });
      expect(prompts.map(({ signal }) => signal.aborted)).toEqual([true, true, true, true]);
      expect([ran, clock.now()]).toEqual([[], 300_000]);
    },
  );
});

it(verifies("ACTION-003") + "eight redirects lead somewhere, and nine do not", async () => {
  for (const [last, expected] of [
    [8, { ran: true, target: "p8" }],
    [9, { ran: false, by: "bounds.before" }],
  ] as const) {
    const { perform } = await hostWith({
      "bounds.before": ({ tool_name: place }) => {
        const hops = place === null ? 0 : Number(place.slice(1));
        return hops < last ? { action: "redirect", target: `p${hops + 1}` } : undefined;
      },
    });
    expect(await perform(1)).toMatchObject(expected);
  }
});

it(verifies("ACTION-005") + "eight parts run four at a time, each once", async () => {
  const operations = [1, 2, 3, 4, 5, 6, 7, 8];
  const { ran, perform } = await hostWith({
    "bounds.before": ({ data }) => (data === 0 ? { action: "fork", operations } : undefined),
  });
  let [now, most] = [0, 0];
  const run = async (): Promise<string> => {
    most = Math.max(most, (now += 1));
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return "done";
  };
  await perform(0, run);
  expect([ran.map(({ input }) => input), most]).toEqual([operations, 4]);
});

describe(verifies("ACTION-007") + "an answer of the program that JSON would change", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;

  it.each([
    ["NaN to cache", { action: "cache", value: Number.NaN }, "/value is NaN"],
    ["a bigint to cache", { action: "cache", value: 5n }, "a bigint at /value"],
    ["a function to cache", { action: "cache", value: () => 1 }, "a function at /value"],
    ["a Map to cache", { action: "cache", value: { m: new Map() } }, "a Map at /value/m"],
    ["a value that holds itself", { action: "cache", value: circular }, "nested over 512 levels deep"],
    ["nothing to fork", { action: "fork", operations: [1, undefined] }, "nothing at /operations/1"],
    ["Infinity to fork", { action: "fork", operations: [{ n: Infinity }] }, "/operations/0/n is Infinity"],
    [
      "a number too large to fork",
      { action: "fork", operations: [2 ** 53] },
      "/operations/0 is an integer beyond",
    ],
    ["nine operations", { action: "fork", operations: Array(9).fill(1) }, "takes 1 to 8 operations, not 9"],
    ["no operation", { action: "fork", operations: [] }, "takes 1 to 8 operations, not 0"],
  ])("is told as invalid, and the operation runs as it was: %s", async (_, answer, detail) => {
    const { ran, perform } = await hostWith({ "bounds.before": () => answer as never });
    const { before } = await perform(1);
    expect(before.votes).toMatchObject([{ status: "abstained", reason: "invalid" }]);
    expect((before.votes[0] as { detail: string }).detail).toContain(detail);
    expect(ran.map(({ input }) => input)).toEqual([1]);
  });
});

describe.each(["first_decision", "rewrite_then_veto"] as const)(
  verifies("ACTION-008") + "a closed guard that fails where nothing can be blocked, under %s",
  (chain) => {
    it.each([
      ["nothing", undefined],
      ["modify", { action: "modify", input: 2 }],
      ["skip", { action: "skip", reason: "r" }],
      ["replace", { action: "replace", output: "o" }],
      ["cache", { action: "cache", value: "v" }],
      ["redirect", { action: "redirect", target: "there" }],
      ["fork", { action: "fork", operations: [1, 2] }],
    ] as const)("keeps the operation from running, whatever comes before it: %s", async (_, answer) => {
      const { host, ran, perform } = await hostWith({
        "bounds.answers": ({ tool_name: place, data }) =>
          place === null && data === 0 ? (answer as Verdict) : undefined,
      });
      host.subscribe("bounds.answers", fails as never, { id: "guard", closed: true, priority: 9 });
      const result = await perform(0, undefined, { before: "bounds.answers", chain });
      expect(result.ran).toBe(false);
      expect(ran).toEqual([]);
      const { votes } = result.before;
      expect(votes.find(({ extension }) => extension === "guard")).toMatchObject({ status: "abstained" });
    });
  },
);

it(
  verifies("ACTION-006") + "a block after a tool of a gateway is raised and obeyed, and intercept says so",
  async () => {
    const host = createHost({ folders: [], baseDir: tempDir(), catalogs: [gatewayCatalog] });
    onTestFinished(() => host.stop());
    await host.start();
    host.subscribe("gateway.after_tool_call", () => ({ action: "abort", reason: "end the turn" }));
    const data = { tool_id: "1", success: true };
    const outcome = await host.emit({ kind: "gateway.after_tool_call", tool_name: "bash", data });
    expect(outcome).toMatchObject({ action: "block", reason: "end the turn" });
    const kinds = { before: "gateway.before_tool_call", after: "gateway.after_tool_call" };
    const event = { tool_name: "bash", data: { tool_id: "1" } };
    await expect(host.intercept(kinds as never, event, () => "ran")).rejects.toSatisfy(
      ({ code, message }: HostError) =>
        code === "EVENT_INVALID" && message.includes("Raise it with host.emit"),
    );
  },
);
