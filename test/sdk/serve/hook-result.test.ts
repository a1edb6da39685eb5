import { defineExtension, type ExtensionDefinition } from "@synaps/sdk";
import { describe, expect, it } from "vitest";
import { converse, initializeParams, type Reply } from "../../helpers/conversation.js";
import { verifies } from "../../requirements/verifies.js";

/** What a host and a log see of a handler's result. */
async function answered(
  kind: string,
  result: unknown,
): Promise<{ reply: Reply | undefined; logs: string[] }> {
  const hooks = { [kind]: () => result } as unknown as NonNullable<ExtensionDefinition["hooks"]>;
  const { ask, logs } = converse(defineExtension({ hooks }));
  await ask("initialize", initializeParams());
  return { reply: await ask("hook.handle", { kind }), logs };
}

const MESSAGE = "Allowed: continue, inject, or no result.";
const TOOL = "Allowed: continue, block, confirm, modify, or no result.";

describe(verifies("AUTH-003") + "a result that is none", () => {
  it.each<[string, unknown, string]>([
    [
      "before_message",
      { action: "modify", input: {} },
      `the action 'modify', which 'before_message' does not allow. ${MESSAGE}`,
    ],
    [
      "on_usage",
      { action: "block", reason: "no" },
      "the action 'block', which 'on_usage' does not allow. Allowed: continue, or no result.",
    ],
    ["before_tool_call", { action: "blok" }, `the unknown action 'blok'. Did you mean 'block'? ${TOOL}`],
    ["before_tool_call", { action: "abort" }, `the unknown action 'abort'. ${TOOL}`],
    ["before_tool_call", "block", `a string, which is no result. ${TOOL}`],
    ["before_tool_call", true, `a boolean, which is no result. ${TOOL}`],
    ["before_tool_call", null, `null, which is no result. ${TOOL}`],
    ["before_tool_call", [], `a list, which is no result. ${TOOL}`],
    ["before_tool_call", { block: "no" }, `an object without 'action'. ${TOOL}`],
    [
      "before_message",
      { action: "inject" },
      "a result that is no verdict: the action 'inject' needs 'content'",
    ],
    [
      "gateway.connection",
      { action: "retry", delay_ms: "soon" },
      "a result that is no verdict: 'delay_ms' of",
    ],
    ["gateway.connection", { action: "explode" }, "the unknown action 'explode'. Allowed: continue, block,"],
  ])("of %s: %j", async (kind, result, problem) => {
    for (const returned of [result, Promise.resolve(result)]) {
      const { reply, logs } = await answered(kind, returned);
      const message = `the handler of '${kind}' returned ${problem}`;
      expect(reply?.error).toMatchObject({
        code: 1006,
        message: expect.stringContaining(message) as string,
      });
      expect(logs).toEqual([expect.stringContaining(message)]);
    }
  });

  it("is logged with the name of its function, and shows only the beginning of a long action", async () => {
    function refuseAll(): never {
      return { action: "x".repeat(5_000) } as never;
    }
    const { ask, logs } = converse(defineExtension({ hooks: { before_message: refuseAll } }));
    await ask("initialize", initializeParams());
    await ask("hook.handle", { kind: "before_message" });
    expect(logs[0]).toContain("the handler of 'before_message' (refuseAll) returned the unknown action 'xxx");
    expect(logs[0]?.length).toBeLessThan(300);
  });

  it("leaves the other events of a batch alone", async () => {
    let count = 0;
    const hooks = { on_usage: () => (++count === 2 ? ("no" as never) : undefined) };
    const { ask } = converse(defineExtension({ hooks }));
    await ask("initialize", initializeParams());
    const event = { kind: "on_usage" };
    expect((await ask("hook.batch", { events: [event, event, event] }))?.result).toMatchObject({
      results: [{ action: "continue" }, { error: { code: 1006 } }, { action: "continue" }],
    });
  });
});

it.each<[object, string | undefined]>([
  [{ action: "block", reason: "no" }, undefined],
  [{ action: "block" }, "the action 'block' without 'reason'"],
  [
    { action: "block", raeson: "no" },
    "the action 'block' without 'reason': 'raeson' is probably meant to be 'reason'",
  ],
  [{ action: "confirm", message: 5 }, "the action 'confirm' without 'message'"],
  [
    { action: "modify", inptu: {} },
    "the action 'modify' without 'input': 'inptu' is probably meant to be 'input'",
  ],
  [{ action: "modify", input: null }, undefined],
])(verifies("AUTH-004") + "%j is sent as it is", async (result, line) => {
  const { reply, logs } = await answered("before_tool_call", result);
  expect(reply?.result).toEqual(result);
  expect(logs).toEqual(line === undefined ? [] : [`the handler of 'before_tool_call' returned ${line}`]);
});

it("an annotation is given by a function that a handler took out of its context", async () => {
  const { ask } = converse(
    defineExtension({
      hooks: { before_message: (_event, { annotate }) => annotate("seen", { by: 1 }) },
    }),
  );
  await ask("initialize", initializeParams());
  const { result } = (await ask("hook.handle", { kind: "before_message" })) ?? {};
  expect(result).toEqual({ action: "continue", annotations: { seen: { by: 1 } } });
});
