import type { JsonObject, JsonValue } from "../protocol/json.js";
import type { CallOptions } from "./host-peer.js";

/** Options of a call of a tool through a harness. */
export interface ToolCallOptions extends CallOptions {
  /** Gets what the tool reports while it runs (protocol 3). */
  onProgress?: (report: JsonObject) => void;
  sessionId?: string;
}

/** What a model is asked, as it stands on the wire. What is missing is empty or null. */
export interface ProviderCallOptions extends CallOptions {
  messages?: readonly JsonObject[];
  system_prompt?: string;
  tools?: readonly JsonObject[];
  temperature?: number;
  max_tokens?: number;
  thinking_budget?: number;
}

/** All events of a stream in their order, and the answer that ended it. */
export interface Streamed {
  events: JsonObject[];
  result: JsonValue;
}

/** The question as a host sends it. */
export function providerParams(provider: string, model: string, options: ProviderCallOptions): JsonObject {
  const { messages = [], tools = [], system_prompt, temperature, max_tokens, thinking_budget } = options;
  return {
    provider_id: provider,
    model_id: model,
    model: `test-extension:${provider}:${model}`,
    messages: [...messages],
    system_prompt: system_prompt ?? null,
    tools: [...tools],
    temperature: temperature ?? null,
    max_tokens: max_tokens ?? null,
    thinking_budget: thinking_budget ?? 0,
  };
}
