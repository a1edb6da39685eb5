import type { JsonObject } from "@synaps/sdk/protocol";
import {
  finishedMessage,
  sessionMember,
  snakeCall,
  toolResult,
  userMessage,
  type EventRow,
  type Part,
} from "./agent-event.js";
import type { AgentEvent, Dialect } from "./dialect.js";
import { known, makeDialect } from "./make-dialect.js";
import type { Payload } from "./payload.js";
import type { Voice } from "./voice.js";

const TITLE = "pi";

const result = (payload: Payload): Part =>
  toolResult(snakeCall(payload), payload.text("tool_output"), payload.get("is_error") === true, [
    "tool_output",
    "is_error",
  ]);

const ROWS: readonly EventRow[] = [
  known("session_start", "on_session_start", sessionMember("session_id")),
  known("before_agent_start", "before_message", userMessage),
  known("tool_call", "before_tool_call", snakeCall, { refuses: true, closes: true }),
  known("tool_result", "after_tool_call", result, { refuses: true, closes: true }),
  known("agent_end", "on_message_complete", finishedMessage("last_assistant_message")),
  known("session_shutdown", "on_session_end", sessionMember("session_id")),
];

/** The plugin says with each call whether a person sits at the agent. */
function beforeTool({ payload }: AgentEvent): Voice {
  const isAsking = payload["can_ask"] === true;
  return {
    block: (reason) => ({ block: reason }),
    modify: (input) => ({ input }),
    ...(isAsking
      ? {
          ask: (question: string, input: JsonObject | undefined) => ({
            ask: question,
            ...(input !== undefined && { input }),
          }),
        }
      : { nobody: `${TITLE} runs without a person` }),
  };
}

const context: Voice = { inject: (content) => ({ context: content }) };

/**
 * The coding agent pi, as version 0.73.1 was seen to behave, in the words of our plugin for it (`plugins/pi.js`): pi has no
 * hooks of other processes.
 */
export const pi: Dialect = makeDialect({
  agent: "pi",
  title: TITLE,
  timeoutUnit: "milliseconds",
  rows: ROWS,
  voices: {
    session_start: context,
    before_agent_start: context,
    tool_call: beforeTool,
    tool_result: { replace: (output) => ({ output }) },
  },
});
