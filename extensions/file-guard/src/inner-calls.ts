import { isJsonObject, type JsonValue } from "@synaps/sdk/protocol";

/** A call within the input of a tool that makes several at once. */
export interface InnerCall {
  readonly name: string;
  readonly input: JsonValue;
}

const MAX_CALLS = 50;
const LISTS = ["tool_calls", "tool_uses", "toolCalls", "invocations", "calls"];
const NAMES = ["tool", "tool_name", "toolName", "name", "recipient_name"];
const INPUTS = ["input", "parameters", "arguments", "args", "tool_input"];

/**
 * The calls in the input of a tool such as `batch` or `multi_tool_use.parallel`; undefined for any other input. Of more than 50 the
 * rest is not looked at, and `isWhole` is false then.
 */
export function innerCalls(input: JsonValue): { calls: InnerCall[]; isWhole: boolean } | undefined {
  if (!isJsonObject(input)) return undefined;
  const list = LISTS.map((key) => input[key]).find((value) => Array.isArray(value));
  if (!Array.isArray(list)) return undefined;
  const calls = list.slice(0, MAX_CALLS).flatMap((one) => {
    if (!isJsonObject(one)) return [];
    const name = NAMES.map((key) => one[key]).find((value) => typeof value === "string");
    const inner = INPUTS.map((key) => one[key]).find((value) => value !== undefined && value !== null);
    return typeof name === "string" && inner !== undefined ? [{ name, input: inner }] : [];
  });
  return calls.length === 0 ? undefined : { calls, isWhole: list.length <= MAX_CALLS };
}
