import { isAbsolute, join } from "node:path/posix";
import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import {
  CUSTOM,
  finishedMessage,
  sessionMember,
  toolCall,
  toolResult,
  userMessage,
  type EventRow,
  type Part,
} from "./agent-event.js";
import type { AgentDialect } from "./dialect.js";
import { known, makeDialect, passed, UNWIRED } from "./make-dialect.js";
import type { Payload } from "./payload.js";
import { commonToolName } from "./tool-names.js";
import { decideBlock, injectAt, specific, type Voice } from "./voice.js";

const TITLE = "Gemini CLI";

/** The agent names no calls: an operation is known by its session, tool and input. */
const call = (payload: Payload): Part =>
  toolCall(payload.text("tool_name"), payload.object("tool_input"), null, ["tool_name", "tool_input"]);

function result(payload: Payload): Part {
  const response = payload.object("tool_response");
  const output = partsText(response["llmContent"] ?? "");
  const failed = (response["error"] ?? null) !== null || EXIT_CODE.test(output);
  return toolResult(call(payload), output, failed, ["tool_response"]);
}

/** The line about the exit code that the agent adds below the output of a failed command, before its own last lines. */
const EXIT_CODE = /\nExit Code: (?!0\n)\S+\n(?:[A-Z][\w ]*: [^\n]*\n)*<\/untrusted_context>\s*$/;

/** The text of what the model reads: a text, a part, or a list of parts. Parts without text are named. */
function partsText(content: JsonValue): string {
  if (typeof content === "string") return content;
  const parts = Array.isArray(content) ? content : [content];
  return parts.map(partText).join("\n");
}

function partText(part: JsonValue): string {
  if (!isJsonObject(part)) return typeof part === "string" ? part : JSON.stringify(part);
  if (typeof part["text"] === "string") return part["text"];
  const data = part["inlineData"];
  return isJsonObject(data) ? `[data of the type ${String(data["mimeType"])}]` : JSON.stringify(part);
}

/** The folder of a shell call is its own `dir_path`, which starts at the folder of the project. */
function folderOf(payload: Payload): string | null {
  const cwd = payload.optionalText("cwd");
  const tool = payload.get("tool_name");
  if (typeof tool !== "string" || commonToolName(tool) !== "bash") return cwd;
  const folder = payload.object("tool_input")["dir_path"];
  if (typeof folder !== "string" || folder === "") return cwd;
  if (isAbsolute(folder)) return folder;
  return cwd === null ? null : join(cwd, folder);
}

/** The usage that a model's answer reports with its last chunk; earlier chunks are passed on as they come. */
function modelAnswer(payload: Payload): Part {
  const { usageMetadata: usage, candidates } = payload.object("llm_response");
  const isLast =
    Array.isArray(candidates) &&
    candidates.some((one) => isJsonObject(one) && typeof one["finishReason"] === "string");
  const occurredAt = payload.optionalText("timestamp");
  if (!isLast || !isJsonObject(usage) || occurredAt === null) return { fields: {}, used: [], kind: CUSTOM };
  const count = (name: string): number => {
    const value = usage[name];
    return typeof value === "number" ? value : 0;
  };
  const model = payload.object("llm_request")["model"];
  return {
    fields: {},
    used: ["llm_request", "llm_response", "timestamp"],
    data: {
      provider: "google",
      model: typeof model === "string" ? model : null,
      session_id: payload.optionalText("session_id"),
      message_id: null,
      turn_id: null,
      usage: {
        input_tokens: Math.max(0, count("promptTokenCount") - count("cachedContentTokenCount")),
        output_tokens: count("candidatesTokenCount") + count("thoughtsTokenCount"),
        cache_read_input_tokens: count("cachedContentTokenCount"),
        cache_creation_input_tokens: 0,
      },
      source: { event: "AfterModel" },
      occurred_at: occurredAt,
    },
  };
}

const ROWS: readonly EventRow[] = [
  known("SessionStart", "on_session_start", sessionMember("session_id")),
  known("BeforeAgent", "before_message", userMessage, { refuses: true }),
  known("BeforeTool", "before_tool_call", call, { refuses: true, closes: true }),
  known("AfterTool", "after_tool_call", result, { refuses: true, closes: true }),
  known("AfterAgent", "on_message_complete", finishedMessage("prompt_response"), { refuses: true }),
  known("SessionEnd", "on_session_end", sessionMember("session_id")),
  passed("Notification"),
  // These come with every request to the model, the first of them with each piece of its answer.
  known("AfterModel", "on_usage", modelAnswer, { wired: false, refuses: true }),
  passed("BeforeModel", { wired: false, refuses: true }),
  passed("BeforeToolSelection", UNWIRED),
  passed("PreCompress", UNWIRED),
];

const beforeTool: Voice = {
  block: decideBlock,
  // The object replaces the whole input, whatever the agent's page says about merging.
  modify: (input: JsonObject) => specific("BeforeTool", { tool_input: input }),
  nobody: `a question of a hook hangs where ${TITLE} has no terminal, and hooks are not told`,
};

/** Gemini CLI, as version 0.61.0 was seen to behave. */
export const gemini: AgentDialect = makeDialect({
  agent: "gemini",
  title: TITLE,
  timeoutUnit: "milliseconds",
  rows: ROWS,
  cwdOf: folderOf,
  voices: {
    SessionStart: { inject: injectAt("SessionStart") },
    BeforeAgent: { block: decideBlock, inject: injectAt("BeforeAgent") },
    BeforeModel: { block: decideBlock },
    AfterModel: { block: decideBlock },
    BeforeTool: beforeTool,
    AfterTool: {
      inject: injectAt("AfterTool"),
      replace: (output) => decideBlock(output.trim() === "" ? "(no output)" : output),
    },
    // Once: a refused answer is asked for again without end.
    AfterAgent: ({ payload }) => (payload["stop_hook_active"] === true ? {} : { block: decideBlock }),
  },
});
