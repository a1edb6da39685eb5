import { HostError } from "@synaps/host";
import type { IncomingMessage, ServerResponse } from "node:http";
import { errorFields, statusOf } from "./error-fields.js";
import { failedAnswer, HookRequest, PROJECT_HEADER, shellForm } from "./hook-request.js";
import { callMethod, type Caller } from "./methods.js";
import type { ServiceParts } from "./parts.js";

/** Largest body of a request: what a host can hand on to an extension. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** Bytes of all bodies together that are held at the same time. */
const MAX_HELD_BYTES = 128 * 1024 * 1024;
/** Bytes that may wait for a client that follows outcomes and does not read. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;
/** Methods that go on until the client leaves, with a line for each thing that they tell. */
const STREAMS = ["outcomes"];
const PREFIX = "/v1/";
const HOOKS = "hooks/";

/** Answers HTTP requests: `POST /v1/<method>` with JSON, and `POST /v1/hooks/<agent>` with what the agent sent. */
export class HttpRoutes {
  readonly #parts: ServiceParts;
  #held = 0;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    // An operation that was begun goes on when its first answer was taken.
    response.once("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    response.on("error", () => gone.abort());
    let bytes = 0;
    try {
      const url = new URL(request.url ?? "/", "http://synaps");
      if (!url.pathname.startsWith(PREFIX)) return send(response, 404, { error: nothingThere(url.pathname) });
      if (request.method !== "POST") return send(response, 405, { error: onlyPost() }, { allow: "POST" });
      const body = await this.#read(request);
      bytes = body.length;
      const route = url.pathname.slice(PREFIX.length);
      const text = body.toString("utf8");
      if (route.startsWith(HOOKS)) await this.#hook(request, response, route.slice(HOOKS.length), url, text);
      else await this.#method(response, route, text, gone.signal);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else send(response, statusOf(error), { error: errorFields(error) });
    } finally {
      this.#held -= bytes;
    }
  }

  async #hook(
    request: IncomingMessage,
    response: ServerResponse,
    agent: string,
    { searchParams }: URL,
    text: string,
  ): Promise<void> {
    const call = HookRequest.ofHttp(agent, searchParams, pathIn(request.headers[PROJECT_HEADER]), text);
    const isShell = searchParams.get("form") === "sh";
    let answer;
    try {
      answer = await this.#parts.hooks.answer(call);
    } catch (error) {
      this.#parts.logger.warn("a hook of an agent could not be answered", {
        agent: agent.slice(0, 60),
        reason: errorFields(error).message,
      });
      if (!isShell) throw error;
      answer = failedAnswer(call, error);
    }
    response.setHeader("content-type", isShell ? "text/plain; charset=utf-8" : "application/json");
    response.end(isShell ? shellForm(answer) : answer.stdout);
  }

  async #method(response: ServerResponse, method: string, text: string, signal: AbortSignal): Promise<void> {
    const isStream = STREAMS.includes(method);
    const caller: Caller = {
      signal,
      tell: (name, value) => {
        if (!isStream) return;
        if (!response.headersSent) response.setHeader("content-type", "application/x-ndjson");
        if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
        // The first line says that nothing that comes from now on is missed.
        else response.write(`${JSON.stringify(name === "outcome" ? value : { [name]: value })}\n`);
      },
    };
    const result = await callMethod(method, paramsOf(text), caller, this.#parts);
    if (isStream) response.end();
    else send(response, 200, result);
  }

  async #read(request: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let refusal: HostError | undefined;
    await new Promise<void>((resolve, reject) => {
      request.on("data", (chunk: Buffer) => {
        // A refused body is read to its end all the same: else its sender hears of a broken pipe and of no reason.
        if (refusal !== undefined) return;
        bytes += chunk.length;
        this.#held += chunk.length;
        chunks.push(chunk);
        if (bytes > MAX_BODY_BYTES) refusal = tooLarge();
        else if (this.#held > MAX_HELD_BYTES)
          refusal = new HostError("SERVICE_BUSY", "Requests of more than 128 MiB are under way");
        if (refusal !== undefined) chunks.length = 0;
      });
      request.once("end", resolve);
      request.once("error", reject);
      request.once("close", () => {
        if (!request.complete) reject(new HostError("SERVICE_INVALID", "The request ended early"));
      });
    }).catch((error: unknown) => {
      this.#held -= bytes;
      throw error;
    });
    if (refusal !== undefined) {
      this.#held -= bytes;
      throw refusal;
    }
    return Buffer.concat(chunks, bytes);
  }
}

/** Writes a value as JSON and ends the answer. */
export function send(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed) return;
  const body = `${JSON.stringify(value ?? null)}\n`;
  const length = Buffer.byteLength(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": length, ...headers });
  response.end(body);
}

/** A path in a header, whose bytes are UTF-8 and are read as Latin-1. */
function pathIn(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? Buffer.from(header, "latin1").toString("utf8") : undefined;
}

function paramsOf(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new HostError("SERVICE_INVALID", "The body of the request is not JSON");
  }
}

function tooLarge(): HostError {
  return new HostError("SERVICE_INVALID", `The body of a request is larger than ${MAX_BODY_BYTES} bytes`);
}

const nothingThere = (path: string): object => ({
  code: "SERVICE_INVALID",
  message: `There is nothing at '${path.slice(0, 100)}'`,
  hint: "Paths begin with /v1/.",
});
const onlyPost = (): object => ({ code: "SERVICE_INVALID", message: "Only POST is answered" });
