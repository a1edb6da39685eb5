import { DONE, events, JSON_TYPE, STREAM_TYPE, textOf, type Api, type Named } from "./script.js";

const USAGE = { input_tokens: 5, output_tokens: 5 };

/** Anthropic's Messages, as Claude Code uses it. */
export const anthropic: Api = {
  isTurn: (tools) => tools.includes("Bash"),
  toolsIn: (body) => (body.tools ?? []).map(({ name }: any) => name),
  resultsIn: (body) =>
    (body.messages ?? [])
      .flatMap(({ content }: any) => (Array.isArray(content) ? content : []))
      .filter(({ type }: any) => type === "tool_result")
      .map((part: any) => ({ id: part.tool_use_id, text: textOf(part.content) })),
  name(call, id) {
    if ("shell" in call)
      return { id, name: "Bash", input: { command: call.shell, description: "a step", ...call.extra } };
    if ("write" in call)
      return { id, name: "Write", input: { file_path: call.write, content: call.content } };
    return { id, name: call.tool, input: call.input };
  },
  answer(body, _path, calls, turn) {
    const content = calls.length === 0 ? [{ type: "text", text: DONE }] : calls.map(block);
    const stop_reason = calls.length === 0 ? "end_turn" : "tool_use";
    const message = { id: `msg_${turn}`, type: "message", role: "assistant", model: body.model };
    if (!body.stream) {
      const whole = { ...message, content, stop_reason, stop_sequence: null, usage: USAGE };
      return { type: JSON_TYPE, text: JSON.stringify(whole) };
    }
    const begun = { ...message, content: [], stop_reason: null, stop_sequence: null, usage: USAGE };
    const text = events([
      ["message_start", { message: begun }],
      ...content.flatMap(pieces),
      ["message_delta", { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 5 } }],
      ["message_stop", {}],
    ]);
    return { type: STREAM_TYPE, text };
  },
};

function block({ id, name, input }: Named): any {
  return { type: "tool_use", id, name, input };
}

/** The events that bring one block of content. */
function pieces(content: any, index: number): [string, object][] {
  const isText = content.type === "text";
  const empty = isText ? { ...content, text: "" } : { ...content, input: {} };
  const delta = isText
    ? { type: "text_delta", text: content.text }
    : { type: "input_json_delta", partial_json: JSON.stringify(content.input) };
  return [
    ["content_block_start", { index, content_block: empty }],
    ["content_block_delta", { index, delta }],
    ["content_block_stop", { index }],
  ];
}
