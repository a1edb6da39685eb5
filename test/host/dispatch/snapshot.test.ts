import { synapsCatalog } from "@synaps/sdk/protocol";
import { createHost } from "@synaps/host";
import { describe, expect, it } from "vitest";
import { unlikeJson } from "../../../packages/host/src/delivery/json-likeness.js";
import { startedHost } from "../../helpers/hosts.js";

const KINDS = { before: "before_tool_call", after: "after_tool_call" };

describe("what was checked is what runs", () => {
  it("although the caller, a handler and the operation change their objects meanwhile", async () => {
    const { host } = await startedHost([]);
    const seen: string[] = [];
    host.subscribe("before_tool_call", (event) => {
      (event.tool_input as { command: string }).command = "changed by a handler";
    });
    host.subscribe("before_tool_call", async (event) => {
      await Promise.resolve();
      seen.push(JSON.stringify(event.tool_input));
    });
    host.subscribe("after_tool_call", (event) => void seen.push(JSON.stringify(event.tool_input)));
    const input = { command: "ls" };
    const running = host.intercept(KINDS, { tool_name: "bash", tool_input: input }, (final) => {
      const text = JSON.stringify(final);
      (final as { command: string }).command = "changed by the operation";
      return text;
    });
    input.command = "changed by the caller";
    const result = await running;
    expect(result).toMatchObject({ ran: true, output: '{"command":"ls"}' });
    expect(seen).toEqual(['{"command":"ls"}', '{"command":"ls"}']);
  });

  it("also a verdict of a handler that changes its object afterwards", async () => {
    const { host } = await startedHost([]);
    const verdict = { action: "modify" as const, input: { command: "good" } };
    host.subscribe("before_tool_call", () => verdict, { id: "rewriter" });
    host.subscribe("before_tool_call", () => void (verdict.input.command = "bad"), { phase: "veto" });
    const result = await host.intercept(KINDS, { tool_name: "bash", tool_input: {} }, (final) =>
      JSON.stringify(final),
    );
    expect(result).toMatchObject({ ran: true, output: '{"command":"good"}' });
  });

  it.each([
    ["an absent member", { a: 1, b: undefined }],
    ["no prototype", Object.assign(Object.create(null) as object, { a: 1 })],
    [
      "an instance of a class",
      new (class {
        a = 1;
      })(),
    ],
    ["minus zero beside it", { a: 1 }],
  ])("and input_equals compares JSON: %s", async (_, tool_input) => {
    const { host } = await startedHost([]);
    const filter = { inputEquals: { value: { a: 1 } } };
    host.subscribe("before_tool_call", () => ({ action: "block", reason: "equal" }), { filter });
    const outcome = await host.emit({
      kind: "before_tool_call",
      tool_name: "x",
      tool_input: tool_input as never,
    });
    expect(outcome.action).toBe("block");
  });
});

