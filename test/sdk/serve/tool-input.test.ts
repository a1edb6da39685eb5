import { block, defineExtension, defineHook, type ExtensionDefinition } from "@synaps/sdk";
import { expect, it } from "vitest";
import { converse, initializeParams } from "../../helpers/conversation.js";
import { verifies } from "../../requirements/verifies.js";

const guard = defineHook(
  "before_tool_call",
  ({ tool_name, tool_input }) => block(`${tool_name} ${tool_input.command}`),
  {
    inputs: { bash: { command: "string", timeout: "number?", env: "json?" } },
  },
);

it.each<[string, unknown, string | undefined]>([
  ["bash", { command: "ls" }, undefined],
  ["bash", { command: "ls", timeout: null, cwd: "/" }, undefined],
  ["bash", { command: "ls", timeout: 5, env: [1] }, undefined],
  ["bash", { comand: "ls" }, "the input of the tool 'bash' does not fit: 'command' is missing"],
  [
    "bash",
    { command: 5 },
    "the input of the tool 'bash' does not fit: 'command' must be a string, not a number",
  ],
  [
    "bash",
    { command: null },
    "the input of the tool 'bash' does not fit: 'command' must be a string, not null",
  ],
  [
    "bash",
    { command: "ls", timeout: "5" },
    "the input of the tool 'bash' does not fit: 'timeout' must be a number?, not a string",
  ],
  ["bash", "ls", "the input of the tool 'bash' must be an object, not a string"],
  ["bash", undefined, "the input of the tool 'bash' must be an object, not null"],
  ["toString", { command: "ls" }, "'inputs' has no shape for the tool 'toString', and none for '*'"],
])(verifies("AUTH-010") + "%s with %j", async (tool_name, tool_input, problem) => {
  const { ask, logs } = converse(guard);
  await ask("initialize", initializeParams());
  const reply = await ask("hook.handle", { kind: "before_tool_call", tool_name, tool_input });
  if (problem === undefined) {
    expect(reply?.result).toEqual({ action: "block", reason: "bash ls" });
    return;
  }
  expect(reply?.error).toEqual({ code: 1006, message: problem });
  expect(logs).toEqual([`the handler of 'before_tool_call' was not called: ${problem}`]);
});

it("looks only at the hooks of tools, and takes * for every other tool", async () => {
  let calls = 0;
  const count = (): void => void (calls += 1);
  const { ask } = converse(
    defineExtension({
      inputs: { bash: { command: "string" }, "*": {} },
      hooks: { before_tool_call: count, after_tool_call: count, before_message: count },
    }),
  );
  await ask("initialize", initializeParams());
  await ask("hook.handle", { kind: "before_tool_call", tool_name: "write", tool_input: {} });
  await ask("hook.handle", { kind: "after_tool_call", tool_name: "bash", tool_input: { command: "ls" } });
  await ask("hook.handle", { kind: "before_message", message: "hi" });
  expect(calls).toBe(3);
  const wrong = await ask("hook.handle", { kind: "after_tool_call", tool_name: "bash", tool_input: null });
  expect(wrong?.error?.message).toContain("must be an object, not null");
});

it.each([
  [
    { inputs: { bash: { command: "sting" } } },
    "the input of 'bash': 'command': unknown type 'sting'. Did you mean 'string'?",
  ],
  [{ inputs: { bash: "string" } }, "the input of 'bash' must be an object, not a string."],
])(verifies("AUTH-010") + "a shape that is none is refused: %j", (definition, message) => {
  expect(() => defineExtension(definition as unknown as ExtensionDefinition)).toThrow(message);
  expect(() => defineHook("before_tool_call", () => {}, definition as never)).toThrow(message);
});
