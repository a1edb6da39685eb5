import type { EventInput, Outcome } from "@synaps/host";
import type { JsonObject } from "@synaps/sdk/protocol";

/** The agents whose hooks are understood, and can be wired in their configuration. */
export type AgentName = "claude-code" | "codex" | "gemini" | "cursor" | "copilot";

/** The agents that are understood: those with hooks, and those with a plugin of ours. */
export type DialectName = AgentName | "pi";

/** An event of an agent, taken apart: the event to raise, and what the encoder needs to answer it. */
export interface AgentEvent {
  readonly agent: DialectName;
  /** The agent's own name of the event. */
  readonly name: string;
  /** The event as a host takes it. `data.cwd` and `data.agent` say where it comes from. */
  readonly event: EventInput;
  /** The agent's name of its session; null if it named none. */
  readonly sessionId: string | null;
  /** The folder that the operation works in; null if the agent named none. */
  readonly cwd: string | null;
  /** All that the agent sent. */
  readonly payload: JsonObject;
}

/** Something that the agent's dialect cannot say, and what was said in its place. */
export interface Downgrade {
  /** The action that was decided. */
  readonly wanted: string;
  /** The action that the agent was told; `nothing` if none. */
  readonly given: string;
  readonly why: string;
}

/** The end of the process that the agent started for its hook. */
export interface HookAnswer {
  readonly exitCode: number;
  /** Empty, or one JSON object without a line break after it. */
  readonly stdout: string;
  readonly stderr: string;
  /** Empty when the agent was told everything. */
  readonly downgraded: readonly Downgrade[];
}

/** An event that an agent is known to raise. */
export interface AgentEventInfo {
  /** The agent's own name. */
  readonly name: string;
  /** The kind that it becomes; `agent.custom` has the point `<agent>.<name>`. */
  readonly kind: string;
  /** True if it is wired unless all events are asked for; those that come many times in a turn are not. */
  readonly wired: boolean;
  /** True if a refusal at this point keeps something from happening. */
  readonly refuses: boolean;
  /**
   * True if a hook that ends with code 2, a reason on stderr and nothing on stdout keeps a tool from running or its output from
   * the model: the events at which a hook without a service can fail closed.
   */
  readonly closes: boolean;
}

/** The way in which one agent speaks to its hooks. Pure: no file, no clock, no state. */
export interface Dialect {
  readonly agent: DialectName;
  /** The agent's name for people. */
  readonly title: string;
  /** The unit of a time limit in the agent's configuration. */
  readonly timeoutUnit: "seconds" | "milliseconds";
  readonly events: readonly AgentEventInfo[];
  /**
   * Reads what the agent sent. `name` is the event that the hook was wired for: it counts where the payload names none.
   * Unknown members and events are taken as they come. Throws an AgentPayloadError for a payload without an event name, without
   * a member that the event cannot do without, or with a member of a wrong type.
   */
  decode(payload: JsonObject, name?: string): AgentEvent;
  /**
   * Says the outcome as strongly as the agent can be told. `closed`: the user wants this hook to fail closed; then, and where an
   * extension that fails closed gave no answer, an output that cannot be replaced ends the turn if the agent has a word for that.
   */
  encode(event: AgentEvent, outcome: Outcome, options?: EncodeOptions): HookAnswer;
}

/** The dialect of an agent that has hooks. */
export type AgentDialect = Dialect & { readonly agent: AgentName };

/** The user's choice for one hook. */
export interface EncodeOptions {
  readonly closed?: boolean;
}

/** A payload that is none of the agent's: what is wrong with which member. Carries no content. */
export class AgentPayloadError extends Error {
  override readonly name = "AgentPayloadError";
}
