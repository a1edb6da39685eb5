import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { MAX_COMMAND_CHARS } from "../src/masked.js";
import { describeEvent as describeWith, type AuditEvent } from "../src/record.js";
import type { Content } from "../src/settings.js";

const KEY = "only for this test";
const hmac = (text: string): string => createHmac("sha256", KEY).update(text).digest("hex");
const describeEvent = (event: AuditEvent, content: Content, key: string | undefined = KEY): object =>
  describeWith(event, { content, key });
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
    command: "ls",
    command_hmac: hmac("ls"),
    input_bytes: input.length,
    input_hmac: hmac(input),
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
    message_hmac: hmac(event.message),
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
  expect(record).not.toHaveProperty("output_hmac");
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

test("without a key there is no digest of anything", () => {
  const event = { ...before, kind: "after_tool_call", tool_output: "out", message: "m", transcript: ["t"] };
  for (const content of ["none", "summary", "full"] as const) {
    const record = JSON.stringify(describeWith(event, { content, key: undefined }));
    expect(record).not.toMatch(/hmac|sha256|[0-9a-f]{64}/);
  }
});

test("a command is recorded whole, without its secrets, and its cut can be seen", () => {
  const secret = `ghp_${"a1B2c3D4".repeat(5).slice(0, 36)}`;
  const long = `curl -H 'Authorization: token ${secret}' https://a.example/${"x".repeat(5_000)} --data end`;
  const record = plain(describeEvent({ ...before, tool_input: { command: long } }, "summary")) as Record<
    string,
    string
  >;
  expect(record["command"]).toMatch(/^curl .*x{5000} --data end$/);
  expect(record["command_hmac"]).toBe(hmac(long));
  expect(JSON.stringify(record)).not.toContain(secret.slice(0, 20));
  const endless = `echo ${"y".repeat(2 * MAX_COMMAND_CHARS)}`;
  const cut = plain(describeEvent({ ...before, tool_input: { command: endless } }, "summary")) as Record<
    string,
    string
  >;
  expect(cut["command"]).toMatch(/^echo y+…\(65541 chars\)$/);
  expect(cut["command"]).toHaveLength(MAX_COMMAND_CHARS + "…(65541 chars)".length);
  expect(cut["command_hmac"]).toBe(hmac(endless));
});

test.each([
  [{ cmd: "ls -l" }, "ls -l"],
  [{ command: ["git", "push", "--force"] }, "git push --force"],
  [{ chars: "print(1)\n" }, "print(1)\n"],
  [{ script: "a\nb" }, "a\nb"],
  ["uptime", "uptime"],
  [{ path: "a" }, undefined],
  [{ command: { a: 1 } }, undefined],
  [{ command: [] }, undefined],
  [["a", 1], undefined],
  [7, undefined],
  [null, undefined],
])("the command of the input %j is %j", (tool_input, command) => {
  const record = plain(describeEvent({ ...before, tool_input }, "summary")) as Record<string, unknown>;
  expect(record["command"]).toBe(command);
});

test("a secret that straddles a cut is not half recorded", () => {
  const secret = `ghp_${"a1B2c3D4".repeat(5).slice(0, 36)}`;
  for (const [field, bound] of [
    ["note", 200],
    ["command", MAX_COMMAND_CHARS],
  ] as const) {
    const tool_input = { [field]: `${"z ".repeat(bound / 2 - 10)}${secret} rest ${"z ".repeat(4_000)}` };
    const record = JSON.stringify(describeEvent({ ...before, tool_input }, "summary"));
    expect(record).not.toContain(secret.slice(0, 12));
  }
});

test("a decision names who decided and how they voted, and joins its event", () => {
  const data = {
    stage: "decided",
    kind: "before_tool_call",
    event_id: "e1",
    tool_call_id: "c1",
    decision: "block",
    decided_by: "shell-guard",
    decision_reason: `rm with key ghp_${"a1B2c3D4".repeat(5).slice(0, 36)}`,
    votes: [
      { extension: "shell-guard", subscription: "guard", said: "block", ms: 1 },
      {
        extension: "other",
        subscription: "x#1",
        said: "abstained",
        reason: "timeout",
        closed: true,
        ms: 5000,
      },
    ],
    duration_ms: 2,
  };
  const event = { kind: "on_decision", session_id: "s1", data, meta: { event_id: "e9" } };
  for (const content of ["none", "summary", "full"] as const)
    expect(plain(describeEvent(event, content))).toEqual({
      session_id: "s1",
      ...data,
      decision_reason: expect.stringMatching(/^rm with key \[/),
    });
});

test("odd shapes of decisions and events are bounded records", () => {
  const deep = JSON.parse(`${'{"a":'.repeat(3_000)}1${"}".repeat(3_000)}`) as never;
  const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, "v".repeat(100)]));
  const long = "n".repeat(1_000_000);
  const votes = Array.from({ length: 10_000 }, () => ({ extension: long, said: { a: [long] } }));
  for (const data of [
    deep,
    wide,
    long,
    null,
    7,
    [1, [2]],
    { stage: 1, votes },
    { votes: "none", ["__proto__"]: 1 },
  ]) {
    const event = { kind: "on_decision", session_id: long, data };
    expect(JSON.stringify(describeEvent(event, "full")).length).toBeLessThan(600_000);
  }
  const odd = {
    kind: "before_tool_call",
    tool_name: long,
    tool_runtime_name: long,
    session_id: long,
    meta: { event_id: long },
  };
  expect(JSON.stringify(describeEvent(odd, "none")).length).toBeLessThan(4_000);
});

test("a flood of values or characters is cut, counted, and digested whole", () => {
  const many = Array.from({ length: 200_000 }, () => "a short text");
  const long = Array.from({ length: 20 }, () => "words and ".repeat(10_000));
  for (const [tool_input, told] of [
    [many, /\(\+198\d{3} items\)/],
    [long, /…\(100000 chars\)/],
  ] as const) {
    const record = JSON.stringify(describeEvent({ ...before, tool_input: { tool_input } as never }, "full"));
    expect(record.length).toBeLessThan(300_000);
    expect(record).toMatch(told);
    expect(record).toContain(hmac(JSON.stringify({ tool_input })));
  }
});
