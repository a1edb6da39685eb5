import { expect, it } from "vitest";
import type { HostOptions } from "@synaps/host";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, quickHook, variant } from "./support/fixture.js";

const SWITCH = "SYNAPS_EXTENSIONS_TRACE";

const tracing = (value: string | undefined): HostOptions => ({ env: { ...process.env, [SWITCH]: value } });

it(
  verifies("HOOK-005") + "1, true, yes and on switch the trace on, whatever their case; nothing else does",
  async () => {
    for (const value of ["1", "true", "TRUE", "yes", "on", " On\t", "YES"]) {
      const { host, trace } = await startedHost([], tracing(value));
      host.subscribe("before_tool_call", () => {});
      await host.emit(call());
      expect(trace, JSON.stringify(value)).toHaveLength(1);
    }
    for (const value of [undefined, "", "0", "false", "off", "no", "2", "enabled"]) {
      const { host, trace } = await startedHost([], tracing(value));
      host.subscribe("before_tool_call", () => {});
      await host.emit(call());
      expect(trace, JSON.stringify(value)).toEqual([]);
    }
  },
);

it(verifies("HOOK-045") + "the switch is read at each emit", async () => {
  const env: Record<string, string | undefined> = { ...process.env };
  const { host, trace } = await startedHost([], { env });
  host.subscribe("before_tool_call", () => {});
  await host.emit(call());
  env[SWITCH] = "1";
  await host.emit(call());
  delete env[SWITCH];
  await host.emit(call());
  expect(trace).toHaveLength(1);
});

it(
  verifies("HOOK-007") + "each action is traced by its name on the wire, with the reference's fields",
  async () => {
    const { host, trace } = await startedHost([], tracing("1"));
    const seen: string[] = [];
    for (const [kind, verdict] of [
      ["before_tool_call", { action: "continue" }],
      ["before_tool_call", { action: "block", reason: "r" }],
      ["before_message", { action: "inject", content: "c" }],
      ["before_tool_call", { action: "confirm", message: "m" }],
      ["before_tool_call", { action: "modify", input: 1 }],
      ["after_tool_call", { action: "replace", output: "o" }],
    ] as const) {
      const undo = host.subscribe(kind, () => verdict, { id: "tracer" });
      await host.emit(
        { kind, tool_name: "t", message: "m", tool_output: "o" },
        { traceFields: { seq: seen.length + 1 } },
      );
      undo();
      seen.push(verdict.action);
    }
    const lines = trace.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ action }) => action)).toEqual(seen);
    const { time, event_id, ...first } = lines[0] ?? {};
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(new Set(lines.map((line) => line["event_id"])).size).toBe(lines.length);
    expect(event_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect({ ...first, duration_ms: 0 }).toEqual({
      level: "info",
      message: "Extension hook trace",
      extension_trace: true,
      hook: "before_tool_call",
      extension: "tracer",
      action: "continue",
      duration_ms: 0,
      health: "running",
      restart_count: 0,
      seq: 1,
      tool: "t",
      subscription: "before_tool_call#1",
    });
    for (const { duration_ms } of lines) expect(duration_ms).toSatisfy(Number.isInteger);
  },
);

it(
  verifies("HOOK-046") +
    "a timeout is traced as a warning with its deadline, other abstentions with their reason",
  async () => {
    const folder = tempDir();
    variant(folder, "never-answers", { extension: { hooks: [quickHook(250)] } });
    const { host, trace } = await startedHost([folder], tracing("on"));
    host.subscribe("before_tool_call", () => ({ action: "dance" }) as never, { id: "odd" });
    await host.emit(call());
    expect(trace.map((line) => JSON.parse(line))).toMatchObject([
      { extension: "odd", level: "info", action: "continue", abstained: "invalid" },
      {
        extension: "never-answers",
        level: "warn",
        action: "timeout",
        timeout_secs: 0.25,
        abstained: "timeout",
        health: "running",
      },
    ]);
  },
);

it(verifies("HOOK-047") + "no trace and no log line holds any part of a payload or an answer", async () => {
  const canary = "CANARY-7f3a";
  const folder = tempDir();
  variant(folder, "echoes-votes");
  variant(folder, "non-object-results");
  const { host, trace, log } = await startedHost([folder], tracing("1"));
  const payload = {
    tool_name: "bash",
    tool_runtime_name: `x:${canary}`,
    message: canary,
    session_id: canary,
    tool_output: canary,
    transcript: [canary],
    correlation_id: canary,
  };
  const answers = [
    { action: "continue" },
    { action: "block", reason: canary },
    { action: "confirm", message: canary },
    { action: "modify", input: canary },
    { action: "inject", content: canary },
    { action: "replace", output: canary },
    { action: canary },
    { action: "modify", wrong: canary },
    canary,
    [canary],
  ];
  for (const answer of answers) {
    for (const kind of [
      "before_tool_call",
      "after_tool_call",
      "before_message",
      "on_session_start",
      "on_session_end",
      "on_message_complete",
    ]) {
      const outcome = await host.emit({
        kind,
        ...payload,
        tool_input: { answer, result: answer },
        data: { answer },
      });
      await outcome.settled;
    }
  }
  expect(trace.length).toBeGreaterThan(60);
  expect(trace.filter((line) => line.includes(canary))).toEqual([]);
  expect(log.filter((line) => JSON.stringify(line).includes(canary))).toEqual([]);
});

it("HOOK-007: pretty is a line for readers, without a payload", async () => {
  const { host, trace } = await startedHost([], tracing("pretty"));
  host.subscribe("before_tool_call", () => ({ action: "block", reason: "the secret" }), { id: "guard" });
  host.subscribe("before_tool_call", () => ({ action: "inject", content: "the secret" }) as never, {
    id: "odd",
    priority: -1,
  });
  await host.emit(call({ command: "the secret" }), { traceFields: { seq: 7 } });
  expect(trace).toEqual([
    expect.stringMatching(
      /^\d\d:\d\d:\d\d\.\d{3}  seq=7 \d{9} before_tool_call bash  odd\/before_tool_call#1  inject \('inject' is not allowed for before_tool_call\)  \d+\.\d ms$/,
    ),
    expect.stringMatching(
      / seq=7 \d{9} before_tool_call bash  guard\/before_tool_call#1  block  \d+\.\d ms$/,
    ),
  ]);
});

it(verifies("HOOK-054") + "no name from outside reaches a terminal with what it would obey", async () => {
  const name = "bash\u001b]0;x\u0007\u009b31m\u202eevil\u2066\u2028\u200b";
  for (const form of ["1", "pretty"]) {
    const { host, trace } = await startedHost([], tracing(form));
    host.subscribe("before_tool_call", () => ({ action: "continue" }));
    await host.emit({ kind: "before_tool_call", tool_name: name, tool_input: null });
    expect(trace).toHaveLength(1);
    expect(trace[0]).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    if (form === "1") expect(JSON.parse(trace[0] ?? "")).toMatchObject({ tool: name });
  }
});
