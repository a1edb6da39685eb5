import { DONE, JSON_TYPE, STREAM_TYPE, type Api } from "./script.js";

/** Gemini's generateContent, as Gemini CLI uses it. */
export const gemini: Api = {
  isTurn: (tools) => tools.includes("run_shell_command"),
  toolsIn: (body) =>
    (body.tools ?? []).flatMap(({ functionDeclarations }: any) =>
      (functionDeclarations ?? []).map(({ name }: any) => name),
    ),
  resultsIn: (body) =>
    (body.contents ?? [])
      .flatMap(({ parts }: any) => parts ?? [])
      .filter(({ functionResponse }: any) => functionResponse)
      .map(({ functionResponse: { id, response } }: any) => ({ id, text: textIn(response) })),
  name(call, id) {
    if ("shell" in call)
      return {
        id,
        name: "run_shell_command",
        input: { command: call.shell, description: "a step", ...call.extra },
      };
    if ("write" in call)
      return { id, name: "write_file", input: { file_path: call.write, content: call.content } };
    return { id, name: call.tool, input: call.input };
  },
  answer(body, path, calls) {
    // Beside the talk it asks who is to speak next.
    const wantsJson = body.generationConfig?.responseMimeType === JSON_TYPE;
    const said = wantsJson ? '{"reasoning":"the script is over","next_speaker":"user"}' : DONE;
    const parts =
      calls.length === 0
        ? [{ text: said }]
        : calls.map(({ id, name, input }) => ({ functionCall: { id, name, args: input } }));
    const chunk = {
      candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0 }],
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 5, totalTokenCount: 10 },
    };
    return path.includes("stream")
      ? { type: STREAM_TYPE, text: `data: ${JSON.stringify(chunk)}\n\n` }
      : { type: JSON_TYPE, text: JSON.stringify(chunk) };
  },
};

function textIn(response: any): string {
  return typeof response?.output === "string" ? response.output : JSON.stringify(response);
}
