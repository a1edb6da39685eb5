import type { JsonObject } from "@synaps/sdk/protocol";

export interface Message {
  role: "user" | "assistant" | "tool";
  text: string;
  is_error?: boolean;
}

export interface ToolCall {
  id: string;
  name: string;
  input: JsonObject;
}

/** What a provider answers. No calls means that the model has finished. */
export interface Reply {
  text: string;
  calls: readonly ToolCall[];
  input_tokens: number;
  output_tokens: number;
}

const MAX_BYTES = 1_048_576;
/** Tools that one reply may call. */
const MAX_CALLS = 8;

/** Asks a model over HTTP. Rejects with an Error for anything but a well-formed answer of at most 1 MiB. */
export async function askModel(
  url: string,
  request: { model: string; messages: readonly Message[] },
  signal: AbortSignal,
): Promise<Reply> {
  const response = await fetch(new URL("/v1/chat", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
    redirect: "error",
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`it answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`its answer has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return replyOf(Buffer.concat(chunks).toString("utf8"));
}

function replyOf(body: string): Reply {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Error("its answer is not JSON");
  }
  if (!isReply(value)) throw new Error("its answer is malformed");
  return value;
}

function isReply(value: unknown): value is Reply {
  if (!isObject(value)) return false;
  const { text, calls, input_tokens, output_tokens } = value;
  const isCount = (count: unknown): boolean => Number.isSafeInteger(count) && (count as number) >= 0;
  return (
    typeof text === "string" &&
    isCount(input_tokens) &&
    isCount(output_tokens) &&
    Array.isArray(calls) &&
    calls.length <= MAX_CALLS &&
    calls.every(isCall)
  );
}

function isCall(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { id, name, input } = value;
  return typeof id === "string" && typeof name === "string" && isObject(input);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
