import { DONE, events, STREAM_TYPE, textOf, type Api, type Named } from "./script.js";

const USAGE = {
  input_tokens: 5,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 10,
};

/** OpenAI's Responses, as Codex uses it. */
export const openai: Api = {
  isTurn: (tools) => tools.includes("exec_command"),
  toolsIn: (body) => (body.tools ?? []).map(({ name, type }: any) => name ?? type),
  resultsIn: (body) =>
    (body.input ?? [])
      .filter(({ type }: any) => type?.endsWith("call_output"))
      .map((item: any) => ({ id: item.call_id, text: textOf(item.output) })),
  name(call, id) {
    if ("shell" in call) return { id, name: "exec_command", input: { cmd: call.shell, ...call.extra } };
    if ("write" in call) {
      const added = call.content.trimEnd().split("\n");
      const lines = ["*** Begin Patch", `*** Add File: ${call.write}`, ...added.map((line) => `+${line}`)];
      return { id, name: "apply_patch", input: {}, freeform: [...lines, "*** End Patch"].join("\n") };
    }
    return { id, name: call.tool, input: call.input };
  },
  answer(_body, _path, calls, turn) {
    const id = `resp_${turn}`;
    const items = calls.length === 0 ? [message(turn)] : calls.map(item);
    const text = events([
      ["response.created", { response: { id, status: "in_progress" } }],
      ...items.flatMap((one, output_index): [string, object][] => [
        ["response.output_item.added", { output_index, item: one }],
        ["response.output_item.done", { output_index, item: one }],
      ]),
      ["response.completed", { response: { id, status: "completed", usage: USAGE } }],
    ]);
    return { type: STREAM_TYPE, text };
  },
};

function message(turn: number): object {
  const content = [{ type: "output_text", text: DONE, annotations: [] }];
  return { type: "message", id: `msg_${turn}`, role: "assistant", status: "completed", content };
}

function item({ id, name, input, freeform }: Named): object {
  const common = { id: `item_${id}`, call_id: id, name, status: "completed" };
  return freeform === undefined
    ? { type: "function_call", ...common, arguments: JSON.stringify(input) }
    : { type: "custom_tool_call", ...common, input: freeform };
}
