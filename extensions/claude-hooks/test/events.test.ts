import { expect, test } from "vitest";
import { toClaude } from "../src/event/claude-event.js";
import { sent } from "./support/project.js";

const read = (event: Parameters<typeof sent>[0]) => {
  const { name, payload, agent, cwd } = toClaude(sent(event)) ?? {};
  return { name, payload, agent, cwd };
};

test("a call of a tool at a point of its own", () => {
  const data = {
    agent: "claude-code",
    agent_event: "PermissionRequest",
    point: "claude-code.PermissionRequest",
    component: { type: "agent", name: "claude-code" },
    session_id: "s9",
    cwd: "/p",
    tool_name: "Bash",
    tool_input: { command: "ls" },
    payload: { metadata: { a: 1 }, agent: "theirs" },
  };
  expect(read({ kind: "agent.custom", data })).toEqual({
    name: "PermissionRequest",
    agent: "claude-code",
    cwd: "/p",
    payload: {
      session_id: "s9",
      cwd: "/p",
      transcript_path: "",
      permission_mode: "default",
      hook_event_name: "PermissionRequest",
      tool_name: "Bash",
      tool_input: { command: "ls" },
      metadata: { a: 1 },
      agent: "theirs",
    },
  });
});

test.each([
  [{ kind: "on_compaction", data: { source: "manual" } }, "PreCompact", { trigger: "manual" }],
  [{ kind: "on_compaction", data: { agent_event: "PostCompact" } }, "PostCompact", { trigger: "auto" }],
  [{ kind: "on_message_complete", message: "done" }, "Stop", { last_assistant_message: "done" }],
  [{ kind: "on_message_complete", data: { agent_event: "AfterAgent" } }, "Stop", { stop_hook_active: false }],
  [{ kind: "on_session_start", data: { source: "resume" } }, "SessionStart", { source: "resume" }],
  [{ kind: "on_session_end", data: null }, "SessionEnd", { reason: "other" }],
  [{ kind: "before_message", message: "hi" }, "UserPromptSubmit", { prompt: "hi" }],
  [{ kind: "agent.custom", data: { point: "copilot.agentStop" } }, "Stop", {}],
  [{ kind: "agent.custom", data: { point: "claude-code.BrandNew" } }, "BrandNew", {}],
])("%j is %s", (event, name, payload) => {
  expect(read(event)).toMatchObject({ name, payload: { ...payload, hook_event_name: name } });
});

test("a point that no agent raises has no event, and a folder that is none counts for nothing", () => {
  for (const point of ["release", "a.b.c", 7])
    expect(read({ kind: "agent.custom", data: { point } }).name).toBeUndefined();
  expect(read({ kind: "before_message", data: { cwd: "sub" } }).cwd).toBeNull();
});
