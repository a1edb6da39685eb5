import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { describeEvent } from "../src/record.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const before = {
  kind: "before_tool_call",
  tool_name: "bash",
  tool_runtime_name: "shell:bash",
  tool_input: { command: "ls", password: "hunter22" },
  session_id: "s1",
  meta: { event_id: "e1", tool_call_id: "c1", correlation_id: "r1", attempt: 1 },
};

test("a tool call, as a summary", () => {
  const input = JSON.stringify(before.tool_input);
  expect(plain(describeEvent(before, "summary"))).toEqual({
    session_id: "s1",
    event_id: "e1",
    tool_call_id: "c1",
    correlation_id: "r1",
    tool_name: "bash",
    tool_runtime_name: "shell:bash",
    input_bytes: input.length,
    input_sha256: sha256(input),
    input: { command: "ls", password: "[masked]" },
  });
});

test("without content, only sizes are recorded", () => {
  const event = { ...before, kind: "after_tool_call", tool_output: "grün" };
  expect(plain(describeEvent(event, "none"))).toEqual({
    session_id: "s1",
    event_id: "e1",
    tool_call_id: "c1",
    correlation_id: "r1",
    tool_name: "bash",
    tool_runtime_name: "shell:bash",
    input_bytes: 38,
    output_bytes: 5,
  });
});

test("outputs and messages are size and digest, and text only in full", () => {
  const event = {
    kind: "on_message_complete",
    message: "use Bearer 0123456789",
    data: { content_block_count: 1 },
  };
  const summary = {
    session_id: null,
    message_bytes: 21,
    message_sha256: sha256(event.message),
    data: { content_block_count: 1 },
  };
  expect(plain(describeEvent(event, "summary"))).toEqual(summary);
  expect(plain(describeEvent(event, "full"))).toEqual({ ...summary, message: "use Bearer [masked]" });
});

test("a truncated output has its real size and no digest of its beginning", () => {
  const meta = { truncated: true, total_bytes: 999_999, is_error: true, attempt: 2 };
  const record = plain(
    describeEvent({ ...before, kind: "after_tool_call", tool_output: "begin", meta }, "summary"),
  );
  expect(record).toMatchObject({ output_bytes: 999_999, output_truncated: true, is_error: true, attempt: 2 });
  expect(record).not.toHaveProperty("output_sha256");
});

test("usage and session ends", () => {
  const usage = { model: "m", usage: { input_tokens: 10, output_tokens: 2 }, session_id: "s" };
  expect(plain(describeEvent({ kind: "on_usage", data: usage }, "none"))).toMatchObject({ data: usage });
  const end = { kind: "on_session_end", session_id: "s1", transcript: [{ role: "user", content: "hi" }] };
  expect(plain(describeEvent(end, "none"))).toEqual({
    session_id: "s1",
    transcript_messages: 1,
    transcript_bytes: 32,
  });
});

test("agent and folder stand beside the ids, and what else an agent sent counts as content", () => {
  const data = {
    agent: "codex",
    cwd: "/projects/a",
    agent_event: "PreToolUse",
    note: `key sk-${"a1B2".repeat(12)}`,
  };
  const event = { ...before, data };
  const none = plain(describeEvent(event, "none"));
  expect(none).toMatchObject({ agent: "codex", cwd: "/projects/a", session_id: "s1" });
  expect(none).not.toHaveProperty("data");
  expect(plain(describeEvent(event, "summary"))).toMatchObject({
    agent: "codex",
    cwd: "/projects/a",
    data: { agent_event: "PreToolUse", note: "key [masked:sk]" },
  });
  expect(plain(describeEvent({ ...before, data: { cwd: "/projects/b", turns: 2 } }, "none"))).toMatchObject({
    cwd: "/projects/b",
    data: { turns: 2 },
  });
  expect(plain(describeEvent({ ...before, data: { cwd: `/${"a".repeat(9_000)}` } }, "none"))).toMatchObject({
    cwd: expect.stringMatching(/^\/a{100,300}[^a]/),
  });
  expect(plain(describeEvent({ ...before, data: { agent: "codex" } }, "full"))).not.toHaveProperty("data");
  expect(plain(describeEvent({ ...before, data: {} }, "none"))).not.toHaveProperty("data");
  expect(plain(describeEvent({ ...before, data: [1] }, "none"))).toMatchObject({ data: [1] });
});
