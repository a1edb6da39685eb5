import type { Dialect } from "./dialect.js";

/** All dialects, in the order in which people are shown them. */
export const DIALECTS: readonly Dialect[] = [];

/** The dialect of an agent by its name here, as `claude-code`; undefined for one that is not known. */
export function dialectOf(agent: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.agent === agent);
}

/** True if a refusal at this point keeps something from happening, so that failing closed means something. */
export function refusesAt(agent: string, event: string): boolean {
  return dialectOf(agent)?.events.some(({ name, refuses }) => name === event && refuses) ?? false;
}
