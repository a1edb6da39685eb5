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
import { withText } from "./tool-output.js";
import type { AgentDialect, AgentEvent } from "./dialect.js";
import { known, makeDialect, passed, UNWIRED } from "./make-dialect.js";
import { decideBlock, injectAt, specific, stopTurn, type Voice } from "./voice.js";

const TITLE = "Claude Code";

const ROWS: readonly EventRow[] = [
  known("SessionStart", "on_session_start", sessionMember("session_id")),
  known("UserPromptSubmit", "before_message", userMessage, { refuses: true }),
  known("PreToolUse", "before_tool_call", snakeCall, { refuses: true, closes: true }),
  known("PostToolUse", "after_tool_call", snakeResult("tool_response")),
  known("PostToolUseFailure", "after_tool_call", snakeResult("error", true)),
  known("Stop", "on_message_complete", finishedMessage("last_assistant_message"), { refuses: true }),
  known("PostCompact", "on_compaction", compaction),
  known("SessionEnd", "on_session_end", sessionMember("session_id")),
  passed("PermissionRequest", { refuses: true }),
  passed("PermissionDenied"),
  passed("PreCompact", { refuses: true }),
  passed("SubagentStart"),
  passed("SubagentStop", { refuses: true }),
  passed("StopFailure"),
  passed("Notification"),
  passed("UserPromptExpansion", { refuses: true }),
  passed("ConfigChange", { refuses: true }),
  passed("Setup", UNWIRED),
  passed("InstructionsLoaded", UNWIRED),
  passed("CwdChanged", UNWIRED),
  passed("FileChanged", UNWIRED),
  // A hook at this event makes the worktree in place of the agent: silence there breaks worktrees.
  passed("WorktreeCreate", UNWIRED),
  passed("WorktreeRemove", UNWIRED),
  passed("TaskCreated", UNWIRED),
  passed("TaskCompleted", UNWIRED),
  passed("TeammateIdle", UNWIRED),
  passed("Elicitation", { wired: false, refuses: true }),
  passed("ElicitationResult", { wired: false, refuses: true }),
  // These come many times in a turn.
  passed("PostToolBatch", { wired: false, refuses: true }),
  passed("MessageDisplay", UNWIRED),
];

/** Modes of permission in which the agent asks a person. In the others a question is known to pass unasked, or unknown. */
const ASKING: ReadonlySet<unknown> = new Set(["default", "acceptEdits", "plan"]);

function beforeTool({ payload }: AgentEvent): Voice {
  const mode = payload["permission_mode"] ?? "unknown";
  return {
    block: decideBlock,
    modify: (input) => specific("PreToolUse", { updatedInput: input }),
    inject: injectAt("PreToolUse"),
    ...(ASKING.has(mode)
      ? {
          ask: (question: string, input: JsonObject | undefined) =>
            specific("PreToolUse", {
              permissionDecision: "ask",
              permissionDecisionReason: question,
              ...(input !== undefined && { updatedInput: input }),
            }),
        }
      : { nobody: `in the permission mode ${JSON.stringify(mode)} ${TITLE} asks nobody` }),
  };
}

function afterTool({ payload }: AgentEvent): Voice {
  return {
    inject: injectAt("PostToolUse"),
    replace: (output) => {
      const changed = withText(payload["tool_response"] ?? "", output);
      return changed === undefined ? undefined : specific("PostToolUse", { updatedToolOutput: changed });
    },
    // Only until the next prompt: the model then reads the output after all.
    stop: stopTurn,
  };
}

const declines = (name: string) => (): JsonObject => specific(name, { action: "decline" });

/** The words at each event; events that are not here take none. */
const VOICES: Readonly<Record<string, Voice | ((event: AgentEvent) => Voice)>> = {
  SessionStart: { inject: injectAt("SessionStart") },
  UserPromptSubmit: { block: decideBlock, inject: injectAt("UserPromptSubmit") },
  UserPromptExpansion: { block: decideBlock, inject: injectAt("UserPromptExpansion") },
  PreToolUse: beforeTool,
  PostToolUse: afterTool,
  PostToolUseFailure: { inject: injectAt("PostToolUseFailure") },
  PostToolBatch: { block: decideBlock, inject: injectAt("PostToolBatch") },
  PermissionRequest: {
    block: (reason) => specific("PermissionRequest", { decision: { behavior: "deny", message: reason } }),
  },
  Stop: { block: decideBlock },
  SubagentStop: { block: decideBlock },
  SubagentStart: { inject: injectAt("SubagentStart") },
  PreCompact: { block: decideBlock },
  ConfigChange: { block: decideBlock },
  Setup: { inject: injectAt("Setup") },
  Elicitation: { block: declines("Elicitation") },
  ElicitationResult: { block: declines("ElicitationResult") },
};

/** Claude Code, as version 2.1.197 was seen to behave. */
export const claudeCode: AgentDialect = makeDialect({
  agent: "claude-code",
  title: TITLE,
  timeoutUnit: "seconds",
  rows: ROWS,
  voices: VOICES,
});
