import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { EventEmitter, once } from "node:events";
import type { JsonObject } from "@synaps/sdk/protocol";
import type { Message, Reply } from "./provider.js";

/** What the provider would bill for one answer. */
export interface Billed {
  model: string;
  input_tokens: number;
  output_tokens: number;
}

export interface ScriptedModel {
  url: string;
  bills: readonly Billed[];
  /** Resolves once another call does not end because somebody said `hang` or `wait`. */
  hanging(): Promise<void>;
  /** Answers the calls that wait. */
  release(): void;
  close(): Promise<void>;
}

/**
 * A provider on loopback whose model follows orders: `use TOOL {...}` calls a tool, `fail`, `hang`, `reset` and `garble` make
 * the provider misbehave, `wait` is answered after `release`, and anything else is answered with itself.
 */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const bills: Billed[] = [];
  const changes = new EventEmitter();
  const server = createServer((request, response) => {
    void answer(request, response, { bills, changes }).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bills,
    hanging: async () => void (await once(changes, "hanging")),
    release: () => void changes.emit("release"),
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { bills, changes }: { bills: Billed[]; changes: EventEmitter },
): Promise<void> {
  if (request.method !== "POST") return void response.end("a page of the local server");
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
  const { model, messages } = JSON.parse(body) as { model: string; messages: Message[] };
  const order = messages.at(0)?.text ?? "";
  if (order === "reset") return void response.destroy();
  if (order === "fail") return void response.writeHead(500).end();
  if (order === "garble") return void response.end('{"text":42}');
  if (order === "hang" || order === "wait") {
    const released = order === "wait" ? once(changes, "release") : undefined;
    changes.emit("hanging");
    if (!released) return;
    await released;
  }
  const reply = replyTo(model, messages);
  bills.push({ model, input_tokens: reply.input_tokens, output_tokens: reply.output_tokens });
  response.end(JSON.stringify(reply));
}

function replyTo(model: string, messages: readonly Message[]): Reply {
  const input_tokens = tokensIn(messages.map(({ text }) => text).join(" "));
  const last = messages.at(-1);
  const order = /^use (?<name>\w+) (?<input>\{.*\})$/s.exec(messages[0]?.text ?? "")?.groups;
  if (last?.role === "user" && order) {
    const input = JSON.parse(order["input"] ?? "{}") as JsonObject;
    const calls = [{ id: `call_${messages.length}`, name: order["name"] ?? "", input }];
    return { text: "", calls, input_tokens, output_tokens: 1 };
  }
  const text = `${model}: ${last?.is_error ? "error: " : ""}${last?.text ?? ""}`;
  return { text, calls: [], input_tokens, output_tokens: tokensIn(text) };
}

/** A word is a token. */
function tokensIn(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}
