import type { ConfigSpec } from "./config.js";
import type { CallContext } from "./define-extension.js";
import type { JsonObject, JsonValue } from "./protocol/json.js";

type Awaitable<T> = T | Promise<T>;

/** A question to a model, as it stands on the wire. */
export interface ProviderRequest {
  /** The provider's id inside the extension. */
  provider_id: string;
  model_id: string;
  /** The whole reference, `<extension>:<provider>:<model>`. */
  model: string;
  messages: JsonObject[];
  system_prompt: string | null;
  /** Tools that the model may ask for. */
  tools: (JsonObject & { name: string; description: string; input_schema: JsonObject })[];
  temperature: number | null;
  max_tokens: number | null;
  /** A whole number of tokens; 0 when the program asks for none. */
  thinking_budget: number;
}

/** A part of an answer. Others than these may be passed on as well. */
export type ContentBlock =
  | { type: "text"; text: string }
  | { type: "thinking"; thinking: string }
  | { type: "tool_use"; id: string; name: string; input?: JsonValue }
  | (JsonObject & { type: string });

/** A whole answer of a model. A host refuses one whose content is no list of blocks. */
export interface ProviderResult {
  /** At least one block; may be empty at the end of a stream whose events were all of it. */
  content: ContentBlock[];
  stop_reason?: string;
  usage?: JsonObject;
}

/** What a stream tells, in order. */
export type ProviderEvent =
  | { type: "text"; text: string }
  | { type: "thinking"; text: string }
  | { type: "tool_use"; id: string; name: string; input?: JsonValue }
  | { type: "usage"; [field: string]: JsonValue | undefined }
  | { type: "error"; message: string }
  | { type: "done" };

/** A model of a provider. Its id is its key in `models`. */
export interface ProviderModel {
  displayName?: string;
  /** Whether the host is to stream from it. Needs `stream`. Default false. */
  streaming?: boolean;
  /** Whether it may ask for tools; users are warned of that. Default false. */
  toolUse?: boolean;
  /** In tokens. */
  contextWindow?: number;
}

/** What a streaming provider gets beside the request. */
export interface StreamContext<C extends ConfigSpec = ConfigSpec> extends CallContext<C> {
  /** Tells the next event, for providers that are no generators. */
  emit(event: ProviderEvent): void;
}

/** The end of a stream: nothing when the events were all of it. */
type StreamEnd = ProviderResult | undefined | void;

/** A source of completions, as a service that hosts models. Needs the permission `providers.register`. */
export interface ProviderDefinition<C extends ConfigSpec = ConfigSpec> {
  displayName: string;
  description: string;
  /** By the model's id. At least one. */
  models: Readonly<Record<string, ProviderModel>>;
  /** JSON Schema of the configuration that it needs; the host refuses to start without its `required` keys. */
  configSchema?: JsonObject;
  /** Answers as a whole, within 60 s. */
  complete(request: ProviderRequest, context: CallContext<C>): Awaitable<ProviderResult>;
  /** Answers piece by piece, within 120 s: a generator of events, or a function that calls `emit`. */
  stream?(
    request: ProviderRequest,
    context: StreamContext<C>,
  ): AsyncGenerator<ProviderEvent, StreamEnd> | Awaitable<StreamEnd>;
}

/** How providers are declared in the answer to `initialize`. */
export function declareProviders(providers: Readonly<Record<string, ProviderDefinition>>): JsonObject[] {
  return Object.entries(providers).map(([id, { displayName, description, models, configSchema }]) => ({
    id,
    display_name: displayName,
    description,
    models: Object.entries(models).map(([model, one]) => ({
      id: model,
      display_name: one.displayName ?? model,
      capabilities: { streaming: one.streaming ?? false, tool_use: one.toolUse ?? false },
      ...(one.contextWindow === undefined ? {} : { context_window: one.contextWindow }),
    })),
    ...(configSchema === undefined ? {} : { config_schema: configSchema }),
  }));
}
