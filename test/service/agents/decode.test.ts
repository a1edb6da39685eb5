import { AgentPayloadError, DIALECTS, PLUGINS, type DialectName } from "@synaps/service/agents";
import { synapsPayloads, agentCatalog } from "@synaps/sdk/catalogs";
import { synapsCatalog, type JsonObject } from "@synaps/sdk/protocol";
import { createHost } from "@synaps/host";
import { expect, onTestFinished, test } from "vitest";
import { readEvent } from "../../../packages/host/src/delivery/event-input.ts";
import { Payload } from "../../../packages/host/src/dispatch/payload.ts";
import { tempDir } from "../../helpers/temp.ts";
import { PAYLOADS } from "./payloads.ts";
import { dialect, sample } from "./support.ts";

const AGENTS = Object.keys(PAYLOADS) as DialectName[];
const SAMPLES = AGENTS.flatMap((agent) => Object.keys(PAYLOADS[agent]).map((name) => [agent, name] as const));

test.each(AGENTS)("every call of %s is a call of bash, with the agent's own name beside it", (agent) => {
  const expected: Record<
    DialectName,
    [event: string, name: string, input: JsonObject, id: string | undefined]
  > = {
    "claude-code": [
      "PreToolUse",
      "Bash",
      { command: "ls -l src", description: "List the sources" },
      "toolu_1",
    ],
    codex: ["PreToolUse", "Bash", { command: "ls -l src" }, "call_1"],
    gemini: [
      "BeforeTool",
      "run_shell_command",
      { command: "ls -l", description: "List the sources", dir_path: "src" },
      undefined,
    ],
    pi: ["tool_call", "bash", { command: "ls -l src" }, "toolu_1"],
    cursor: ["preToolUse", "Shell", { command: "ls -l src" }, "u-1"],
    copilot: ["preToolUse", "bash", { command: "ls -l src", description: "List" }, undefined],
  };
  const [name, tool, input, id] = expected[agent];
  const { event } = sample(agent, name);
  expect(event).toMatchObject({
    kind: "before_tool_call",
    tool_name: "bash",
    tool_runtime_name: tool,
    tool_input: input,
  });
  expect(event.tool_call_id).toBe(id);
  expect(event.session_id).not.toBeNull();
});

test("an event has the whole payload: in the envelope, or in data, and nothing twice", () => {
  expect(sample("claude-code", "PostToolUse").event).toEqual({
    kind: "after_tool_call",
    session_id: "7b1f",
    tool_name: "bash",
    tool_runtime_name: "Bash",
    tool_input: { command: "ls -l src", description: "List the sources" },
    tool_call_id: "toolu_1",
    tool_output: "a.ts\nb.ts\nwarning",
    data: {
      agent: "claude-code",
      agent_event: "PostToolUse",
      cwd: "/home/ann/shop",
      transcript_path: "/home/ann/.claude/projects/shop/7b1f.jsonl",
      prompt_id: "p-1",
      permission_mode: "default",
      effort: { level: "high" },
      duration_ms: 91,
    },
  });
  expect(sample("codex", "PreCompact").event).toEqual({
    kind: "agent.custom",
    data: {
      point: "codex.PreCompact",
      component: { type: "agent", name: "codex" },
      agent: "codex",
      agent_event: "PreCompact",
      session_id: "01a2",
      cwd: "/home/ann/shop",
      transcript_path: "/home/ann/.codex/sessions/01a2.jsonl",
      model: "gpt-5",
      turn_id: "t-1",
      trigger: "auto",
    },
  });
});

test("each sample becomes the kind that the table of its dialect names, and fits the payload of the kind", () => {
  for (const [agent, name] of SAMPLES) {
    const { event, sessionId } = sample(agent, name);
    expect(event.kind, `${agent} ${name}`).toBe(
      dialect(agent).events.find((info) => info.name === name)?.kind ?? "not in the table",
    );
    expect(sessionId, `${agent} ${name}`).not.toBeNull();
    const schema = synapsPayloads[event.kind as keyof typeof synapsPayloads] ?? undefined;
    if (schema) new Payload(schema).check(readEvent(event));
    else expect(event).toMatchObject({ kind: "agent.custom", data: { point: `${agent}.${name}` } });
  }
});

