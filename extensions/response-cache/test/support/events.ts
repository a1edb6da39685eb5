import type { JsonObject, JsonValue } from "@synaps/sdk";
import type { Ran } from "../../src/cache.js";
import { readPolicy, CONFIG, type Config, type Policy } from "../../src/settings.js";

/** The configuration as the manifest has it, with some values changed. */
export function config(changes: Partial<Config> = {}): Config {
  const defaults = Object.entries(CONFIG).map(([key, field]) => [key, field.default]);
  return { ...(Object.fromEntries(defaults) as Config), ...changes };
}

export function policy(changes: Partial<Config> = {}): Policy {
  return readPolicy(config({ tools: "*", ...changes }));
}

/** An event before a tool runs. */
export function asked(tool: string, input: JsonValue, rest: JsonObject = {}) {
  const data = { component: { type: "tool", name: tool } } as const;
  return { tool_name: tool, tool_input: input, session_id: "s-1", data, ...rest };
}

/** The event after it, as a host sends it. */
export function ran(tool: string, input: JsonValue, output: string | null, rest: JsonObject = {}): Ran {
  const meta = { is_error: false, deadline_ms: 2_000 };
  return { ...asked(tool, input), tool_output: output, meta, ...rest } as Ran;
}
