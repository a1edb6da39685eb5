import { HostError, type Clock, type Logger } from "@synaps/host";
import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import {
  AgentPayloadError,
  dialectOf,
  type AgentEvent,
  type Dialect,
  type HookAnswer,
} from "../agents/index.js";
import { noticeOf, type Outcomes } from "./outcomes.js";
import type { Projects } from "./projects.js";
import { Repeats } from "./repeats.js";
import type { Sessions } from "./sessions.js";

/** A hook of an agent, as its process or its HTTP request brings it. */
export interface HookCall {
  readonly agent: string;
  /** The agent's name of the event, where whoever asks knows it beside the payload. */
  readonly event: string | null;
  /** True if the user chose that a hook that cannot be asked stops what can be stopped. */
  readonly closed: boolean;
  /** The agent's own word on its project, if it has one. */
  readonly project: string | null;
  /** The payload as it came. */
  readonly text: string;
}

/** Figures of one agent since the start of the service. */
export interface AgentCounts {
  events: number;
  blocked: number;
  asked: number;
  failed: number;
  /** Things that the dialect could not say, by "wanted -> given". */
  readonly downgraded: Record<string, number>;
}

interface HooksParts {
  readonly projects: Projects;
  readonly sessions: Sessions;
  readonly outcomes: Outcomes;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Distinct downgrades that are counted for one agent. */
const MOST_DOWNGRADES = 64;

/** The road of an agent's event: taken apart, raised in the host of its project, and answered in the agent's dialect. */
export class AgentHooks {
  readonly #parts: HooksParts;
  readonly #repeats: Repeats<HookAnswer>;
  readonly #counts = new Map<string, AgentCounts>();

  constructor(parts: HooksParts) {
    this.#parts = parts;
    this.#repeats = new Repeats(parts.clock);
  }

  /** Answers an event. Rejects with a HostError for an agent that is not known, and for what is no event. */
  async answer(call: HookCall): Promise<HookAnswer> {
    const dialect = dialectOf(call.agent);
    if (dialect === undefined)
      throw new HostError("SERVICE_INVALID", `There is no agent '${call.agent.slice(0, 60)}'`);
    const counts = this.#countsOf(dialect.agent);
    try {
      const event = dialect.decode(parsed(call.text), call.event ?? undefined);
      const isNumbered = typeof event.event.tool_call_id === "string";
      return await (isNumbered
        ? this.#repeats.once(dialect.agent, `${event.name}\n${call.text}`, () =>
            this.#raise(dialect, event, call, counts),
          )
        : this.#raise(dialect, event, call, counts));
    } catch (error) {
      counts.failed += 1;
      if (error instanceof AgentPayloadError)
        throw new HostError("AGENT_PAYLOAD_INVALID", `${dialect.title} sent no event: ${error.message}`);
      throw error;
    }
  }

  /** Figures by agent, and of all agents together. */
  get counts(): { agents: Readonly<Record<string, AgentCounts>>; repeats: number } {
    return { agents: Object.fromEntries(this.#counts), repeats: this.#repeats.count };
  }

  async #raise(
    dialect: Dialect,
    event: AgentEvent,
    { project: named, closed }: HookCall,
    counts: AgentCounts,
  ): Promise<HookAnswer> {
    const { projects, sessions, outcomes, clock } = this.#parts;
    const session = event.sessionId;
    const folder = sessions.folderOf(event.agent, session, named ?? event.cwd);
    const answer = await projects.with(folder, async ({ host, folder: project }) => {
      const outcome = await host.emit(event.event, {
        chain: "rewrite_then_veto",
        traceFields: { agent: event.agent },
      });
      const encoded = dialect.encode(event, outcome, { closed });
      counts.events += 1;
      if (outcome.action === "block") counts.blocked += 1;
      if (outcome.action === "confirm") counts.asked += 1;
      for (const one of encoded.downgraded) this.#note(dialect, event, one, counts);
      if (outcomes.wanted)
        outcomes.tell(
          noticeOf(
            outcome,
            {
              agent: event.agent,
              agent_event: event.name,
              session_id: session,
              cwd: event.cwd,
              project,
              tool_name: event.event.tool_name ?? null,
              downgraded: encoded.downgraded,
            },
            clock.wallMs(),
          ),
        );
      return encoded;
    });
    if (event.event.kind === "on_session_end") sessions.end(event.agent, session);
    return answer;
  }

  #note(
    dialect: Dialect,
    event: AgentEvent,
    { wanted, given, why }: HookAnswer["downgraded"][number],
    counts: AgentCounts,
  ): void {
    const name = `${event.name}: ${wanted} -> ${given}`;
    const before = counts.downgraded[name] ?? 0;
    if (before > 0 || Object.keys(counts.downgraded).length < MOST_DOWNGRADES)
      counts.downgraded[name] = before + 1;
    // The first one is told; the rest is counted.
    if (before === 0)
      this.#parts.logger.warn(`${dialect.title} cannot be told everything`, {
        event: event.name,
        wanted,
        given,
        reason: why,
      });
  }

  #countsOf(agent: string): AgentCounts {
    let counts = this.#counts.get(agent);
    if (counts === undefined) {
      counts = { events: 0, blocked: 0, asked: 0, failed: 0, downgraded: {} };
      this.#counts.set(agent, counts);
    }
    return counts;
  }
}

function parsed(text: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw new AgentPayloadError("it is not JSON");
  }
  if (!isJsonObject(value)) throw new AgentPayloadError("it is no JSON object");
  return value;
}