test("a host takes each of them, and events of agents to come", async () => {
  const host = createHost({
    folders: [],
    baseDir: tempDir(),
    catalogs: [synapsCatalog, agentCatalog],
  });
  onTestFinished(() => host.stop());
  await host.start();
  const seen: unknown[] = [];
  // The host itself tells of decisions.
  const kinds = Object.keys(synapsCatalog.kinds).filter((kind) => kind !== "on_decision");
  for (const kind of [...kinds, "agent.custom"])
    host.subscribe(kind as "agent.custom", ({ data }) => {
      seen.push((data as JsonObject)["agent_event"]);
      return undefined;
    });
  const odd = [...DIALECTS, ...PLUGINS].map((one) =>
    one.decode(
      { session_id: "s", tags: "none", metadata: 1, component: [], point: 3, agent: {}, payload: 0 },
      "Later",
    ),
  );
  const events = [...SAMPLES.map(([agent, name]) => sample(agent, name)), ...odd];
  for (const { event } of events) await (await host.emit(event as never)).settled;
  expect(seen).toEqual(events.map(({ name }) => name));
  expect(odd[0]?.event.data).toEqual({
    point: "claude-code.Later",
    component: { type: "agent", name: "claude-code" },
    agent: "claude-code",
    agent_event: "Later",
    session_id: "s",
    cwd: null,
    payload: { tags: "none", metadata: 1, component: [], point: 3, agent: {}, payload: 0 },
  });
});

test("the name in the payload counts before the one that the hook was wired for", () => {
  expect(sample("gemini", "BeforeTool", { hook_event_name: "BeforeAgent", prompt: "x" }).name).toBe(
    "BeforeAgent",
  );
  expect(dialect("codex").decode({ prompt: "x" }, "UserPromptSubmit").event.kind).toBe("before_message");
});

test("members named like those of every object are plain members", () => {
  const payload = JSON.parse('{"hook_event_name":"Later","__proto__":{"x":1},"constructor":2}') as JsonObject;
  const { data } = dialect("codex").decode(payload).event;
  expect(Object.entries(data as JsonObject)).toEqual(expect.arrayContaining([["__proto__", { x: 1 }]]));
});

const deep = (levels: number): JsonObject => (levels === 0 ? {} : { a: deep(levels - 1) });

test.each<[DialectName, string, JsonObject, string]>([
  [
    "claude-code",
    "PreToolUse",
    { tool_name: 7 },
    "Claude Code sent an event whose 'tool_name' is a number; it has to be a text",
  ],
  ["claude-code", "PreToolUse", { tool_name: null }, "'tool_name' is missing; it has to be a text"],
  ["claude-code", "PreToolUse", { tool_input: [] }, "'tool_input' is a list; it has to be an object"],
  ["claude-code", "PreToolUse", { session_id: {} }, "'session_id' is an object"],
  ["claude-code", "PreToolUse", { cwd: true }, "'cwd' is a boolean"],
  ["claude-code", "SessionStart", { session_id: null }, "'session_id' is missing"],
  ["claude-code", "PreToolUse", { hook_event_name: 1 }, "'hook_event_name' is a number"],
  ["claude-code", "PreToolUse", { hook_event_name: "x".repeat(101) }, "longer than 100 characters"],
  ["claude-code", "Stop", { last_assistant_message: ["secret"] }, "'last_assistant_message' is a list"],
  ["codex", "UserPromptSubmit", { prompt: null }, "Codex sent an event whose 'prompt' is missing"],
  ["gemini", "AfterTool", { tool_response: "secret" }, "'tool_response' is a text; it has to be an object"],
  [
    "cursor",
    "beforeMCPExecution",
    { tool_input: "secret" },
    "'tool_input' is a text; it has to be an object",
  ],
  ["copilot", "preToolUse", { toolArgs: "secret" }, "'toolArgs' is a text; it has to be an object"],
  ["codex", "Stop", { more: deep(600) }, "more than 512 levels"],
])("%s %s with %j is no event", (agent, name, changes, message) => {
  const read = (): unknown => sample(agent, name, changes);
  expect(read).toThrow(AgentPayloadError);
  expect(read).toThrow(message);
  expect(read).not.toThrow("secret");
});

test("a payload that names no event is none, if the hook names none", () => {
  expect(() => dialect("copilot").decode({})).toThrow(
    "Copilot CLI sent an event without 'hook_event_name', and the hook names no event",
  );
  expect(() => dialect("codex").decode([] as never)).toThrow("Codex sent a list in place of an object");
});

test.each([
  ["Bash", "bash"],
  ["run_shell_command", "bash"],
  ["exec_command", "bash"],
  ["Shell", "bash"],
  ["execute_command", "bash"],
  ["local_shell", "bash"],
  ["Read", "read_file"],
  ["Write", "write_file"],
  ["replace", "edit_file"],
  ["MultiEdit", "edit_file"],
  ["WebFetch", "web_fetch"],
  ["apply_patch", "apply_patch"],
  ["mcp__files__read", "mcp__files__read"],
  ["constructor", "constructor"],
])("the tool %s is %s", (own, common) => {
  expect(sample("claude-code", "PreToolUse", { tool_name: own }).event).toMatchObject({
    tool_name: common,
    tool_runtime_name: own,
  });
});

