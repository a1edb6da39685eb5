import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import type { ToolCalls, ToolResult } from "../tools/tool-types.js";
import type { CommandEnd } from "./outcome.js";
import type { OutputSink } from "./output-router.js";

const ARGS = "${args}";

/**
 * Runs a command that calls a tool of its extension, between the hooks that every tool call passes. Progress messages
 * of the tool become output.
 */
export async function runToolCommand(
  tools: Pick<ToolCalls, "call">,
  extension: string,
  { tool, input }: { tool: string; input: JsonValue },
  args: readonly string[],
  signal: AbortSignal,
  sink: OutputSink,
): Promise<CommandEnd> {
  const onProgress = ({ message }: { message?: string }): void => {
    if (message !== undefined) sink({ kind: "system", content: message });
  };
  try {
    const filled = withArgs(input, args.join(" "));
    return endOf(await tools.call(`${extension}:${tool}`, filled, { signal, onProgress }));
  } catch (error) {
    // There is no such tool, or its extension does not run.
    if (error instanceof HostError) return { status: "failed", reason: error.message };
    throw error;
  }
}

function endOf(call: ToolResult): CommandEnd {
  const { content } = call;
  const result = { shape: "tool", content, call } as const;
  switch (call.status) {
    case "ok":
      return { status: "done", result };
    case "cancelled":
      return { status: "cancelled", reason: content, result };
    case "unavailable":
      return call.reason === "timeout"
        ? { status: "timeout", reason: content, result }
        : { status: "unavailable", cause: call.reason, reason: content, result };
    case "error":
    case "invalid_input":
    case "blocked":
      return { status: "failed", reason: content, result };
  }
}

/** Puts the typed text into every text of the input. Names of keys stay as they are. */
export function withArgs(input: JsonValue, typed: string): JsonValue {
  if (typeof input === "string") return input.replaceAll(ARGS, () => typed);
  if (Array.isArray(input)) return input.map((one) => withArgs(one, typed));
  if (!isJsonObject(input)) return input;
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, withArgs(value, typed)]));
}
