import { ExtensionError } from "../errors.js";
import type { SendResult } from "../framing/frame-writer.js";
import type { Catalog } from "../protocol/catalog.js";
import type { Catalogs } from "../protocol/catalog-types.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../protocol/json.js";
import { WIRE_ERRORS } from "../protocol/error-codes.js";
import { classifyMessage, type RequestId, type WireError } from "../protocol/messages.js";
import { asObject } from "../serve/unknown-values.js";
import { parseVerdict, type Verdict } from "../protocol/results.js";
import { synapsCatalog } from "../protocol/synaps-catalog.js";
import {
  providerParams,
  type ProviderCallOptions,
  type Streamed,
  type ToolCallOptions,
} from "./call-options.js";
import { dropNotice, type DroppedParts } from "./drop-notice.js";
import { checkCallOptions } from "./option-checks.js";
import type { AnyEvent, AnswerTo, SentEvent, SentKind } from "./sent-event.js";

/** Answers a request that the extension makes: with its result, or by throwing an ExtensionError. */
export type HostAnswer = (params: JsonValue) => JsonValue | Promise<JsonValue>;

/** What the extension may ask, by method. Everything else is answered with "method not found". */
export type HostAnswers = Readonly<Record<string, HostAnswer>>;

/** A notification of the extension: output of a command, a task, a widget, an editor. */
export interface Told {
  method: string;
  params: JsonValue;
}

/** What a command came to, with what it showed while it ran. */
export interface Invoked {
  result: JsonValue;
  output: JsonValue[];
}

/** Options of a call through a harness. The harness sets no deadline of its own. */
export interface CallOptions {
  /** Aborting sends `$/cancelRequest`, as a host does. The answer is still waited for. */
  signal?: AbortSignal;
}

/** What both harnesses offer: the calls of a host. Events and answers are typed by the catalogs. */
export interface HostCalls<O extends Catalogs = Catalogs> {
  /**
   * Sends an event and resolves with the verdict. Rejects with an ExtensionError when the extension answers with
   * an error (its code and data are kept), with something that is no verdict, or with an action that the kind does
   * not allow, which a host would ignore. Applies no filter, priority or permission of the manifest.
   */
  send<K extends SentKind<O>>(
    event: SentEvent<O, K>,
    options?: CallOptions,
  ): Promise<AnswerTo<O, NoInfer<K>>>;
  /** Calls a tool by its name inside the extension; resolves with the raw result. Rejects like `send`. */
  callTool(name: string, input: JsonValue, options?: ToolCallOptions): Promise<JsonValue>;
  /** Asks a provider by its id inside the extension; resolves with the raw result. Rejects like `send`. */
  complete(provider: string, model: string, options?: ProviderCallOptions): Promise<JsonValue>;
  /** The same as a stream: with its events in order, as they stood on the wire. */
  stream(provider: string, model: string, options?: ProviderCallOptions): Promise<Streamed>;
  /** Runs an interactive command. A host bounds its output and gives it 60 s; this does neither. Rejects like `send`. */
  invoke(command: string, args?: readonly string[], options?: CallOptions): Promise<Invoked>;
  /** Tells the extension of an event on a topic, as a host does. Applies no permission of the manifest. */
  publish(topic: string, data?: JsonValue, from?: string): void;
  /**
   * Tells the extension that events of these hooks were dropped, as a host does: one notice. `subscription` is `kind#1` by
   * default, `session` null, `dropped` 1, and `total` the same number.
   */
  drop(...hooks: readonly DroppedParts[]): void;
  /** Events that the extension raised so far, in order, unless `answers` has `event.publish`. */
  readonly published: readonly { topic: string; data: JsonValue; hops: number }[];
  /** Everything that the extension told so far without being asked, in order. */
  readonly told: readonly Told[];
  /** Any other request. Rejects with an ExtensionError when the answer is an error. */
  request(method: string, params: unknown, options?: CallOptions): Promise<JsonValue>;
  notify(method: string, params: unknown): void;
}

interface Pending {
  resolve(result: JsonValue): void;
  reject(error: Error): void;
}

