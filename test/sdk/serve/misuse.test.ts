import { describe, expect, it } from "vitest";
import { authorFolder, runProgram } from "../../helpers/author-program.js";
import { verifies } from "../../requirements/verifies.js";

const START =
  'import * as sdk from "@synaps/sdk";\nconst hook = sdk.defineHook("on_usage", () => undefined);\n';

/** What the author sees of a program whose third line is the mistake. */
async function seen(line: string): Promise<{ code: number | null; message: string; frame: string }> {
  const { code, stderr } = await runProgram(authorFolder({ "main.mjs": START + line }));
  const [, message = "", frame = ""] = /^TypeError: (.*)\n {4}at (.*)$/m.exec(stderr) ?? [];
  return { code, message, frame };
}

describe("a mistake of the author ends the program, with the author's line on top of the stack", () => {
  it.each([
    [
      "sdk.defineExtension({ hook: { before_tool_call() {} } });",
      "defineExtension: unknown key 'hook'. Did you mean 'hooks'?",
    ],
    [
      'sdk.defineHook("before_toolcall", () => {});',
      "defineHook: unknown hook kind 'before_toolcall'. Did you mean 'before_tool_call'?",
    ],
    [
      'sdk.defineHook("before_message", { handler() {} });',
      "defineHook: the handler of 'before_message' must be a function, not an object.",
    ],
    ["sdk.defineHook();", "defineHook: the hook kind must be a string, not undefined."],
  ])(verifies("AUTH-001") + "%s", async (line, message) => {
    expect(await seen(line)).toEqual({
      code: 1,
      message,
      frame: expect.stringMatching(/main\.mjs:3:\d+\)?$/) as string,
    });
  });

  const needs = "serve needs the result of defineExtension or defineHook, but got";
  it.each([
    ["sdk.serve();", `${needs} nothing. Write serve(defineExtension({ hooks: { ... } })).`],
    ["sdk.serve(() => {});", `${needs} a function. Write serve(defineHook("before_tool_call", handler)).`],
    ["sdk.serve({ hooks: {} });", `${needs} an object. Write serve(defineExtension({ hooks: { ... } })).`],
    [
      "sdk.serve({ definition: {} });",
      `${needs} an object. Write serve(defineExtension({ hooks: { ... } })).`,
    ],
    ["sdk.serve(Promise.resolve(hook));", `${needs} a promise. Write serve(await ...).`],
    [
      "sdk.serve(hook); sdk.serve(hook);",
      "serve was already called: a process serves one extension. Put all hooks and tools into one defineExtension({ ... }).",
    ],
  ])(verifies("AUTH-002") + "%s", async (line, message) => {
    expect(await seen(line)).toEqual({
      code: 1,
      message,
      frame: expect.stringMatching(/main\.mjs:3:\d+\)?$/) as string,
    });
  });
});