describe("what JSON would change without a word", () => {
  const deep = (levels: number): unknown => {
    let value: unknown = 1;
    for (let n = 0; n < levels; n += 1) value = n % 2 === 0 ? [value] : { a: value };
    return value;
  };

  it.each([
    [{ n: Number.NaN }, "/n is NaN"],
    [{ n: [1, Number.POSITIVE_INFINITY] }, "/n/1 is Infinity"],
    [{ "a/b~c": 2 ** 53 }, "/a~1b~0c is an integer beyond 2^53"],
    [{ n: -(2 ** 60) }, "/n is an integer beyond 2^53"],
    [{ n: 1e300 }, "/n is an integer beyond 2^53"],
    [{ f: () => 1 }, "a function at /f"],
    [{ f: Symbol("x") }, "a symbol at /f"],
    [{ f: 5n }, "a bigint at /f"],
    [[1, undefined], "nothing at /1"],
    [{ m: new Map([[1, 2]]) }, "a Map at /m"],
    [{ m: new Set([1]) }, "a Set at /m"],
    [{ m: /x/ }, "a RegExp at /m"],
    [{ m: Promise.resolve() }, "a Promise at /m"],
    [{ m: new Uint8Array(2) }, "a Uint8Array at /m"],
    [{ m: Object.assign(new Error("lost"), { code: 1 }) }, "an Error at /m"],
    [{ m: new WeakRef({}) }, "a WeakRef at /m"],
    [{ m: new (class {})() }, "a class instance at /m"],
    [{ m: new URLSearchParams("a=1") }, "a URLSearchParams at /m"],
    [{ m: new Number(Number.NaN) }, "/m is NaN"],
    [{ m: new Number(2 ** 60) }, "/m is an integer beyond 2^53"],
    [{ m: new Date(Number.NaN) }, "an invalid date at /m"],
    [{ m: { toJSON: () => ({ n: Number.NaN }) } }, "/m/n is NaN"],
    [{ m: { toJSON: () => 2 ** 60 } }, "/m is an integer beyond 2^53"],
    [Object.defineProperty([1], "toJSON", { value: () => [undefined] }), "nothing at /0"],
    [
      {
        m: Object.defineProperty({}, "x", {
          enumerable: true,
          get: () => {
            throw new Error("no");
          },
        }),
      },
      "cannot be read: no",
    ],
    [
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("shut");
          },
        },
      ),
      "cannot be read: shut",
    ],
  ])("is refused with its place (case %#)", (value, problem) => {
    expect(unlikeJson(value, "")).toContain(problem);
  });

  it.each([
    null,
    true,
    "x",
    1.5,
    -0,
    2 ** 53 - 1,
    [],
    {},
    { a: [{ b: null }] },
    new Date(0),
    { m: new Number(5), s: new String("x"), b: new Boolean(false) },
    { toJSON: () => "text" },
    { a: undefined },
    undefined,
  ])("is nothing in values that JSON carries (case %#)", (value) => {
    expect(unlikeJson(value, "")).toBeUndefined();
  });

  it("is too much depth: 512 levels pass, one more does not", () => {
    expect(unlikeJson(deep(512), "")).toBeUndefined();
    expect(unlikeJson(deep(513), "")).toContain("over 512 levels");
    expect(unlikeJson(deep(100_000), "")).toContain("over 512 levels");
  });
});

describe("odd values of a program", () => {
  const odd = [
    undefined,
    null,
    5,
    "before_tool_call",
    [],
    {},
    { kind: 5 },
    { kind: "before_tool_call", tool_name: 5 },
    { kind: "before_tool_call", tool_runtime_name: {} },
    { kind: "after_tool_call", tool_output: { a: 1 } },
    { kind: "before_message", message: ["x"] },
    { kind: "before_tool_call", session_id: 7 },
    { kind: "before_tool_call", transcript: "x" },
    { kind: "before_tool_call", correlation_id: null },
    { kind: "after_tool_call", is_error: "yes" },
  ];

  it.each(odd)("are refused, with and without subscribers: %j", async (event) => {
    const { host } = await startedHost([]);
    const refused = { name: "HostError", code: "EVENT_INVALID" };
    await expect(host.emit(event as never)).rejects.toMatchObject(refused);
    for (const kind of ["before_tool_call", "after_tool_call", "before_message"])
      host.subscribe(kind, () => {});
    await expect(host.emit(event as never)).rejects.toMatchObject(refused);
  });

  it("are refused before an operation runs", async () => {
    const { host } = await startedHost([]);
    let ran = 0;
    const run = (): string => String((ran += 1));
    const wrong = [
      host.intercept({ before: "nope" }, {}, run),
      host.intercept({ before: "before_tool_call", after: "nope" }, {}, run),
      host.intercept(KINDS, { tool_input: { n: Number.NaN } }, run),
      host.intercept(KINDS, { tool_name: 5 as never }, run),
    ];
    for (const one of wrong) await expect(one).rejects.toMatchObject({ name: "HostError" });
    expect(ran).toBe(0);
  });

  it.each([
    [undefined, null, false],
    [null, null, false],
    [{ output: null, isError: true }, null, true],
    [{ output: "x" }, "x", false],
    [{ output: 5 }, '{"output":5}', false],
    [7, "7", false],
  ])("an operation that returns %j has the output %j", async (returned, output, isError) => {
    const { host } = await startedHost([]);
    const after: unknown[] = [];
    host.subscribe("after_tool_call", ({ tool_output }) => void after.push(tool_output));
    const result = await host.intercept(KINDS, { tool_name: "x" }, () => returned as never);
    expect(result).toMatchObject({ ran: true, output, isError });
    expect(after).toEqual([output]);
  });

  it.each([
    { deadlineMs: Number.NaN },
    { deadlineMs: Number.POSITIVE_INFINITY },
    { deadlineMs: 0 },
    { deadlineMs: 60_001 },
    { deadlineMs: "1" as never },
    { priority: Number.NaN },
    { phase: "later" as never },
  ])("in subscribe are refused: %j", async (options) => {
    const { host } = await startedHost([]);
    expect(() => host.subscribe("before_tool_call", () => {}, options)).toThrow(
      expect.objectContaining({ code: "SUBSCRIBE_DENIED" }) as Error,
    );
  });

  it("a handler that is none, and closed where nothing can be stopped, are refused", async () => {
    const { host } = await startedHost([]);
    expect(() => host.subscribe("before_tool_call", 5 as never)).toThrow("the handler is no function");
    expect(() => host.subscribe("on_message_complete", () => {}, { closed: true })).toThrow(
      "cannot fail closed",
    );
  });

  it("a catalog with an action that the host does not carry out is refused", () => {
    const kind = { ...synapsCatalog.kinds.on_usage, delivery: "gate", actions: ["continue", "explode"] };
    const mine = { name: "mine", chain: "first_decision", kinds: { "mine.before": kind } } as never;
    expect(() => createHost({ catalogs: [mine] })).toThrow(
      "/kinds/mine.before/actions/1: 'explode' is no action",
    );
  });
});

