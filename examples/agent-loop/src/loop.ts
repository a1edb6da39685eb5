import { frameInjection, type Host, type InterceptResult, type Outcome } from "@synaps/host";
import type { JsonObject, JsonValue, UsageData } from "@synaps/sdk/protocol";

export interface ToolCall {
  id: string;
  name: string;
  input: JsonObject;
}

/** What a model answers. No calls means that it has finished. */
export interface Turn {
  text: string;
  calls: readonly ToolCall[];
  usage: { input_tokens: number; output_tokens: number };
}

export type Message = { role: "system" | "user" | "assistant" | "tool"; content: string; calls?: JsonValue };

export interface Model {
  name: string;
  reply(transcript: readonly Message[]): Promise<Turn>;
}

export type RunTool = (name: string, input: JsonValue) => Promise<{ output: string; isError: boolean }>;

/** Is told what happens; decides nothing. */
export interface Watcher {
  said(role: "user" | "model", text: string): void;
  emitted(outcome: Outcome): void;
  asked(call: ToolCall): void;
  answered(call: ToolCall, result: InterceptResult): void;
}

export interface SessionOptions {
  host: Host;
  model: Model;
  runTool: RunTool;
  watcher: Watcher;
  /** Ends the session between two steps. */
  signal: AbortSignal;
}

/** One conversation between a user, a model and tools, with the extensions around each step. */
export class Session {
  readonly id = crypto.randomUUID();
  readonly #options: SessionOptions;
  readonly #transcript: Message[] = [];

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Takes the user's messages one after the other. Rejects when the signal aborts; the session ends orderly then, too. */
  async run(messages: readonly string[]): Promise<void> {
    const { host, watcher, signal } = this.#options;
    try {
      await this.#gate({ kind: "on_session_start" });
      for (const message of messages) {
        signal.throwIfAborted();
        await this.#answer(message);
      }
    } finally {
      // Observers are not waited for during the session, only before its end.
      await host.settled();
      const transcript = this.#transcript as JsonValue[];
      watcher.emitted(await host.emit({ kind: "on_session_end", session_id: this.id, transcript }));
    }
  }

  async #answer(message: string): Promise<void> {
    const { model, watcher, signal } = this.#options;
    watcher.said("user", message);
    await this.#gate({ kind: "before_message", message });
    this.#transcript.push({ role: "user", content: message });
    for (;;) {
      const turn = await model.reply(this.#transcript);
      watcher.said("model", turn.text);
      this.#transcript.push({
        role: "assistant",
        content: turn.text,
        calls: turn.calls as unknown as JsonValue,
      });
      this.#observeTurn(turn);
      if (turn.calls.length === 0) return;
      for (const call of turn.calls) {
        signal.throwIfAborted();
        this.#transcript.push({ role: "tool", content: await this.#call(call) });
      }
    }
  }

  /** The heart of it: the tool runs only if no extension objects, with the input and the output they agreed on. */
  async #call(call: ToolCall): Promise<string> {
    const { host, runTool, watcher } = this.#options;
    watcher.asked(call);
    const result = await host.intercept(
      { before: "before_tool_call", after: "after_tool_call" },
      { tool_name: call.name, tool_input: call.input, tool_call_id: call.id, session_id: this.id },
      (input) => runTool(call.name, input),
    );
    watcher.answered(call, result);
    return result.ran ? (result.output ?? "") : `Not run, stopped by ${result.by}: ${result.reason}`;
  }

  /** Moments at which extensions may add context for the model. */
  async #gate(event: { kind: "on_session_start" | "before_message"; message?: string }): Promise<void> {
    const { host, watcher } = this.#options;
    const outcome = await host.emit({ ...event, session_id: this.id });
    watcher.emitted(outcome);
    if (outcome.action !== "inject") return;
    this.#transcript.push({ role: "system", content: frameInjection(outcome.content) });
  }

  /** Observers hear of it; the loop does not wait for them. */
  #observeTurn({ text, calls, usage }: Turn): void {
    const counted = { cache_read_input_tokens: 0, cache_creation_input_tokens: 0, ...usage };
    this.#observe("on_message_complete", text, {
      content_block_count: 1 + calls.length,
      has_tool_use: calls.length > 0,
    });
    this.#observe("on_usage", null, {
      provider: "scripted",
      model: this.#options.model.name,
      session_id: this.id,
      message_id: null,
      turn_id: null,
      usage: counted,
      source: { event: "message" },
      occurred_at: new Date().toISOString(),
    } satisfies UsageData);
  }

  #observe(kind: string, message: string | null, data: JsonValue): void {
    const { host, watcher } = this.#options;
    const emitted = host.emit({ kind, message, data, session_id: this.id });
    void emitted.then(({ settled }) => settled).then((outcome) => watcher.emitted(outcome));
  }
}
