import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import type { OperationResult } from "../../dispatch/operation/types.js";

/** A model that an extension offers, as its declaration says. */
export interface ModelInfo {
  /** `<extension>:<provider>:<model>`: names the model in a request. */
  readonly ref: string;
  readonly id: string;
  readonly displayName: string;
  readonly streaming: boolean;
  /** True if the model may ask for tools. */
  readonly toolUse: boolean;
  /** In tokens; null when the extension does not say. */
  readonly contextWindow: number | null;
}

/** A source of completions that an extension offers. */
export interface ProviderInfo {
  /** `<extension>:<provider>`. */
  readonly id: string;
  readonly extension: string;
  readonly provider: string;
  readonly displayName: string;
  readonly description: string;
  readonly models: readonly ModelInfo[];
  /** True if the user switched the provider off; also while the trust file cannot be read. */
  readonly disabled: boolean;
}

/**
 * One question for a model. A temperature and a number of tokens that are absent or null are left to the provider; the host
 * checks types, not ranges.
 */
export interface CompletionRequest {
  /** A model by its three parts. */
  model: string;
  /** In the form that the provider understands; the tool loop appends `assistant` and `user` messages. */
  messages: readonly JsonObject[];
  systemPrompt?: string | null;
  /** Tools that the caller runs himself: passed on as they are. Requests for them come back in the content. */
  tools?: readonly JsonValue[];
  temperature?: number | null;
  maxTokens?: number | null;
  /** In tokens, a whole number. Default 0: no thinking is asked for. */
  thinkingBudget?: number | null;
}

/** A tool of the program itself that a provider may ask for. */
export interface OwnTool {
  name: string;
  description: string;
  inputSchema: JsonObject;
  run(input: JsonValue, signal: AbortSignal | undefined): OperationResult | Promise<OperationResult>;
}

/**
 * Options of `providers.complete` and `providers.stream`. An unknown key or a wrong type is an error before the model
 * is asked.
 */
export interface CompletionOptions {
  signal?: AbortSignal;
  /** Tools of extensions that the host runs when the provider asks: all of them, or those of these names. Default none. */
  extensionTools?: boolean | readonly string[];
  /** Tools of the program that the host runs in the same way, between the hooks. */
  ownTools?: readonly OwnTool[];
  /** Turns of the provider until it must have ended without asking for a tool. Default 8, the reference's. */
  maxTurns?: number;
}

/** A tool that the host ran for a provider. */
export interface RanTool {
  readonly id: string;
  readonly name: string;
  readonly isError: boolean;
}

/** The answer of a model after all turns of its tool loop. The content is as the provider sent it. */
export interface Completion {
  /** Blocks of the last turn, as the provider answered them. */
  readonly content: readonly JsonObject[];
  /** The texts among them, joined. */
  readonly text: string;
  readonly stopReason: string | null;
  /** Reports of usage by the turns, in their order. */
  readonly usages: readonly JsonObject[];
  readonly turns: number;
  readonly ranTools: readonly RanTool[];
  /** Stream events that made no sense and were skipped. */
  readonly malformedEvents: number;
}

/** One event of a stream, in the order in which the provider sent it. */
export type StreamEvent = (
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: JsonValue }
  | { readonly type: "usage"; readonly usage: JsonObject }
  | { readonly type: "error"; readonly message: string }
  | { readonly type: "done" }
) & {
  /** Events before this one that were dropped, because nobody took them fast enough. */
  readonly dropped?: number;
};
