import type { JsonObject } from "@synaps/sdk/protocol";
import {
  compaction,
  finishedMessage,
  sessionMember,
  snakeCall,
  snakeResult,
  userMessage,
  type EventRow,
} from "./agent-event.js";
import type { AgentDialect, AgentEvent } from "./dialect.js";
import { known, makeDialect, passed } from "./make-dialect.js";
import { decideBlock, injectAt, specific, stopTurn, type Voice } from "./voice.js";

const TITLE = "Codex";

const ROWS: readonly EventRow[] = [
  known("SessionStart", "on_session_start", sessionMember("session_id"), { refuses: true }),
  known("UserPromptSubmit", "before_message", userMessage, { refuses: true }),
  known("PreToolUse", "before_tool_call", snakeCall, { refuses: true, closes: true }),
  // Nothing in the payload tells the output of a failed command from that of another.
  known("PostToolUse", "after_tool_call", snakeResult("tool_response"), { refuses: true, closes: true }),
  known("Stop", "on_message_complete", finishedMessage("last_assistant_message"), { refuses: true }),
  known("PostCompact", "on_compaction", compaction),
  known("SessionEnd", "on_session_end", sessionMember("session_id")),
  passed("PermissionRequest", { refuses: true }),
  passed("PreCompact", { refuses: true }),
  passed("SubagentStart"),
  passed("SubagentStop", { refuses: true }),
  passed("Interrupt"),
];

/** The characters of a text that reach the model, as seen: head and tail of longer ones. */
const CUT = { block: 12_000, inject: 10_000 };

/** Tools whose input is one text, `command`, as hooks see it; the agent drops every other member of a changed input. */
const BY_COMMAND: ReadonlySet<unknown> = new Set(["Bash", "apply_patch"]);

/** An input that the agent takes: a text `command` and nothing new beside it, or any arguments of a tool of a server. */
function isTaken({ payload }: AgentEvent, input: JsonObject): boolean {
  const name = payload["tool_name"];
  if (typeof name === "string" && name.startsWith("mcp__")) return true;
  if (!BY_COMMAND.has(name) || typeof input["command"] !== "string") return false;
  const { command: _new, ...others } = input;
  const { command: _old, ...before } = (payload["tool_input"] ?? {}) as JsonObject;
  return JSON.stringify(others) === JSON.stringify(before);
}

function beforeTool(event: AgentEvent): Voice {
  return {
    block: decideBlock,
    // The agent takes a new input only beside an "allow".
    modify: (input) =>
      isTaken(event, input)
        ? specific("PreToolUse", { permissionDecision: "allow", updatedInput: input })
        : undefined,
    inject: injectAt("PreToolUse"),
    nobody: `hooks of ${TITLE} cannot ask a person`,
    cut: CUT,
  };
}

/** Keeps the agent from ending its turn, once: nothing else ends a hook that refuses each end. */
const onceMore = ({ payload }: AgentEvent): Voice =>
  payload["stop_hook_active"] === true ? {} : { block: decideBlock };

/** Codex, as version 0.171.0 was seen to behave, and as its own schemas of hook answers allow. */
export const codex: AgentDialect = makeDialect({
  agent: "codex",
  title: TITLE,
  timeoutUnit: "seconds",
  rows: ROWS,
  voices: {
    SessionStart: { block: stopTurn, inject: injectAt("SessionStart"), cut: CUT },
    UserPromptSubmit: { block: decideBlock, inject: injectAt("UserPromptSubmit"), cut: CUT },
    PreToolUse: beforeTool,
    PostToolUse: {
      inject: injectAt("PostToolUse"),
      replace: (output) => decideBlock(output.trim() === "" ? "(no output)" : output),
      cut: CUT,
    },
    PermissionRequest: {
      block: (reason) => specific("PermissionRequest", { decision: { behavior: "deny", message: reason } }),
    },
    PreCompact: { block: stopTurn },
    SubagentStart: { inject: injectAt("SubagentStart"), cut: CUT },
    Stop: onceMore,
    SubagentStop: onceMore,
  },
});
