import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { callEnd } from "../extension/call-end.js";
import type { Extension } from "../extension/extension.js";
import type { CommandEnd } from "./outcome.js";

/** Time for the answer of a tool. The reference's. */
const TOOL_MS = 120_000;
const ARGS = "${args}";

/** Runs a command that calls a tool of its extension. */
export async function runToolCommand(
  extension: Extension,
  { tool, input }: { tool: string; input: JsonValue },
  args: readonly string[],
  signal: AbortSignal,
): Promise<CommandEnd> {
  const end = await callTool(extension, tool, withArgs(input, args.join(" ")), signal);
  if (!("value" in end)) return end;
  return { status: "done", result: { shape: "tool", content: textOf(end.value), value: end.value } };
}

/** The one place where a command reaches a tool. */
async function callTool(
  extension: Extension,
  name: string,
  input: JsonValue,
  signal: AbortSignal,
): Promise<ReturnType<typeof callEnd>> {
  return callEnd(
    await extension.call({ method: "tool.call", params: { name, input }, deadlineMs: TOOL_MS, signal }),
  );
}

/** Puts what the user typed into every text of the input. Names of keys stay as they are. */
export function withArgs(input: JsonValue, typed: string): JsonValue {
  if (typeof input === "string") return input.replaceAll(ARGS, () => typed);
  if (Array.isArray(input)) return input.map((one) => withArgs(one, typed));
  if (!isJsonObject(input)) return input;
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, withArgs(value, typed)]));
}

/** A text, the text of `{content}`, or anything else as JSON. */
function textOf(value: JsonValue): string {
  if (typeof value === "string") return value;
  if (isJsonObject(value) && typeof value["content"] === "string") return value["content"];
  return JSON.stringify(value);
}
