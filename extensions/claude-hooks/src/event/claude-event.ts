import { isAbsolute } from "node:path";
import { isJsonObject, type HookEvent, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { toolNames, type ToolNames } from "../match/tool-names.js";
import { viewInput, type InputView } from "./input-view.js";

/** An event of a host in the form that hooks of this format read. */
export interface ClaudeEvent {
  readonly name: string;
  /** The text that hooks read on their input, without the working folder. */
  readonly payload: JsonObject;
  /** The agent that raised the event; null if nothing says so. */
  readonly agent: string | null;
  /** Working folder of the operation; null if the event names none. */
  readonly cwd: string | null;
  /** Present for events of a tool. */
  readonly tool?: { readonly names: ToolNames; readonly view: InputView };
}

/** Names that an agent's own event may have beside the first one, by kind. */
const NAMES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  before_tool_call: ["PreToolUse"],
  after_tool_call: ["PostToolUse", "PostToolUseFailure"],
  before_message: ["UserPromptSubmit", "UserPromptExpansion"],
  on_session_start: ["SessionStart"],
  on_session_end: ["SessionEnd"],
  on_message_complete: ["Stop", "SubagentStop"],
  on_compaction: ["PreCompact", "PostCompact"],
};

/** Names of events of other agents that mean the same. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  BeforeTool: "PreToolUse",
  AfterTool: "PostToolUse",
  BeforeAgent: "UserPromptSubmit",
  AfterAgent: "Stop",
  PreCompress: "PreCompact",
  AgentStop: "Stop",
  BeforeSubmitPrompt: "UserPromptSubmit",
};

/** Members that say where an event comes from and are no part of what the agent sent. */
const OURS = ["agent", "agent_event", "point", "component", "tags", "metadata", "payload"];

/** Translates an event, or returns undefined for a kind that hooks of this format have no event for. */
export function toClaude(event: HookEvent): ClaudeEvent | undefined {
  const data = isJsonObject(event.data) ? event.data : {};
  const name = nameOf(event, data);
  if (name === undefined) return undefined;
  // Members whose names mean something else here stand below `payload`.
  const sent = { ...data, ...(isJsonObject(data["payload"]) ? data["payload"] : {}) };
  const common = {
    ...Object.fromEntries(
      Object.entries(sent).filter(([key]) => data[key] !== sent[key] || !OURS.includes(key)),
    ),
    session_id: event.session_id ?? text(data["session_id"]) ?? "",
    transcript_path: text(data["transcript_path"]) ?? "",
    permission_mode: text(data["permission_mode"]) ?? "default",
    hook_event_name: name,
  };
  const cwd = text(data["cwd"]);
  const base = {
    name,
    agent: text(data["agent"]),
    cwd: cwd !== null && isAbsolute(cwd) ? cwd : null,
  };
  const call = event.kind === "agent.custom" ? callIn(data) : event;
  if (call.tool_name === null || call.tool_name === undefined)
    return { ...base, payload: { ...common, ...factsOf(name, event, data) } };
  const names = toolNames({ ...event, ...call });
  const view = viewInput(names.claude, call.tool_input);
  const id = event.meta?.tool_call_id ?? text(data["tool_use_id"]);
  const payload = {
    ...common,
    tool_name: names.claude,
    tool_input: view.seen,
    ...(id === null ? {} : { tool_use_id: id }),
    ...outputOf(name, names.claude, event, data),
  };
  return { ...base, payload, tool: { names, view } };
}

/** The call of a tool at a point that has no place for one in the envelope. */
function callIn(data: JsonObject): Pick<HookEvent, "tool_name" | "tool_runtime_name" | "tool_input"> {
  const name = text(data["tool_name"]);
  return { tool_name: name, tool_runtime_name: name, tool_input: data["tool_input"] ?? null };
}

function nameOf(event: HookEvent, data: JsonObject): string | undefined {
  if (event.kind === "agent.custom") {
    const point = text(data["point"]);
    const own = point === null ? undefined : /^[\w-]+\.(\w+)$/.exec(point)?.[1];
    if (own === undefined) return undefined;
    const name = `${own.charAt(0).toUpperCase()}${own.slice(1)}`;
    return OTHER_NAMES[name] ?? name;
  }
  const names = NAMES[event.kind];
  if (event.kind === "after_tool_call" && event.meta?.is_error === true) return "PostToolUseFailure";
  return names?.find((name) => name === data["agent_event"]) ?? names?.[0];
}

function factsOf(name: string, event: HookEvent, data: JsonObject): JsonObject {
  const message = event.message ?? "";
  if (name === "UserPromptSubmit") return { prompt: event.message ?? text(data["prompt"]) ?? "" };
  if (name === "SessionStart") return { source: text(data["source"]) ?? "startup" };
  if (name === "SessionEnd") return { reason: text(data["reason"]) ?? "other" };
  if (name === "Stop" || name === "SubagentStop")
    return { stop_hook_active: data["stop_hook_active"] === true, last_assistant_message: message };
  if (name === "PreCompact" || name === "PostCompact")
    return { trigger: text(data["trigger"]) ?? text(data["source"]) ?? "auto" };
  return {};
}

/** Output of a tool: as the agent sent it, else the host's text in the tool's own form. */
function outputOf(name: string, tool: string, event: HookEvent, data: JsonObject): JsonObject {
  const output = event.tool_output;
  if (output === null || output === undefined) return {};
  if (name === "PostToolUseFailure") return { error: output };
  const sent = data["tool_response"];
  if (sent !== undefined && sent !== null) return { tool_response: sent };
  if (tool !== "Bash") return { tool_response: output };
  return { tool_response: { stdout: output, stderr: "", interrupted: false, isImage: false } };
}

function text(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
