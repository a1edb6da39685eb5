import type { Extension, ExtensionContext, HookHandler } from "../define-extension.js";
import { ExtensionError } from "../errors.js";
import type { SendResult } from "../framing/frame-writer.js";
import { WIRE_ERRORS } from "../protocol/error-codes.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../protocol/json.js";
import { classifyMessage, type RequestId, type WireError } from "../protocol/messages.js";
import type { SynapsKind } from "../protocol/synaps-catalog.js";
import { CONTINUE_RESULT, handleInOrder } from "./batch.js";
import { Call } from "./call.js";
import { takeChange, type ConfigInUse } from "./config-in-use.js";
import { hookResult } from "./hook-result.js";
import { HostRequests } from "./host-requests.js";
import { invalidRequest, readInitialize } from "./initialize.js";
import { checkFit } from "./manifest-fit.js";
import type { OwnManifest } from "./own-manifest.js";
import { ownFrame } from "./own-frame.js";
import { answerProvider, ProviderCall } from "./provider-call.js";
import { inputProblem } from "./tool-input.js";
import { ToolCall } from "./tool-call.js";
import { takeTold } from "./told.js";
import { screenHandler } from "./screen-requests.js";
import type { ToolInputs } from "../tool-inputs.js";
import { asObject, isThenable, messageOf } from "./unknown-values.js";

export interface SessionIo {
  /** Takes one serialised message; says when it could not be sent. */
  send(body: string): SendResult;
  log(line: string): void;
  /** Called once, after the reply to `shutdown` was handed to `send`. */
  finished(): void;
  /** Absolute path of the extension's folder: errors that handlers throw then tell their own file and line. */
  folder?: string;
  /** Reads the extension's manifest, which the hooks of the code then have to fit. */
  manifest?(): OwnManifest | { problem: string };
}

/**
 * One conversation with a host: answers its requests with the handlers of an extension. Knows nothing of streams
 * or processes. Requests are handled as they arrive, so several can be under way.
 */
export class Session {
  readonly #extension: Extension;
  readonly #io: SessionIo;
  #context: ExtensionContext | undefined;
  #config: ConfigInUse | undefined;
  #initializing = false;
  readonly #running = new Map<RequestId, Call>();
  /** What the extension asks the host by itself. */
  readonly calls: HostRequests;
  #stopping: Promise<void> | undefined;

  constructor(extension: Extension, io: SessionIo) {
    this.#extension = extension;
    this.#io = io;
    this.calls = new HostRequests((body) => io.send(body));
  }

  receive(value: unknown): void {
    const message = classifyMessage(value);
    switch (message.type) {
      case "request":
        this.#request(message.id, message.method, message.params);
        return;
      case "notification":
        if (message.method === "$/cancelRequest") this.#cancel(message.params);
        if (message.method === "config.changed") this.#changeConfig(message.params);
        if (this.#context) takeTold(message, this.#extension.definition, this.#context, this.calls);
        return;
      case "response":
        this.calls.receive(message);
        return;
      case "invalid":
        this.#io.log(`ignored a message from the host: ${message.problem}`);
    }
  }

  /** Ends what waits for the host, because no answer can come any more. */
  hostIsGone(): void {
    this.calls.close();
  }

  /**
   * Runs the extension's `stop` once; also for hosts that end without asking. While it runs, the host can still be asked:
   * a `stop` that waits for an answer for ever ends with `hostIsGone`.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#runStop();
    return this.#stopping;
  }

  #request(id: RequestId, method: string, params: unknown): void {
    switch (method) {
      case "initialize":
        this.#answer(id, () => this.#initialize(params));
        return;
      case "hook.handle":
        this.#answer(id, () => this.#handleHook(id, params));
        return;
      case "hook.batch":
        this.#answer(id, () => this.#handleBatch(id, params));
        return;
      case "tool.call":
        this.#answer(id, () => this.#callTool(id, params));
        return;
      case "provider.complete":
      case "provider.stream":
        this.#answer(id, () => this.#callProvider(id, method, params));
        return;
      case "ping":
        this.#reply(id, "{}");
        return;
      case "shutdown":
        void this.stop().then(() => {
          this.#reply(id, "null");
          this.#io.finished();
        });
        return;
      default:
        this.#answer(id, () => this.#other(id, method, params));
    }
  }

  #other(id: RequestId, method: string, params: unknown): string | Promise<string> {
    const notify = (told: string, fields: JsonValue): void => this.calls.notify(told, fields);
    const handler = screenHandler(this.#extension.definition, method, notify);
    if (!handler) {
      throw new ExtensionError(`method not found: ${method}`, { code: WIRE_ERRORS.method_not_found });
    }
    const call = new Call(this.#ready());
    return this.#run(id, call, () => handler(params, call));
  }

  /** Answers at once when the work returned at once: a microtask less on the way of a hook. */
  #answer(id: RequestId, work: () => string | Promise<string>): void {
    try {
      const result = work();
      if (typeof result === "string") this.#reply(id, result);
      else result.then((text) => this.#reply(id, text)).catch((error: unknown) => this.#fail(id, error));
    } catch (error) {
      this.#fail(id, error);
    }
  }

  async #initialize(params: unknown): Promise<string> {
    if (this.#initializing) throw invalidRequest("initialize was already called");
    this.#initializing = true;
    const { definition } = this.#extension;
    const { context, config, answer } = readInitialize(definition, params, this.#io.log, this.calls);
    this.#compareWithManifest();
    await definition.start?.(context);
    this.#context = context;
    this.#config = config;
    if (definition.onConfigChange && answer.features?.includes("config.changed")) this.#followConfig();
    return JSON.stringify(answer);
  }

  #compareWithManifest(): void {
    const manifest = this.#io.manifest?.();
    if (!manifest) return;
    if ("problem" in manifest) this.#io.log(`hooks are not compared with the manifest: ${manifest.problem}`);
    else checkFit(this.#extension.definition, manifest);
  }

  #followConfig(): void {
    this.calls.request("config.subscribe", {}).catch((error: unknown) => {
      this.#io.log(`changes of the configuration are not followed: ${messageOf(error)}`);
    });
  }

  #changeConfig(params: unknown): void {
    if (this.#config && this.#context)
      void takeChange(params, this.#config, this.#extension.definition, this.#context);
  }

  #handleHook(id: RequestId, params: unknown): string | Promise<string> {
    const context = this.#ready();
    const kind = isJsonObject(params) ? params["kind"] : undefined;
    if (typeof kind !== "string") throw invalidRequest("hook.handle needs an event with a kind");
    const { hooks = {}, catalogs } = this.#extension.definition;
    const handler = Object.hasOwn(hooks, kind)
      ? (hooks[kind as SynapsKind] as unknown as HookHandler<SynapsKind> | undefined)
      : undefined;
    if (!handler) return CONTINUE_RESULT;
    this.#checkInput(params as JsonObject);
    const call = new Call(context);
    const of = { kind, handler: handler.name, catalogs, log: this.#io.log };
    const text = (value: unknown): string => call.annotated(hookResult(value, of));
    return this.#run(id, call, () => handler(params as never, call), text);
  }

  #checkInput(event: JsonObject): void {
    const inputs: ToolInputs | undefined = this.#extension.definition.inputs;
    const kind = String(event["kind"]);
    if (!inputs || (kind !== "before_tool_call" && kind !== "after_tool_call")) return;
    const problem = inputProblem(event, inputs);
    if (problem === undefined) return;
    this.#io.log(`the handler of '${kind}' was not called: ${problem}`);
    throw new ExtensionError(problem);
  }

  #handleBatch(id: RequestId, params: unknown): string | Promise<string> {
    this.#ready();
    const { events } = asObject(params);
    if (!Array.isArray(events)) throw invalidRequest("hook.batch needs a list of events");
    return handleInOrder(
      events,
      (event) => this.#handleHook(id, event),
      (error) => `{"error":${JSON.stringify(this.#wireError(error))}}`,
    );
  }