it("odd names of tools stand for no other pair of names", async () => {
  const { host } = await startedHost([]);
  host.subscribe("before_tool_call", () => ({ action: "block", reason: "bash" }), {
    filter: { tools: ["bash"] },
  });
  const real = { kind: "before_tool_call", tool_name: "bash", tool_runtime_name: "sh:bash" } as const;
  await host.emit({ kind: "before_tool_call", tool_name: "bash\0sh:bash" });
  await host.emit({ kind: "before_tool_call", tool_name: '["bash","sh:bash"]' });
  expect((await host.emit(real)).action).toBe("block");
  expect((await host.emit({ ...real, tool_name: "x", tool_runtime_name: "bash" })).action).toBe("block");
  expect((await host.emit({ ...real, tool_name: "x" })).action).toBe("continue");
});

it("thousands of subscriptions that come and go leave nothing", async () => {
  const { host } = await startedHost([]);
  for (let n = 0; n < 3_000; n += 1) {
    const off = host.subscribe("before_tool_call", () => {}, { id: `session-${n}` });
    if (n % 300 === 0) await host.emit({ kind: "before_tool_call", tool_name: "bash" });
    off();
  }
  expect([host.handlerCount(), host.snapshot().subscriptions]).toEqual([0, []]);
});

describe("an event whose fields are computed", () => {
  it("is read once: filters, guards and the operation get the same", async () => {
    const { host } = await startedHost([]);
    const seen: unknown[] = [];
    const filter = { tools: ["bash"] };
    host.subscribe("before_tool_call", ({ tool_name }) => void seen.push(tool_name), { filter });
    let reads = 0;
    const lies = {
      kind: "before_tool_call",
      get tool_name() {
        reads += 1;
        return reads > 1 ? "bash" : "safe";
      },
    };
    expect((await host.emit(lies as never)).votes).toEqual([]);
    expect([reads, seen]).toEqual([1, []]);
    await host.emit(lies as never);
    expect(seen).toEqual(["bash"]);
  });

  it("may be an instance of a class that inherits them", async () => {
    class Base {
      get tool_name(): string {
        return "bash";
      }
    }
    class Call extends Base {
      kind = "before_tool_call";
    }
    const { host } = await startedHost([]);
    host.subscribe("before_tool_call", () => ({ action: "block", reason: "no" }), {
      filter: { tools: ["bash"] },
    });
    expect((await host.emit(new Call() as never)).action).toBe("block");
    const result = await host.intercept(KINDS, new Call() as never, () => "ran");
    expect(result.ran).toBe(false);
  });

  it("is refused when it cannot be read", async () => {
    const { host } = await startedHost([]);
    host.subscribe("before_tool_call", () => {});
    const broken = {
      kind: "before_tool_call",
      get message(): string {
        throw new Error("not now");
      },
    };
    const refused = { code: "EVENT_INVALID", message: expect.stringContaining("not now") as string };
    await expect(host.emit(broken)).rejects.toMatchObject(refused);
    await expect(host.intercept(KINDS, broken, () => "ran")).rejects.toMatchObject(refused);
    const { proxy, revoke } = Proxy.revocable({ kind: "before_tool_call" }, {});
    revoke();
    await expect(host.emit(proxy)).rejects.toMatchObject({ code: "EVENT_INVALID" });
  });
});
