import type { ExtensionContext } from "../define-extension.js";
import { ExtensionError } from "../errors.js";
import { WIRE_ERRORS } from "../protocol/error-codes.js";
import { isJsonObject, type JsonObject } from "../protocol/json.js";
import type {
  ProviderDefinition,
  ProviderEvent,
  ProviderRequest,
  ProviderResult,
  StreamContext,
} from "../providers.js";
import { Call } from "./call.js";
import type { HostRequests } from "./host-requests.js";

/** The context of one question to a provider. */
export class ProviderCall extends Call implements StreamContext {
  readonly #token: string | undefined;
  readonly #host: HostRequests;
  #done = false;

  constructor(context: ExtensionContext, params: JsonObject, host: HostRequests) {
    super(context);
    const meta = isJsonObject(params["meta"]) ? params["meta"] : {};
    this.#token = typeof meta["stream_token"] === "string" ? meta["stream_token"] : undefined;
    this.#host = host;
  }

  /** A property, so that it can be taken out of the context. Nothing follows `done`. */
  readonly emit = (event: ProviderEvent): void => {
    if (this.#done) return;
    this.#done = event.type === "done";
    const token = this.#token === undefined ? {} : { token: this.#token };
    this.#host.notify("provider.stream.event", { ...token, ...(event as JsonObject) });
  };
}

/** Answers `provider.complete` or `provider.stream`. Throws an ExtensionError for a provider that there is not. */
export function answerProvider(
  providers: Readonly<Record<string, ProviderDefinition>>,
  method: string,
  params: JsonObject,
  call: ProviderCall,
): Promise<ProviderResult> {
  const { provider_id } = params;
  const provider =
    typeof provider_id === "string" && Object.hasOwn(providers, provider_id)
      ? providers[provider_id]
      : undefined;
  if (!provider) {
    throw new ExtensionError(`unknown provider: ${String(provider_id)}`, {
      code: WIRE_ERRORS.invalid_params,
    });
  }
  const request = params as unknown as ProviderRequest;
  const { stream } = provider;
  if (method === "provider.stream" && stream)
    return streamed(() => stream.call(provider, request, call), call);
  return Promise.resolve(provider.complete(request, call));
}

async function streamed(
  begin: () => ReturnType<NonNullable<ProviderDefinition["stream"]>>,
  call: ProviderCall,
): Promise<ProviderResult> {
  const begun = begin();
  const end = isGenerator(begun) ? await emitAll(begun, call) : await begun;
  call.emit({ type: "done" });
  return end ?? { content: [] };
}

type Generator = Extract<
  ReturnType<NonNullable<ProviderDefinition["stream"]>>,
  AsyncGenerator<unknown, unknown>
>;

function isGenerator(begun: unknown): begun is Generator {
  return typeof begun === "object" && begun !== null && Symbol.asyncIterator in begun;
}

/** Emits what a generator yields, until its end or until nobody waits any more. */
async function emitAll(generator: Generator, call: ProviderCall): Promise<ProviderResult | undefined | void> {
  for (;;) {
    const { done, value } = await generator.next();
    if (done) return value;
    if (call.signal.aborted) {
      await generator.return(undefined);
      return undefined;
    }
    call.emit(value);
  }
}
