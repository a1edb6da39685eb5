import type { DialectName } from "@synaps/service/agents";
import type { JsonObject } from "@synaps/sdk/protocol";

/** Payloads as Claude Code 2.1.197 sends them, by event; those of events that were not seen follow its schemas. */
const claudeBase = {
  session_id: "7b1f",
  transcript_path: "/home/ann/.claude/projects/shop/7b1f.jsonl",
  cwd: "/home/ann/shop",
  prompt_id: "p-1",
  permission_mode: "default",
  effort: { level: "high" },
};
const claudeCall = {
  tool_name: "Bash",
  tool_input: { command: "ls -l src", description: "List the sources" },
  tool_use_id: "toolu_1",
};
const claude: Record<string, JsonObject> = {
  SessionStart: { source: "startup" },
  UserPromptSubmit: { prompt: "tidy up" },
  PreToolUse: claudeCall,
  PostToolUse: {
    ...claudeCall,
    tool_response: {
      stdout: "a.ts\nb.ts",
      stderr: "warning",
      interrupted: false,
      isImage: false,
      noOutputExpected: false,
    },
    duration_ms: 91,
  },
  PostToolUseFailure: {
    ...claudeCall,
    error: "Exit code 2\nls: src: no such folder",
    is_interrupt: false,
    duration_ms: 12,
  },
  PostToolBatch: { tool_calls: [{ ...claudeCall, tool_response: { stdout: "", stderr: "" } }] },
  Stop: { stop_hook_active: false, last_assistant_message: "done", background_tasks: [], session_crons: [] },
  SubagentStop: { stop_hook_active: false, last_assistant_message: "found", agent_id: "a-1" },
  SubagentStart: { agent_id: "a-1", agent_type: "Explore" },
  PreCompact: { trigger: "auto", custom_instructions: null },
  PostCompact: { trigger: "auto", compact_summary: "We tidied up." },
  PermissionRequest: { tool_name: "Bash", tool_input: { command: "ls" }, permission_suggestions: [] },
  UserPromptExpansion: { expansion_type: "slash", command_name: "tidy", command_args: "", prompt: "/tidy" },
  ConfigChange: { source: "user_settings" },
  Notification: { message: "waiting for you", notification_type: "idle" },
  Setup: { trigger: "init" },
  Elicitation: { mcp_server_name: "files", message: "Which one?" },
  SessionEnd: { reason: "other" },
};

/** Payloads as Codex 0.171.0 sends them. */
const codexBase = {
  session_id: "01a2",
  transcript_path: "/home/ann/.codex/sessions/01a2.jsonl",
  cwd: "/home/ann/shop",
};
const codexSession = { model: "gpt-5", permission_mode: "bypassPermissions" };
const codexTurn = { ...codexSession, turn_id: "t-1" };
const codexCall = {
  ...codexTurn,
  tool_name: "Bash",
  tool_input: { command: "ls -l src" },
  tool_use_id: "call_1",
};
const codexAgent = { ...codexTurn, agent_id: "a-1", agent_type: "worker" };
const codexCompact = { model: "gpt-5", turn_id: "t-1" };
const codex: Record<string, JsonObject> = {
  SessionStart: { ...codexSession, source: "startup" },
  UserPromptSubmit: { ...codexTurn, prompt: "tidy up" },
  PreToolUse: codexCall,
  PostToolUse: { ...codexCall, tool_response: "a.ts\nb.ts\n" },
  PermissionRequest: { ...codexTurn, tool_name: "Bash", tool_input: { command: "ls" } },
  PreCompact: { ...codexCompact, trigger: "auto" },
  PostCompact: { ...codexCompact, trigger: "manual" },
  SubagentStart: codexAgent,
  SubagentStop: {
    ...codexAgent,
    agent_transcript_path: null,
    stop_hook_active: false,
    last_assistant_message: null,
  },
  Stop: { ...codexTurn, stop_hook_active: false, last_assistant_message: "done" },
  Interrupt: codexTurn,
  SessionEnd: { reason: "other" },
};

