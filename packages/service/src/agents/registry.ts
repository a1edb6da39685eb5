import { claudeCode } from "./claude-code.js";
import { codex } from "./codex.js";
import { copilot } from "./copilot.js";
import { cursor } from "./cursor.js";
import type { Dialect } from "./dialect.js";
import { gemini } from "./gemini.js";
import { pi } from "./pi.js";

/** All dialects, in the order in which people are shown them: those that were run against the real agent first. */
export const DIALECTS: readonly Dialect[] = [claudeCode, codex, gemini, pi, cursor, copilot];

/** The dialect of an agent by its name here, as `claude-code`; undefined for one that is not known. */
export function dialectOf(agent: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.agent === agent);
}

/** True if a hook that cannot be asked can keep a tool from running, or its output from the model, at this event. */
export function closesAt(agent: string, event: string): boolean {
  return dialectOf(agent)?.events.some(({ name, closes }) => name === event && closes) ?? false;
}
