import { isJsonObject, type JsonObject } from "@synaps/sdk/protocol";
import {
  compaction,
  finishedMessage,
  snakeCall,
  snakeResult,
  toolCall,
  toolResult,
  userMessage,
  type EventRow,
  type Part,
} from "./agent-event.js";
import type { AgentDialect, AgentEvent } from "./dialect.js";
import { known, makeDialect, passed, UNWIRED } from "./make-dialect.js";
import { parsed, type Payload } from "./payload.js";
import type { Voice } from "./voice.js";

const TITLE = "Cursor";

const SESSION = ["session_id", "conversation_id"];

/** The hook of shell commands alone has the command beside the event's other members. */
const shellCall = (payload: Payload): Part =>
  toolCall("Shell", { command: payload.text("command") }, null, ["command"]);

const shellResult = (payload: Payload): Part =>
  toolResult(shellCall(payload), payload.text("output"), undefined, ["output"]);

const readCall = (payload: Payload): Part =>
  toolCall("Read", { file_path: payload.text("file_path") }, null, ["file_path", "content"]);

const session = (payload: Payload): Part => ({
  fields: { session_id: payload.firstText(...SESSION) ?? payload.text("conversation_id") },
  used: [],
});

/**
 * One call raises the event of all tools and that of its own sort: only the first is wired by default, so that no call is
 * asked about twice.
 */
const GRANULAR = { wired: false, refuses: true, closes: true } as const;

const ROWS: readonly EventRow[] = [
  known("sessionStart", "on_session_start", session),
  known("beforeSubmitPrompt", "before_message", userMessage, { refuses: true }),
  known("preToolUse", "before_tool_call", snakeCall, { refuses: true, closes: true }),
  known("postToolUse", "after_tool_call", snakeResult("tool_output")),
  known("postToolUseFailure", "after_tool_call", snakeResult("error_message", true)),
  known("afterAgentResponse", "on_message_complete", finishedMessage("text")),
  known("preCompact", "on_compaction", compaction),
  known("sessionEnd", "on_session_end", session),
  known("beforeShellExecution", "before_tool_call", shellCall, GRANULAR),
  known("beforeMCPExecution", "before_tool_call", snakeCall, GRANULAR),
  known("beforeReadFile", "before_tool_call", readCall, GRANULAR),
  known("afterShellExecution", "after_tool_call", shellResult, UNWIRED),
  known("afterMCPExecution", "after_tool_call", snakeResult("result_json"), UNWIRED),
  passed("afterFileEdit", UNWIRED),
  passed("afterAgentThought", UNWIRED),
  passed("subagentStart", { refuses: true }),
  passed("subagentStop"),
  passed("stop"),
];

const deny = (reason: string): JsonObject => ({ permission: "deny", user_message: reason });
const context = (content: string): JsonObject => ({ additional_context: content });

const nobody = `a question of a hook was seen to end as a refusal without a dialog in ${TITLE}`;
const granular: Voice = { block: deny, nobody };

/** The output of a tool of a server is an object with blocks of content; other outputs stay. */
function afterTool({ payload }: AgentEvent): Voice {
  const name = payload["tool_name"];
  if (typeof name !== "string" || !name.startsWith("MCP:")) return { inject: context };
  return {
    inject: context,
    replace: (output) => {
      const value = parsed(output);
      const isResult = isJsonObject(value) && Array.isArray(value["content"]);
      return { updated_mcp_tool_output: isResult ? value : { content: [{ type: "text", text: output }] } };
    },
  };
}

/** Cursor, by its own page and by notes of others about version 3.9; it was not run here. */
export const cursor: AgentDialect = makeDialect({
  agent: "cursor",
  title: TITLE,
  timeoutUnit: "seconds",
  rows: ROWS,
  sessionMembers: SESSION,
  cwdOf: (payload) => {
    const roots = payload.get("workspace_roots");
    const first = Array.isArray(roots) ? roots[0] : undefined;
    return payload.optionalText("cwd") ?? (typeof first === "string" ? first : null);
  },
  voices: {
    sessionStart: { inject: context },
    beforeSubmitPrompt: { block: (reason) => ({ continue: false, user_message: reason }) },
    preToolUse: { block: deny, modify: (input) => ({ updated_input: input }), nobody },
    postToolUse: afterTool,
    beforeShellExecution: granular,
    beforeMCPExecution: granular,
    beforeReadFile: granular,
    subagentStart: granular,
  },
});
