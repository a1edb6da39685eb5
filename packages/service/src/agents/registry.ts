import { claudeCode } from "./claude-code.js";
import { codex } from "./codex.js";
import { copilot } from "./copilot.js";
import { cursor } from "./cursor.js";
import type { AgentDialect, Dialect } from "./dialect.js";
import { gemini } from "./gemini.js";
import { pi } from "./pi.js";

/** The dialects of agents that have hooks, in the order in which people are shown them: those that were run first. */
export const DIALECTS: readonly AgentDialect[] = [claudeCode, codex, gemini, cursor, copilot];

/** The dialects of agents that have a plugin of ours in place of hooks. */
export const PLUGINS: readonly Dialect[] = [pi];

/** The dialect of an agent by its name here, as `claude-code`; undefined for one that is not known. */
export function dialectOf(agent: string): Dialect | undefined {
  return [...DIALECTS, ...PLUGINS].find((dialect) => dialect.agent === agent);
}

/** True if a hook that cannot be asked can keep a tool from running, or its output from the model, at this event. */
export function closesAt(agent: string, event: string): boolean {
  return dialectOf(agent)?.events.some(({ name, closes }) => name === event && closes) ?? false;
}
