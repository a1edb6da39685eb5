import type { EventInput } from "@synaps/host";

const FIELDS: Readonly<Record<string, Partial<EventInput>>> = {
  before_tool_call: { tool_name: "bash" },
  after_tool_call: { tool_name: "bash", tool_output: "output" },
  before_message: { message: "m" },
  on_message_complete: { message: "m", data: {} },
  on_compaction: { message: "m", data: {} },
  on_usage: { data: {} },
  on_session_start: { session_id: "s" },
  on_session_end: { session_id: "s", transcript: [] },
};

/** An event with all that its kind requires; `more` takes the place of the usual fields. */
export function eventOf(kind: string, more: Partial<EventInput> = {}): EventInput {
  return { kind, ...FIELDS[kind], ...more };
}