/** The program at the other end, where there is one. */
export interface PeerProgram {
  /** Called when something begins to be waited for, and when nothing is waited for any more. */
  waiting(isWaiting: boolean): void;
  /** Standard error so far, in so far as it belongs into an error; may be empty. */
  lastWords(): string;
}

/** The host's side of one conversation, without streams. Ids count from 1, as the reference's do. */
export class HostPeer implements Omit<HostCalls, "send"> {
  readonly #sendBody: (body: string) => SendResult;
  readonly #pending = new Map<unknown, Pending>();
  readonly #answers: HostAnswers;
  readonly #catalogs: readonly Catalog[];
  readonly told: Told[] = [];
  readonly published: { topic: string; data: JsonValue; hops: number }[] = [];
  /** Who hears what the extension tells about a call, by the call's token. */
  readonly #listeners = new Map<string, (told: JsonObject) => void>();
  #lastToken = 0;
  #lastId = 0;
  #closedBy: Error | undefined;

  readonly #program: PeerProgram | undefined;

  /** `catalogs` are those beside `synaps` whose kinds are sent. */
  constructor(
    send: (body: string) => SendResult,
    { answers = {}, catalogs = [] }: { answers?: HostAnswers; catalogs?: readonly Catalog[] },
    program?: PeerProgram,
  ) {
    this.#sendBody = send;
    this.#answers = answers;
    this.#catalogs = [synapsCatalog, ...catalogs];
    this.#program = program;
  }

  /** Takes one decoded message. */
  receive(value: unknown): void {
    const message = classifyMessage(value);
    if (message.type === "request")
      void this.#answer(message.id, message.method, message.params as JsonValue);
    if (message.type === "notification") {
      this.told.push({ method: message.method, params: message.params as JsonValue });
      this.#hear(message.params);
    }
    if (message.type !== "response") return;
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    const { error } = message;
    // Standard error comes through another pipe: its lines about the same error may be read a moment later.
    if (error && this.#program) setImmediate(() => this.#reject(message.id, pending, error));
    else if (error) this.#reject(message.id, pending, error);
    else {
      this.#forget(message.id);
      pending.resolve(message.result as JsonValue);
    }
  }

  #reject(id: unknown, pending: Pending, { code, message, data }: WireError): void {
    this.#forget(id);
    const words = this.#program?.lastWords() ?? "";
    const cause = words === "" ? undefined : new Error(`the extension wrote to standard error:\n${words}`);
    pending.reject(new ExtensionError(message, { code, data, cause }));
  }

  #forget(id: unknown): void {
    const isWaitedFor = this.#pending.delete(id);
    if (isWaitedFor && this.#pending.size === 0) this.#program?.waiting(false);
  }

