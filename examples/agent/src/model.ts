import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "@synaps/sdk/protocol";

export interface Message {
  role: "user" | "assistant" | "tool";
  content: string;
}

export interface ToolCall {
  name: string;
  input: JsonObject;
}

/** What a model answers. No calls: it has finished. */
export interface Turn {
  text: string;
  calls: ToolCall[];
  tokens: { input: number; output: number };
}

/** A model says what its script has for the last message of the user, turn by turn. */
export type Script = Readonly<Record<string, readonly (readonly [text: string, ...calls: ToolCall[]])[]>>;

export interface ModelServer {
  url: string;
  /** The next requests fail with this status, as those of a provider that is overloaded. */
  failNext(times: number): void;
  /** Requests that are not answered yet: a model that thinks for ever. Called when the next one came in. */
  hangNext(arrived: () => void): void;
  close(): Promise<void>;
}

/** A provider over HTTP whose models are scripted: the words are made up, the requests and the tokens counted are real. */
export async function startModels(script: Script): Promise<ModelServer> {
  let failures = 0;
  let hanging: (() => void) | undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { model, messages } = JSON.parse(await bodyOf(request)) as { model: string; messages: Message[] };
    if (hanging !== undefined) {
      hanging();
      hanging = undefined;
    } else if (failures > 0) {
      failures -= 1;
      response.writeHead(503).end("overloaded");
    } else {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(turnOf(script, model, messages)));
    }
  };
  // A client that goes away before it has asked gets no answer.
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failNext: (times) => (failures = times),
    hangNext: (arrived) => (hanging = arrived),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Asks a model at a provider. Rejects with the status of an answer that is none. */
export async function askModel(
  url: string,
  model: string,
  messages: readonly Message[],
  signal: AbortSignal,
): Promise<Turn> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify({ model, messages }), signal });
  if (!response.ok) throw new Error(`${model}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Turn;
}

function turnOf(script: Script, model: string, messages: readonly Message[]): Turn {
  const asked = messages.findLastIndex(({ role }) => role === "user");
  const turns = script[messages[asked]?.content ?? ""] ?? [];
  const said = messages.slice(asked).filter(({ role }) => role === "assistant").length;
  const [text, ...calls] = turns[said] ?? [`I have nothing to say about that.`];
  const answer = `${model}: ${text}`;
  return { text: answer, calls, tokens: { input: words(JSON.stringify(messages)), output: words(answer) } };
}

/** A word counts as a token here. */
function words(text: string): number {
  return text.split(/\W+/).filter(Boolean).length;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