/** Payloads as Gemini CLI 0.61.0 sends them. */
const geminiBase = {
  session_id: "19e8",
  transcript_path: "/home/ann/.gemini/tmp/shop/19e8.jsonl",
  cwd: "/home/ann/shop",
  timestamp: "2026-11-29T15:25:25.830Z",
};
const geminiCall = {
  tool_name: "run_shell_command",
  tool_input: { command: "ls -l", description: "List the sources", dir_path: "src" },
};
const llmRequest = {
  model: "gemini-2.5-flash",
  messages: [{ role: "user", content: "tidy up" }],
  config: {},
};
const gemini: Record<string, JsonObject> = {
  SessionStart: { source: "startup" },
  BeforeAgent: { prompt: "tidy up" },
  BeforeModel: { llm_request: llmRequest },
  AfterModel: {
    llm_request: llmRequest,
    llm_response: {
      candidates: [{ content: { role: "model", parts: ["done"] }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 50, candidatesTokenCount: 5, cachedContentTokenCount: 20 },
    },
  },
  BeforeToolSelection: { llm_request: llmRequest },
  BeforeTool: geminiCall,
  AfterTool: {
    ...geminiCall,
    tool_response: {
      llmContent: "<untrusted_context>\nOutput: a.ts\nb.ts\nProcess Group PGID: 3436\n</untrusted_context>",
      returnDisplay: "a.ts\nb.ts",
    },
  },
  AfterAgent: { prompt: "tidy up", prompt_response: "done", stop_hook_active: false },
  Notification: { notification_type: "ToolPermission", message: "May it?", details: {} },
  PreCompress: { trigger: "auto" },
  SessionEnd: { reason: "exit" },
};

/** Payloads of Cursor, by its page. */
const cursorBase = {
  conversation_id: "c-1",
  generation_id: "g-1",
  model: "fast",
  cursor_version: "3.9.16",
  workspace_roots: ["/home/ann/shop"],
};
const cursorCall = {
  tool_name: "Shell",
  tool_input: { command: "ls -l src" },
  tool_use_id: "u-1",
  cwd: "/home/ann/shop/web",
};
const cursor: Record<string, JsonObject> = {
  sessionStart: { session_id: "c-1", is_background_agent: false },
  beforeSubmitPrompt: { prompt: "tidy up", attachments: [] },
  preToolUse: cursorCall,
  postToolUse: { ...cursorCall, tool_output: '{"output":"a.ts"}', duration: 5 },
  postToolUseFailure: { ...cursorCall, error_message: "timed out", failure_type: "timeout" },
  beforeShellExecution: { command: "ls -l src", cwd: "/home/ann/shop", sandbox: false },
  afterShellExecution: { command: "ls -l src", output: "a.ts", duration: 5 },
  beforeMCPExecution: { tool_name: "find", tool_input: '{"name":"a"}', url: "http://localhost" },
  afterMCPExecution: { tool_name: "find", tool_input: '{"name":"a"}', result_json: '{"found":1}' },
  beforeReadFile: { file_path: "/home/ann/shop/a.ts", content: "let a", attachments: [] },
  afterAgentResponse: { text: "done" },
  preCompact: { trigger: "auto", context_usage_percent: 90 },
  subagentStart: { subagent_type: "explore" },
  stop: { status: "completed", loop_count: 0 },
  sessionEnd: { session_id: "c-1", reason: "completed" },
};

/** Payloads of Copilot CLI, by its reference: they do not name their event. */
const copilotBase = { sessionId: "s-1", timestamp: 1_764_430_000_000, cwd: "/home/ann/shop" };
const copilotCall = { toolName: "bash", toolArgs: '{"command":"ls -l src","description":"List"}' };
const copilot: Record<string, JsonObject> = {
  sessionStart: { source: "new", initialPrompt: "tidy up" },
  userPromptSubmitted: { prompt: "tidy up" },
  preToolUse: copilotCall,
  postToolUse: { ...copilotCall, toolResult: { resultType: "success", textResultForLlm: "a.ts" } },
  postToolUseFailure: { ...copilotCall, error: { message: "no", name: "Error" } },
  agentStop: { stopReason: "end_turn" },
  subagentStart: { agentName: "explore" },
  notification: { message: "waiting" },
  errorOccurred: { error: { message: "no", name: "Error" } },
  sessionEnd: { reason: "complete" },
};

/** Payloads of our plugin for pi. */
const piBase = { session_id: "pi-1", cwd: "/home/ann/shop", can_ask: false };
const piCall = { tool_name: "bash", tool_input: { command: "ls -l src" }, tool_use_id: "toolu_1" };
const pi: Record<string, JsonObject> = {
  session_start: { source: "startup" },
  before_agent_start: { prompt: "tidy up" },
  tool_call: piCall,
  tool_result: { ...piCall, tool_output: "a.ts", is_error: false },
  agent_end: { last_assistant_message: "done" },
  session_shutdown: {},
};

const withBase = (
  base: JsonObject,
  events: Record<string, JsonObject>,
  named: boolean,
): Record<string, JsonObject> =>
  Object.fromEntries(
    Object.entries(events).map(([name, own]) => [
      name,
      { ...base, ...(named && { hook_event_name: name }), ...own },
    ]),
  );

/** One payload for each event, by agent. */
export const PAYLOADS: Readonly<Record<DialectName, Readonly<Record<string, JsonObject>>>> = {
  "claude-code": withBase(claudeBase, claude, true),
  codex: withBase(codexBase, codex, true),
  gemini: withBase(geminiBase, gemini, true),
  pi: withBase(piBase, pi, true),
  cursor: withBase(cursorBase, cursor, true),
  copilot: withBase(copilotBase, copilot, false),
};
