import type { EventInput, Outcome } from "@synaps/host";
import type { JsonObject } from "@synaps/sdk/protocol";

/** The agents whose hooks are understood. */
export type AgentName = "claude-code" | "codex" | "gemini" | "cursor" | "copilot";

/** An event of an agent, taken apart: the event to raise, and what the encoder needs to answer it. */
export interface AgentEvent {
  readonly agent: AgentName;
  /** The agent's own name of the event. */
  readonly name: string;
  /** The event as a host takes it. `data.cwd` and `data.agent` say where it comes from. */
  readonly event: EventInput;
  /** The folder that the operation works in; null if the agent named none. */
  readonly cwd: string | null;
  /** All that the agent sent. */
  readonly payload: JsonObject;
}

/** Something that the agent's dialect cannot say, and what was said in its place. */
export interface Downgrade {
  /** The action that was decided. */
  readonly wanted: string;
  /** The action that the agent was told. */
  readonly given: string;
  readonly why: string;
}

/** The end of the process that the agent started for its hook. */
export interface HookAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Empty when the agent was told everything. */
  readonly downgraded: readonly Downgrade[];
}

/** An event that an agent is known to raise. */
export interface AgentEventInfo {
  /** The agent's own name. */
  readonly name: string;
  /** The kind that it becomes. */
  readonly kind: string;
  /** True if it is wired unless all events are asked for; those that come many times in a turn are not. */
  readonly wired: boolean;
  /** True if a refusal at this point keeps something from happening. */
  readonly refuses: boolean;
}

/** The way in which one agent speaks to its hooks. Pure: no file, no clock, no state. */
export interface Dialect {
  readonly agent: AgentName;
  /** The agent's name for people. */
  readonly title: string;
  readonly events: readonly AgentEventInfo[];
  /**
   * Reads what the agent sent. Unknown members and events are taken as they come. Throws an AgentPayloadError for a payload
   * that has no event name, or members of a wrong type.
   */
  decode(payload: JsonObject): AgentEvent;
  /** Says the outcome as strongly as the agent can be told. */
  encode(event: AgentEvent, outcome: Outcome): HookAnswer;
}

/** A payload that is none of the agent's: what is wrong with which member. Carries no content. */
export class AgentPayloadError extends Error {
  override readonly name = "AgentPayloadError";
}
