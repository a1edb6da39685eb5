import { join } from "node:path";
import type { JsonObject, JsonValue } from "@synaps/sdk/protocol";
import { HostError } from "../../errors.js";
import type { ExtensionState } from "../../supervision/states.js";
import { isLive } from "../../supervision/states.js";
import type { Extension } from "../../supervision/extension.js";
import { LineLog } from "../../loading/records/line-log.js";
import { TrustStore } from "../../loading/records/trust-store.js";
import { wrongCompletion } from "./wrong-completion.js";
import { unlessAborted } from "../../time/abort.js";
import type { Services } from "../services.js";
import { auditLine, errorClassOf, type AuditCounts } from "./audit.js";
import { LoopTools } from "./loop-tools.js";
import { findModel, providersOf, type IndexedModel } from "./provider-index.js";
import type {
  Completion,
  CompletionOptions,
  CompletionRequest,
  ProviderInfo,
  StreamEvent,
} from "./provider-types.js";
import { ProviderStream } from "./provider-stream.js";
import { Streams } from "./streams.js";
import { DEFAULT_MAX_TURNS, toolLoop } from "./tool-loop.js";
import { cancelled, completeOnce, streamOnce, type TurnServices } from "./turn.js";

type Sink = (event: StreamEvent) => void;

/** First protocol whose providers ask for tools in a stream. */
const STREAMS_TOOLS_SINCE = 3;

/** Providers of completions that extensions offer. The host runs their tools; a provider never does. */
export class Providers {
  readonly #services: Services;
  readonly #turns: TurnServices;
  readonly #trust: TrustStore;
  readonly #audit: LineLog;

