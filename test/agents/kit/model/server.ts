import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { anthropic } from "./anthropic.js";
import { gemini } from "./gemini.js";
import { openai } from "./openai.js";
import { JSON_TYPE, type Api, type Asked, type Turn } from "./script.js";

/** A model that says what its script says: no model at all, but an agent cannot tell. */
export interface ScriptedModel {
  readonly url: string;
  /** Requests of the talk, in the order in which they came. Questions beside it are answered and not kept. */
  readonly asked: readonly Asked[];
  /** What the model read of a call: the id is `<turn>-<place>`. `undefined` as long as it was told nothing. */
  resultOf(id: string): string | undefined;
  /** Everything that the model was sent, one request after the other. */
  readAll(): string;
  close(): Promise<void>;
}

/** Serves three APIs on one loopback port. When the script is over, the model says so and asks for nothing more. */
export async function startModel(script: readonly Turn[]): Promise<ScriptedModel> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    resultOf: (id) => asked.flatMap(({ results }) => results).findLast((result) => result.id === id)?.text,
    readAll: () => asked.map((one) => one.text).join("\n"),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const atMs = performance.now();
    const body = await text(request);
    const path = request.url ?? "";
    const api = apiOf(path);
    if (!api || body === "") return send(response, JSON_TYPE, '{"data":[],"models":[]}');
    if (/count_?tokens/i.test(path)) return send(response, JSON_TYPE, '{"input_tokens":10,"totalTokens":10}');
    const parsed = JSON.parse(body);
    const tools = api.toolsIn(parsed);
    const turn = asked.length;
    if (!api.isTurn(tools)) return send(response, ...reply(api, parsed, path, tools, turn, undefined));
    const one: Asked = {
      turn,
      atMs,
      answeredAtMs: Number.NaN,
      text: body,
      results: api.resultsIn(parsed),
      tools,
    };
    asked.push(one);
    await script[turn]?.before?.();
    send(response, ...reply(api, parsed, path, tools, turn, script[turn]));
    one.answeredAtMs = performance.now();
  }

  function reply(
    api: Api,
    body: any,
    path: string,
    tools: readonly string[],
    turn: number,
    step: Turn | undefined,
  ): [string, string] {
    const calls = typeof step?.calls === "function" ? step.calls(asked) : (step?.calls ?? []);
    const named = calls.map((call, place) => api.name(call, `${turn}-${place}`, tools));
    const { type, text: written } = api.answer(body, path, named, turn);
    return [type, written];
  }
}

function send(response: ServerResponse, type: string, written: string): void {
  response.setHeader("content-type", type);
  response.end(written);
}

function apiOf(path: string): Api | undefined {
  if (path.startsWith("/v1beta/")) return gemini;
  if (path.includes("/responses")) return openai;
  return path.startsWith("/v1/messages") ? anthropic : undefined;
}
