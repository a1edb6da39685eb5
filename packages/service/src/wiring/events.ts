import { dialectOf, type AgentName } from "../agents/index.js";

/** An event of an agent for which an entry is written. */
export interface WiredEvent {
  readonly name: string;
  /** True if the hook keeps the operation from going on when it has no answer. */
  readonly closes: boolean;
}

/** Events at which a hook does the agent's own work, so that a hook without an answer breaks it. Never wired. */
const NEVER: Partial<Record<AgentName, readonly string[]>> = { "claude-code": ["WorktreeCreate"] };

/** The events that are wired: those that the dialect recommends, or all that it knows. */
export function eventsOf(agent: AgentName, all: boolean): WiredEvent[] {
  return (dialectOf(agent)?.events ?? [])
    .filter(({ name, wired }) => (wired || all) && !NEVER[agent]?.includes(name))
    .map(({ name, closes }) => ({ name, closes }));
}
