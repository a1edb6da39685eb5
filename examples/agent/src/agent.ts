import type { InterceptResult } from "@synaps/host";
import { askModel, type Message, type ToolCall, type Turn } from "./model.js";
import { Failed, Refused, type Operation, type Points } from "./points.js";
import type { Session } from "./sessions.js";
import type { Tools } from "./tools.js";
import type { Watch } from "./watch.js";

/** Turns of a model for one question. */
const MAX_TURNS = 8;

const EXECUTION = {
  before: "agent.before_agent_execution",
  after: "agent.after_agent_execution",
  failed: "agent.agent_error",
} as const;

export interface AgentOptions {
  name: string;
  /** Address of the provider. */
  provider: string;
  /** Name of the model, read anew for each question. */
  model(): string;
  points: Points;
  tools: Tools;
  watch: Watch;
  /** Ends what runs. */
  signal: AbortSignal;
}

/** Answers questions with a model and tools. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #component: Operation["component"];

  private constructor(options: AgentOptions) {
    this.#options = options;
    this.#component = { type: "agent", name: options.name };
  }

  /** Rejects when an extension does not want it. */
  static async create(options: AgentOptions): Promise<Agent> {
    const agent = new Agent(options);
    const { points } = options;
    const asked = await points.step("agent.before_agent_init", { component: agent.#component });
    if (asked === undefined) throw new Refused(`the agent '${options.name}' was left out`);
    await points.tell("agent.after_agent_init", { component: agent.#component, to_state: "ready" });
    return agent;
  }

  /** The heart of it: the model is asked only if no extension objects, with the input and at the place that they agreed on. */
  ask(session: Session, question: string): Promise<InterceptResult> {
    const { points, model, watch, signal } = this.#options;
    const data = { component: this.#component, session_id: session.id, model: model(), input: question };
    return points.around<Operation>(EXECUTION, { data, signal }, async (agreed, { target = model() }) => {
      const said: Message[] = [{ role: "user", content: String(agreed.input) }];
      const used = { input: 0, output: 0 };
      const facts = { model: target, tokens_used: used };
      try {
        return { output: await this.#converse(session, target, said, used), facts };
      } catch (error) {
        throw new Failed(error as Error, facts);
      } finally {
        session.tokens += used.input + used.output;
        await watch.look();
      }
    });
  }

  /** Rejects when an extension does not let it end. */
  async shutdown(reason: string): Promise<void> {
    const { points } = this.#options;
    await points.step("agent.before_agent_shutdown", { component: this.#component, reason });
    await points.tell("agent.after_agent_shutdown", { component: this.#component, reason });
  }

  async #converse(
    session: Session,
    model: string,
    said: Message[],
    used: { input: number; output: number },
  ): Promise<string> {
    const { points, provider, watch, signal } = this.#options;
    for (let turn = 1; turn <= MAX_TURNS; turn += 1) {
      await watch.tokens(this.#component, session.tokens + used.input + used.output);
      // A point of the program's own: extensions may have another model asked, or nobody any more.
      const facts = { point: "model_turn", component: this.#component, model, turn };
      const agreed = await points.step("agent.custom", facts);
      if (agreed === undefined) throw new Refused("the turn was left out");
      const ask = (): Promise<Turn> =>
        askModel(provider, agreed.model, [...session.messages, ...said], signal);
      const { text, calls, tokens } = await watch.time(this.#component, ask);
      used.input += tokens.input;
      used.output += tokens.output;
      said.push({ role: "assistant", content: text });
      if (calls.length === 0) {
        session.messages.push(...said);
        return text;
      }
      for (const call of calls) said.push({ role: "tool", content: await this.#use(call) });
    }
    throw new Error(`no answer after ${MAX_TURNS} turns`);
  }

  /** A tool that fails or is refused is told to the model, which goes on. */
  async #use({ name, input }: ToolCall): Promise<string> {
    const { tools, signal } = this.#options;
    return tools.call(name, input, signal).catch((error: Error) => `${name} failed: ${error.message}`);
  }
}