test.each<[JsonObject, string | null]>([
  [{ command: "ls" }, "/home/ann/shop"],
  [{ command: "ls", dir_path: "src/../web" }, "/home/ann/shop/web"],
  [{ command: "ls", dir_path: "/tmp" }, "/tmp"],
  [{ command: "ls", dir_path: "" }, "/home/ann/shop"],
  [{ command: "ls", dir_path: 3 }, "/home/ann/shop"],
])("a shell call of Gemini CLI with %j works in %s", (input, folder) => {
  const event = sample("gemini", "BeforeTool", { tool_input: input });
  expect(event.cwd).toBe(folder);
  expect(event.event).toMatchObject({ tool_input: input, data: { cwd: folder } });
});

test("only a shell call of Gemini CLI has a folder of its own; other tools list it", () => {
  const input = { tool_name: "list_directory", tool_input: { dir_path: "/etc" } };
  expect(sample("gemini", "BeforeTool", input).cwd).toBe("/home/ann/shop");
  expect(sample("gemini", "BeforeTool", { cwd: null }).cwd).toBeNull();
});

test.each<[DialectName, string, JsonObject, string, boolean | undefined]>([
  ["claude-code", "PostToolUse", { tool_response: "plain" }, "plain", undefined],
  [
    "claude-code",
    "PostToolUse",
    { tool_response: [{ type: "text", text: "a" }, { type: "image" }] },
    "a",
    undefined,
  ],
  [
    "claude-code",
    "PostToolUse",
    { tool_response: { type: "text", file: { filePath: "/a", content: "let a", numLines: 1 } } },
    "let a",
    undefined,
  ],
  [
    "claude-code",
    "PostToolUse",
    { tool_response: { filenames: ["a"], numFiles: 1 } },
    '{"filenames":["a"],"numFiles":1}',
    undefined,
  ],
  [
    "claude-code",
    "PostToolUse",
    { tool_response: { type: "image", file: { base64: "AAAA" } } },
    '{"type":"image","file":{"base64":"[data]"}}',
    undefined,
  ],
  ["claude-code", "PostToolUse", { tool_response: null }, "", undefined],
  ["claude-code", "PostToolUseFailure", {}, "Exit code 2\nls: src: no such folder", true],
  ["codex", "PostToolUse", {}, "a.ts\nb.ts\n", undefined],
  [
    "codex",
    "PostToolUse",
    { tool_response: { content: [{ type: "text", text: "no" }], isError: true } },
    "no",
    true,
  ],
  ["gemini", "AfterTool", { tool_response: { llmContent: "no", error: { message: "no" } } }, "no", true],
  [
    "gemini",
    "AfterTool",
    { tool_response: { llmContent: [{ text: "a" }, { inlineData: { mimeType: "image/png", data: "AA" } }] } },
    "a\n[data of the type image/png]",
    false,
  ],
  [
    "gemini",
    "AfterTool",
    {
      tool_response: {
        llmContent:
          "<untrusted_context>\nOutput: x\nExit Code: 2\nProcess Group PGID: 1\n</untrusted_context>",
      },
    },
    "<untrusted_context>\nOutput: x\nExit Code: 2\nProcess Group PGID: 1\n</untrusted_context>",
    true,
  ],
  [
    "gemini",
    "AfterTool",
    {
      tool_response: {
        llmContent: "<untrusted_context>\nOutput: \nExit Code: 2\nand on\n</untrusted_context>",
      },
    },
    "<untrusted_context>\nOutput: \nExit Code: 2\nand on\n</untrusted_context>",
    false,
  ],
  ["pi", "tool_result", { is_error: true }, "a.ts", true],
  ["cursor", "postToolUse", {}, '{"output":"a.ts"}', undefined],
  ["copilot", "postToolUse", { toolResult: { resultType: "failure", textResultForLlm: "no" } }, "no", true],
])("the output of %s %s %j is text", (agent, name, changes, output, isError) => {
  const { event } = sample(agent, name, changes);
  expect(event.tool_output).toBe(output);
  expect(event.is_error).toBe(isError);
});

test("usage comes with the last piece of an answer only", () => {
  expect(sample("gemini", "AfterModel").event).toMatchObject({
    kind: "on_usage",
    data: {
      model: "gemini-2.5-flash",
      usage: { input_tokens: 30, output_tokens: 5, cache_read_input_tokens: 20 },
    },
  });
  const piece = { llm_response: { candidates: [{ content: {} }], usageMetadata: { promptTokenCount: 50 } } };
  expect(sample("gemini", "AfterModel", piece).event.kind).toBe("agent.custom");
});
