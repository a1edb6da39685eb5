import type { JsonObject } from "@synaps/sdk/protocol";
import { Refused, type Hooks } from "./hooks.js";
import type { GatewayConfig } from "./config.js";
import { askModel, type Message, type Reply, type ToolCall } from "./provider.js";
import { injectionIn } from "./threats.js";
import type { Tool } from "./tools.js";

/** Calls of the model for one question. */
const MAX_STEPS = 8;

export interface TurnOptions {
  hooks: Hooks;
  config: GatewayConfig;
  tools: ReadonlyMap<string, Tool>;
  peer_addr: string;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
}

/** One question of a client, from its text to the answer of the model. */
export class Turn {
  readonly #options: TurnOptions;
  readonly #provider: string;

  constructor(options: TurnOptions) {
    this.#options = options;
    this.#provider = new URL(options.config.provider_url).hostname;
  }

  /** Resolves with the answer. Rejects with `Refused` if a hook or the gateway itself ends the turn, or the provider fails. */
  async run(question: string): Promise<string> {
    const messages: Message[] = [{ role: "user", text: await this.#screened(question) }];
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const reply = await this.#askModel(messages);
      if (reply.calls.length === 0) return reply.text;
      messages.push({ role: "assistant", text: reply.text });
      for (const call of reply.calls) messages.push(await this.#callTool(call));
    }
    throw new Refused(`the model called tools ${MAX_STEPS} times without an answer`, "the gateway");
  }

  async #askModel(messages: readonly Message[]): Promise<Reply> {
    const { hooks, config, signal, peer_addr } = this.#options;
    // The client's address is no member that the kind asks for: it lets a hook limit each client.
    const asked = { provider: this.#provider, model: config.model, peer_addr };
    const { model } = await hooks.ask("gateway.before_provider_call", asked);
    const called = { provider: this.#provider, model };
    let reply: Reply;
    try {
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(config.provider_ms)]);
      reply = await askModel(config.provider_url, { model, messages }, inTime);
    } catch (error) {
      const failed = { ...called, success: false, input_tokens: 0, output_tokens: 0 };
      await hooks.tell("gateway.after_provider_call", failed);
      throw new Refused(`the provider failed: ${messageOf(error)}`, "the gateway");
    }
    const { input_tokens, output_tokens } = reply;
    await hooks.tell("gateway.after_provider_call", {
      ...called,
      success: true,
      input_tokens,
      output_tokens,
    });
    return reply;
  }

  /** Every tool goes this way, those for secrets and skills too. A refused call is an error for the model; the turn goes on. */
  async #callTool({ id: tool_id, name, input }: ToolCall): Promise<Message> {
    const { hooks, peer_addr } = this.#options;
    let facts: JsonObject;
    try {
      facts = await hooks.ask("gateway.before_tool_call", { tool_id, peer_addr }, name);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { role: "tool", text: `${name} was not run: ${error.message}`, is_error: true };
    }
    const { success, text } = await this.#runTool(name, input, facts);
    // A block rejects here, which ends the turn: the model never sees the output.
    const after = await hooks.ask("gateway.after_tool_call", { tool_id, success, peer_addr }, name);
    return { role: "tool", text, is_error: !after.success };
  }

  async #runTool(
    name: string,
    input: JsonObject,
    facts: JsonObject,
  ): Promise<{ success: boolean; text: string }> {
    const { tools, signal, config } = this.#options;
    try {
      const tool = tools.get(name);
      if (!tool) throw new Error("there is no such tool");
      const ssrf = (reason: string): Promise<void> =>
        this.#threat("ssrf", config.ssrf, reason).then(() => {});
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(config.provider_ms)]);
      const output = await tool(input, { facts, signal: inTime, ssrf });
      return { success: true, text: await this.#screened(output) };
    } catch (error) {
      return { success: false, text: `${name} failed: ${messageOf(error)}` };
    }
  }

  /** Looks at a text before a model sees it. The events name the sort of threat and never the text. */
  async #screened(text: string): Promise<string> {
    const injection = injectionIn(text);
    if (!injection) return text;
    const action = await this.#threat(
      "prompt_injection",
      this.#options.config.prompt_injection,
      injection.reason,
    );
    return action === "sanitize" ? text.replaceAll(injection.found, "[removed]") : text;
  }

  /** Rejects with `Refused` if a hook blocks, or if the action that is agreed on is to block. */
  async #threat(event_type: "ssrf" | "prompt_injection", action: string, reason: string): Promise<string> {
    const { hooks, peer_addr } = this.#options;
    const facts = await hooks.ask("gateway.security_event", { event_type, action, reason, peer_addr });
    if (facts.action === "block") throw new Refused(`${event_type}: ${reason}`, "the gateway");
    return facts.action;
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