  /** Rejects all that wait and all that comes later. */
  close(reason: Error): void {
    this.#closedBy ??= reason;
    for (const { reject } of this.#pending.values()) reject(this.#closedBy);
    if (this.#pending.size > 0) this.#program?.waiting(false);
    this.#pending.clear();
  }

  async request(method: string, params: unknown, options: CallOptions = {}): Promise<JsonValue> {
    checkCallOptions("request", options);
    return this.#request(method, params, options);
  }

  #request(method: string, params: unknown, { signal }: CallOptions = {}): Promise<JsonValue> {
    if (this.#closedBy) return Promise.reject(this.#closedBy);
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, pending } = createPending();
    if (this.#pending.size === 0) this.#program?.waiting(true);
    this.#pending.set(id, pending);
    const sent = this.#sendBody(JSON.stringify({ jsonrpc: "2.0", method, params, id }));
    if (sent !== "sent") {
      this.#forget(id);
      return Promise.reject(new Error(`the request '${method}' was not sent: ${sent}`));
    }
    const cancel = (): void => this.notify("$/cancelRequest", { id });
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    return promise.finally(() => signal?.removeEventListener("abort", cancel));
  }

  notify(method: string, params: unknown): void {
    this.#sendBody(JSON.stringify({ jsonrpc: "2.0", method, params }));
  }

  publish(topic: string, data: JsonValue = null, from = "program"): void {
    this.notify("event.published", { topic, data, from, at: Date.now(), hops: 0 });
  }

  drop(...hooks: readonly DroppedParts[]): void {
    this.notify("hook.dropped", dropNotice(hooks));
  }

  async send(event: AnyEvent, options?: CallOptions): Promise<Verdict> {
    checkCallOptions("send", options);
    const parsed = parseVerdict(await this.#request("hook.handle", event, options));
    if (!parsed.ok) throw new ExtensionError(`the answer to ${event.kind} is no verdict: ${parsed.problem}`);
    const { action } = parsed.verdict;
    const { kind } = event;
    const allowed: readonly string[] | undefined = this.#catalogs.find(({ kinds }) =>
      Object.hasOwn(kinds, kind),
    )?.kinds[kind]?.actions;
    if (allowed && !allowed.includes(action)) {
      const choice = allowed.join(", ");
      throw new ExtensionError(
        `${event.kind} does not allow '${action}' (allowed: ${choice}): a host ignores it`,
      );
    }
    return parsed.verdict;
  }

  async #answer(id: RequestId, method: string, params: JsonValue): Promise<void> {
    const reply = (outcome: object): void =>
      void this.#sendBody(JSON.stringify({ jsonrpc: "2.0", id, ...outcome }));
    const answer = Object.hasOwn(this.#answers, method) ? this.#answers[method] : undefined;
    if (!answer && method === "event.publish") {
      const { topic, data, hops } = asObject(params);
      this.published.push({ topic: String(topic), data: data ?? null, hops: Number(hops ?? 0) });
      return reply({ result: {} });
    }
    if (!answer) {
      const message = `method not found: ${method}`;
      return reply({ error: { code: WIRE_ERRORS.method_not_found, message } });
    }
    try {
      reply({ result: await answer(params) });
    } catch (error) {
      const code = error instanceof ExtensionError ? error.code : WIRE_ERRORS.internal_error;
      reply({ error: { code, message: error instanceof Error ? error.message : String(error) } });
    }
  }

  async invoke(command: string, args: readonly string[] = [], options?: CallOptions): Promise<Invoked> {
    checkCallOptions("invoke", options);
    const request_id = `command-${this.#lastId + 1}`;
    const result = await this.#request("command.invoke", { command, args, request_id }, options);
    const output = this.told.flatMap(({ method, params }) => {
      if (method !== "command.output" || !isJsonObject(params) || params["request_id"] !== request_id)
        return [];
      return [params["event"] ?? params];
    });
    return { result, output };
  }

  async callTool(name: string, input: JsonValue, options: ToolCallOptions = {}): Promise<JsonValue> {
    checkCallOptions("callTool", options);
    const { onProgress, sessionId } = options;
    if (!onProgress && sessionId === undefined) return this.#request("tool.call", { name, input }, options);
    const token = this.#listen(onProgress ?? (() => {}));
    const meta = { session_id: sessionId ?? null, ...(onProgress ? { progress_token: token } : {}) };
    const answer = this.#request("tool.call", { name, input, meta }, options);
    return answer.finally(() => this.#listeners.delete(token));
  }

  async complete(provider: string, model: string, options: ProviderCallOptions = {}): Promise<JsonValue> {
    checkCallOptions("complete", options);
    return this.#request("provider.complete", providerParams(provider, model, options), options);
  }

  async stream(provider: string, model: string, options: ProviderCallOptions = {}): Promise<Streamed> {
    checkCallOptions("stream", options);
    const events: JsonObject[] = [];
    const token = this.#listen((event) => void events.push(event));
    const params = { ...providerParams(provider, model, options), meta: { stream_token: token } };
    try {
      return { result: await this.#request("provider.stream", params, options), events };
    } finally {
      this.#listeners.delete(token);
    }
  }

  #listen(listener: (told: JsonObject) => void): string {
    this.#lastToken += 1;
    const token = `t-${this.#lastToken}`;
    this.#listeners.set(token, listener);
    return token;
  }

  #hear(params: unknown): void {
    if (!isJsonObject(params)) return;
    const { token, ...told } = params;
    if (typeof token === "string") this.#listeners.get(token)?.(told);
  }
}

function createPending(): { promise: Promise<JsonValue>; pending: Pending } {
  let pending: Pending | undefined;
  const promise = new Promise<JsonValue>((resolve, reject) => {
    pending = { resolve, reject };
  });
  return { promise, pending: pending as unknown as Pending };
}
