import { block, defineExtension, ExtensionError, type Extension } from "@synaps/sdk";
import type { SendResult } from "@synaps/sdk/framing";
import { describe, expect, it } from "vitest";
import { converse, initializeParams, type Conversation } from "../../helpers/conversation.js";

async function started(extension: Extension, send?: (body: string) => SendResult): Promise<Conversation> {
  const conversation = converse(extension, send);
  await conversation.ask("initialize", initializeParams());
  return conversation;
}

const failing = defineExtension({
  hooks: {
    before_tool_call: () => {
      throw new Error("bad luck");
    },
    after_tool_call: () => Promise.reject(new ExtensionError("not now", { code: 77, data: [1] })),
    before_message: () => {
      throw "just text";
    },
    on_usage: () => ({ action: "continue", big: 1n }) as never,
  },
  tools: { fails: { description: "", input_schema: {}, run: () => Promise.reject(new Error("tool broke")) } },
});

describe("requests", () => {
  it.each(["hook.handle", "tool.call"])("refuses %s before initialize", async (method) => {
    expect((await converse(failing).ask(method, { kind: "on_usage", name: "fails" }))?.error).toEqual({
      code: -32600,
      message: "initialize must be answered first",
    });
  });

  it("does not know other methods, and ignores other notifications and replies", async () => {
    const { ask, say, replies } = await started(failing);
    expect((await ask("config.get", {}))?.error).toEqual({
      code: -32601,
      message: "method not found: config.get",
    });
    await say({ jsonrpc: "2.0", method: "config.changed", params: {} });
    await say({ jsonrpc: "2.0", id: 1, result: null });
    expect(replies).toHaveLength(2);
  });

  it("answers ping at any time", async () => {
    expect((await converse(failing).ask("ping"))?.result).toEqual({});
  });

  it("logs a message that is none", async () => {
    const { say, logs, replies } = await started(failing);
    await say([1]);
    expect(logs).toEqual(["ignored a message from the host: batches are not supported"]);
    expect(replies).toHaveLength(1);
  });

  it("echoes text and numbers as ids, each as it came", async () => {
    const { ask } = await started(failing);
    for (const id of ["seven", "7", 7, 0, -1, 1.5, 'quo"te']) {
      expect((await ask("ping", undefined, id))?.id).toBe(id);
    }
  });
});