  constructor(services: Services) {
    const { clock, limits, logger, baseDir } = services;
    this.#services = services;
    const streams = new Streams(logger);
    this.#turns = { clock, limits, streams, call: (...args) => services.call(...args) };
    this.#trust = new TrustStore(baseDir);
    this.#audit = new LineLog({ baseDir, path: join(baseDir, "extensions", "audit.jsonl") }, logger);
    services.inbound.listen("provider.stream.event", (from, params) => streams.receive(from, params));
    services.onState((extension, _from, to) => this.#warnOfTools(extension, to));
  }

  /** All providers that can be asked now, sorted by runtime id. */
  async list(): Promise<ProviderInfo[]> {
    // With a file that cannot be read every provider counts as off; a turn then rejects with the file's error.
    const disabled = await this.#trust.disabled().catch(() => undefined);
    return providersOf(this.#services.extensions()).map(({ info }) => ({
      ...info,
      disabled: disabled?.has(info.id) ?? true,
    }));
  }

  /**
   * Asks a model for a completion and runs the offered tools that the model asks for. Each question to the provider
   * may take `providerCompleteMs` (60 s), the wait for a turn included. A model that streams is asked for a stream when no
   * tools are offered to it, with `providerStreamMs` (120 s). Rejects with a HostError
   * (`PROVIDER_*`, `TRUST_UNREADABLE`, `TOOL_NOT_FOUND`); never because of a tool.
   */
  complete(request: CompletionRequest, options: CompletionOptions = {}): Promise<Completion> {
    return this.#route(request, options, undefined);
  }

  /**
   * The same with events as they come. A model that does not stream answers as a whole, and its content becomes
   * events. Each question may take `providerStreamMs` (120 s). Begins at once, whether or not somebody reads.
   */
  stream(request: CompletionRequest, options: CompletionOptions = {}): ProviderStream {
    return new ProviderStream((sink) => this.#route(request, options, sink));
  }

  /** Switches a provider off for all hosts of this base folder, until `enable`. Throws a HostError. */
  disable(id: string, reason?: string): Promise<void> {
    return this.#trust.set(id, true, reason);
  }

  enable(id: string): Promise<void> {
    return this.#trust.set(id, false);
  }

  /** The last lines of the audit file, oldest first: providers and ends of requests, never a prompt or an output. */
  auditTail(count = 100): Promise<JsonObject[]> {
    return this.#audit.tail(count);
  }

  /** Resolves when the audit file is written. */
  settled(): Promise<void> {
    return this.#audit.settled();
  }

  async #route(
    request: CompletionRequest,
    options: CompletionOptions,
    sink: Sink | undefined,
  ): Promise<Completion> {
    const wrong = wrongCompletion(request, options);
    if (wrong) throw wrong;
    this.#services.mustRun();
    const target = findModel(this.#services.extensions(), request.model);
    const { extensionTools, ownTools, maxTurns = DEFAULT_MAX_TURNS, signal } = options;
    const tools = extensionTools || ownTools ? new LoopTools(this.#services, options) : undefined;
    const offered: JsonValue[] = [...(request.tools ?? []), ...(tools?.specs ?? [])];
    const streamed = isStreamed(target, offered.length > 0, sink !== undefined);
    const counts = { exposed: offered.length, requested: 0, streamed };
    const completion = (): Promise<Completion> =>
      toolLoop({
        ref: target.model.ref,
        messages: request.messages,
        tools,
        maxTurns,
        signal,
        ask: async (messages) => {
          // Checked each time: the user may switch the provider off while it asks for one tool after the other.
          await this.#mustBeTrusted(target);
          const turn = { target, request, messages, tools: offered, signal };
          if (streamed) return streamOnce(turn, sink ?? (() => {}), this.#turns);
          const answer = await completeOnce(turn, this.#turns);
          if (sink) emitWhole(answer.content, sink);
          return answer;
        },
        onToolUses: (count) => (counts.requested += count),
      });
    // An abort settles the request at once, wherever it waits: for its turn, a tool of the program, or a file.
    const work = this.#audited(target, counts, () =>
      unlessAborted(signal, completion(), () => {
        throw cancelled(target.model.ref);
      }),
    );
    return this.#services.activity.during(work);
  }

  async #audited(
    target: IndexedModel,
    counts: AuditCounts,
    work: () => Promise<Completion>,
  ): Promise<Completion> {
    const { clock } = this.#services;
    try {
      const completion = await work();
      this.#audit.append(auditLine(target, counts, clock.wallMs()));
      return completion;
    } catch (error) {
      this.#audit.append(auditLine(target, counts, clock.wallMs(), errorClassOf(error)));
      throw error;
    }
  }

  async #mustBeTrusted({ info }: IndexedModel): Promise<void> {
    const disabled = await this.#trust.disabled();
    if (!disabled.has(info.id)) return;
    const reason = disabled.get(info.id);
    const why = reason === undefined ? "" : ` (${reason})`;
    throw new HostError(
      "PROVIDER_DISABLED",
      `Provider '${info.id}' is disabled by user trust settings${why}`,
      {
        hint: `Enable it in '${this.#trust.path}', or with host.providers.enable('${info.id}').`,
      },
    );
  }

  #warnOfTools(extension: Extension, to: ExtensionState): void {
    if (!isLive(to)) return;
    for (const { info } of providersOf([extension])) {
      const able = info.models.filter(({ toolUse }) => toolUse).map(({ id }) => id);
      if (able.length === 0) continue;
      this.#services.warn(extension, {
        code: "PROVIDER_USES_TOOLS",
        message: `Provider '${info.id}' may ask for tools to be run: ${able.join(", ")}`,
        hint: `If you do not want that, disable '${info.id}' in '${this.#trust.path}'.`,
      });
    }
  }
}

/**
 * Decides between the two questions to a provider. A model that streams is asked for a stream, as the reference asks it, also
 * where nobody watches: it may know no other question. With tools, models of protocols 1 and 2 that use them answer as a whole.
 */
function isStreamed({ extension, model }: IndexedModel, hasTools: boolean, isWatched: boolean): boolean {
  if (!model.streaming || !hasTools || !model.toolUse) return model.streaming;
  return isWatched && extension.loaded.protocol >= STREAMS_TOOLS_SINCE;
}

/** The content of a whole answer as the events of a stream. */
function emitWhole(content: readonly JsonObject[], sink: Sink): void {
  for (const { type, text, thinking, id, name, input } of content) {
    if (type === "text" && typeof text === "string") sink({ type, text });
    else if (type === "thinking" && typeof thinking === "string") sink({ type, text: thinking });
    else if (type === "tool_use" && typeof id === "string" && typeof name === "string")
      sink({ type, id, name, input: input ?? {} });
  }
  sink({ type: "done" });
}