  #callTool(id: RequestId, params: unknown): string | Promise<string> {
    const context = this.#ready();
    const call = asObject(params);
    const { name, input } = call;
    const tools = this.#extension.definition.tools ?? {};
    const tool = typeof name === "string" && Object.hasOwn(tools, name) ? tools[name] : undefined;
    if (!tool) {
      throw new ExtensionError(`unknown tool: ${String(name)}`, { code: WIRE_ERRORS.invalid_params });
    }
    const toolCall = new ToolCall(context, call, this.calls);
    return this.#run(id, toolCall, () => tool.run(input ?? null, toolCall));
  }

  #callProvider(id: RequestId, method: string, params: unknown): string | Promise<string> {
    const request = asObject(params);
    const call = new ProviderCall(this.#ready(), request, this.calls);
    const { providers = {} } = this.#extension.definition;
    return this.#run(id, call, () => answerProvider(providers, method, request, call));
  }

  #run(
    id: RequestId,
    call: Call,
    work: () => unknown,
    text: (result: unknown) => string = jsonText,
  ): string | Promise<string> {
    const result = work();
    if (!isThenable(result)) return text(result);
    this.#running.set(id, call);
    return Promise.resolve(result)
      .then(text)
      .finally(() => this.#running.delete(id));
  }

  #cancel(params: unknown): void {
    const { id } = asObject(params);
    if (typeof id === "string" || typeof id === "number") this.#running.get(id)?.abort();
  }

  #ready(): ExtensionContext {
    if (!this.#context) throw invalidRequest("initialize must be answered first");
    return this.#context;
  }

  async #runStop(): Promise<void> {
    for (const call of this.#running.values()) call.abort();
    try {
      if (this.#context) await this.#extension.definition.stop?.(this.#context);
    } catch (error) {
      this.#io.log(`stop failed: ${messageOf(error)}`);
    }
    this.calls.close();
  }

  #reply(id: RequestId, result: string): void {
    const sent = this.#io.send(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`);
    if (sent === "too_large" || sent === "full") {
      this.#fail(
        id,
        new ExtensionError(`the answer was not sent: ${sent}`, { code: WIRE_ERRORS.overloaded }),
      );
    }
  }

  #fail(id: RequestId, error: unknown): void {
    this.#io.send(JSON.stringify({ jsonrpc: "2.0", id, error: this.#wireError(error) }));
  }

  /**
   * The host's view of an error. One that the author did not make on purpose is also logged in full, and tells the first
   * line of the author's own code.
   */
  #wireError(error: unknown): WireError {
    if (error instanceof ExtensionError) {
      const { code, message, data } = error;
      return { code, message, ...(data === undefined ? {} : { data }) };
    }
    const { stack } = error instanceof Error ? error : {};
    this.#io.log(stack ?? messageOf(error));
    const at = this.#io.folder === undefined ? undefined : ownFrame(stack, this.#io.folder);
    const code = WIRE_ERRORS.extension_error;
    return { code, message: messageOf(error), ...(at === undefined ? {} : { data: { at } }) };
  }
}

function jsonText(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}
