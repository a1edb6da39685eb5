import type { JsonObject } from "@synaps/sdk/protocol";
import { toolCall, toolResult, userMessage, type EventRow, type Part } from "./agent-event.js";
import type { AgentDialect } from "./dialect.js";
import { known, makeDialect, passed, UNWIRED } from "./make-dialect.js";
import type { Payload } from "./payload.js";
import type { Voice } from "./voice.js";

const TITLE = "Copilot CLI";

/** The arguments come as an object, or as JSON in a text. */
const call = (payload: Payload): Part =>
  toolCall(payload.text("toolName"), payload.object("toolArgs"), payload.optionalText("toolCallId"), [
    "toolName",
    "toolArgs",
    "toolCallId",
  ]);

function result(payload: Payload): Part {
  const { textResultForLlm: text, resultType } = payload.object("toolResult");
  const output = typeof text === "string" ? text : JSON.stringify(payload.get("toolResult") ?? "");
  return toolResult(call(payload), output, resultType === "failure", ["toolResult"]);
}

const failure = (payload: Payload): Part =>
  toolResult(call(payload), JSON.stringify(payload.get("error") ?? ""), true, ["error"]);

const session = (payload: Payload): Part => ({ fields: { session_id: payload.text("sessionId") }, used: [] });

const ROWS: readonly EventRow[] = [
  known("sessionStart", "on_session_start", session),
  known("userPromptSubmitted", "before_message", userMessage),
  known("preToolUse", "before_tool_call", call, { refuses: true, closes: true }),
  known("postToolUse", "after_tool_call", result),
  known("postToolUseFailure", "after_tool_call", failure),
  known("sessionEnd", "on_session_end", session),
  // The end of a turn comes without the text of the message.
  passed("agentStop", { refuses: true }),
  passed("subagentStart"),
  passed("subagentStop", { refuses: true }),
  passed("errorOccurred"),
  passed("notification"),
  passed("preCompact"),
  passed("permissionRequest", UNWIRED),
  passed("userPromptTransformed", UNWIRED),
];

const context = (content: string): JsonObject => ({ additionalContext: content });
const blockStop = (reason: string): JsonObject => ({ decision: "block", reason });

const decided = (decision: string, reason: string): JsonObject => ({
  permissionDecision: decision,
  permissionDecisionReason: reason,
});

const beforeTool: Voice = {
  block: (reason) => decided("deny", reason),
  ask: (question, input) => ({
    ...decided("ask", question),
    ...(input !== undefined && { modifiedArgs: input }),
  }),
  modify: (input) => ({ modifiedArgs: input }),
};

/** Copilot CLI, by its own reference; it was not run here. Its payloads name no event: the hook's own argument does. */
export const copilot: AgentDialect = makeDialect({
  agent: "copilot",
  title: TITLE,
  timeoutUnit: "seconds",
  rows: ROWS,
  sessionMembers: ["sessionId"],
  voices: {
    sessionStart: { inject: context },
    subagentStart: { inject: context },
    notification: { inject: context },
    preToolUse: beforeTool,
    postToolUse: {
      inject: context,
      replace: (output) => ({ modifiedResult: { resultType: "success", textResultForLlm: output } }),
    },
    postToolUseFailure: { inject: context },
    agentStop: { block: blockStop },
    subagentStop: { block: blockStop },
  },
});