describe("hooks", () => {
  it.each([
    [undefined, { action: "continue" }],
    [block("no"), { action: "block", reason: "no" }],
    [Promise.resolve(block("later")), { action: "block", reason: "later" }],
    [Promise.resolve(undefined), { action: "continue" }],
  ])("answers %o with %j", async (returned, result) => {
    const { ask } = await started(defineExtension({ hooks: { before_tool_call: () => returned as never } }));
    expect((await ask("hook.handle", { kind: "before_tool_call" }))?.result).toEqual(result);
  });

  it.each(["on_compaction", "gateway.connection", "constructor", "__proto__"])(
    "continues for the kind %s, which has no handler",
    async (kind) => {
      const { ask } = await started(failing);
      expect((await ask("hook.handle", { kind }))?.result).toEqual({ action: "continue" });
    },
  );

  it.each([undefined, null, {}, { kind: 5 }, []])("refuses the event %j", async (params) => {
    const { ask } = await started(failing);
    expect((await ask("hook.handle", params))?.error).toEqual({
      code: -32600,
      message: "hook.handle needs an event with a kind",
    });
  });

  it("answers a throw with 1006 and its message, and logs the stack", async () => {
    const { ask, logs } = await started(failing);
    expect((await ask("hook.handle", { kind: "before_tool_call" }))?.error).toEqual({
      code: 1006,
      message: "bad luck",
    });
    expect(logs[0]).toMatch(/^Error: bad luck\n {4}at .*session\.test/);
  });

  it("answers a throw of something that is no error with its text", async () => {
    const { ask } = await started(failing);
    expect((await ask("hook.handle", { kind: "before_message" }))?.error).toEqual({
      code: 1006,
      message: "just text",
    });
  });

  it("keeps code and data of an ExtensionError, and logs nothing", async () => {
    const { ask, logs } = await started(failing);
    expect((await ask("hook.handle", { kind: "after_tool_call" }))?.error).toEqual({
      code: 77,
      message: "not now",
      data: [1],
    });
    expect(logs).toEqual([]);
  });

  it("answers with an error when the verdict is no JSON", async () => {
    const { ask } = await started(failing);
    expect((await ask("hook.handle", { kind: "on_usage" }))?.error).toMatchObject({ code: 1006 });
  });

  it("answers each when it is done: a slow one holds up none", async () => {
    const open = new Map<string, () => void>();
    const { ask, say, replies } = await started(
      defineExtension({
        hooks: {
          before_message: ({ message }) =>
            message === "quick" ? undefined : new Promise<void>((resolve) => open.set(message, resolve)),
        },
      }),
    );
    for (const message of ["a", "b", "quick"]) {
      await ask("hook.handle", { kind: "before_message", message }, message);
    }
    open.get("b")?.();
    await say({});
    open.get("a")?.();
    await say({});
    expect(replies.slice(1).map(({ id }) => id)).toEqual(["quick", "b", "a"]);
  });

  it("aborts the signal of the cancelled call only", async () => {
    const aborted: string[] = [];
    const { ask, say } = await started(
      defineExtension({
        hooks: {
          before_message: ({ message }, { signal }) =>
            new Promise<void>((resolve) => {
              signal.addEventListener("abort", () => {
                aborted.push(message);
                resolve();
              });
            }),
        },
      }),
    );
    await ask("hook.handle", { kind: "before_message", message: "one" }, 10);
    await ask("hook.handle", { kind: "before_message", message: "two" }, "ten");
    for (const params of [{ id: "10" }, { id: {} }, null, { id: 99 }]) {
      await say({ jsonrpc: "2.0", method: "$/cancelRequest", params });
    }
    expect(aborted).toEqual([]);
    await say({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: "ten" } });
    expect(aborted).toEqual(["two"]);
  });

  it.each(["too_large", "full"] as const)("turns an answer that is %s into an error", async (why) => {
    const { ask } = await started(
      defineExtension({ hooks: { before_tool_call: () => block("x".repeat(5_000)) } }),
      (body: string) => (body.length > 1_000 ? why : "sent"),
    );
    expect((await ask("hook.handle", { kind: "before_tool_call" }))?.error).toEqual({
      code: 1005,
      message: `the answer was not sent: ${why}`,
    });
  });
});

describe("tools", () => {
  const tools = defineExtension({
    config: { factor: { type: "number", default: 2 } },
    tools: {
      double: {
        description: "Doubles",
        input_schema: {},
        run: (input, { config, id }) => ({ id, value: Number(input) * config.factor }),
      },
      nothing: { description: "", input_schema: {}, run: () => undefined as never },
      later: { description: "", input_schema: {}, run: (input) => Promise.resolve([input]) },
    },
  });

  it("hand on input, context and result", async () => {
    const { ask } = await started(tools);
    expect((await ask("tool.call", { name: "double", input: 21 }))?.result).toEqual({
      id: "sample",
      value: 42,
    });
    expect((await ask("tool.call", { name: "later" }))?.result).toEqual([null]);
    expect((await ask("tool.call", { name: "nothing", input: {} }))?.result).toBeNull();
  });

  it.each([{ name: "treble" }, { name: "constructor" }, { name: 5 }, {}, null])(
    "refuse the call %j",
    async (params) => {
      const { ask } = await started(tools);
      expect((await ask("tool.call", params))?.error).toMatchObject({ code: -32602 });
    },
  );

  it("answer with their own failure", async () => {
    const { ask } = await started(failing);
    expect((await ask("tool.call", { name: "fails", input: {} }))?.error).toEqual({
      code: 1006,
      message: "tool broke",
    });
  });
});
