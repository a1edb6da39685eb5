import { PERMISSIONS } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { verifies } from "../../../requirements/verifies.js";
import { parse, problem, VALID } from "./support.js";

it.each([
  [
    "MAN-001",
    { protocol_version: 4 },
    "/extension/protocol_version",
    "unsupported protocol_version 4 (supported: 1, 2, 3)",
  ],
  ["MAN-001", { protocol_version: 0 }, "/extension/protocol_version", "unsupported protocol_version 0"],
  ["MAN-002", { runtime: "Process" }, "/extension/runtime", "Failed to parse extension manifest"],
  ["MAN-002", { runtime: "wasm" }, "/extension/runtime", "Failed to parse extension manifest"],
  ["MAN-002", { runtime: undefined }, "/extension/runtime", "Failed to parse extension manifest"],
  ["MAN-003", { command: " \t" }, "/extension/command", "has empty command"],
  ["MAN-003", { command: undefined }, "/extension/command", "Failed to parse extension manifest"],
  [
    "MAN-004",
    { hooks: [] },
    "/extension/hooks",
    "must subscribe to at least one hook or request a registration permission",
  ],
  [
    "MAN-005",
    { hooks: [{ hook: "before_tool_cal" }] },
    "/extension/hooks/0/hook",
    "unknown hook kind 'before_tool_cal'",
  ],
  [
    "MAN-007",
    { hooks: [{ hook: "before_tool_call", match: { input_contain: "x" } }] },
    "/extension/hooks/0/match/input_contain",
    "Failed to parse extension manifest",
  ],
  ["MAN-008", { theme_tokens: { "a.b": "#fff" } }, "/extension/theme_tokens/a.b", "theme token"],
  ["MAN-008", { theme_tokens: { accent: "red" } }, "/extension/theme_tokens/accent", "invalid color"],
  ["MAN-009", { config: [{ key: "a.b" }] }, "/extension/config/0/key", "without dot, slash or white space"],
  ["MAN-009", { config: [{ key: " " }] }, "/extension/config/0/key", "non-empty"],
  [
    "MAN-009",
    { protocol_version: 3, config: [{ key: "a" }, { key: "a" }] },
    "/extension/config/1/key",
    "declared twice",
  ],
  [
    "MAN-010",
    { config: [{ key: "k", secret_env: "MY_KEY", host_context: "project_root" }] },
    "/extension/config/0/host_context",
    "cannot have both",
  ],
  [
    "MAN-011",
    { protocol_version: 3, hooks: [{ hook: "before_tool_call", on_failure: "closed" }] },
    "/extension/hooks/0/on_failure",
    "hooks.fail_closed",
  ],
  [
    "MAN-012",
    { protocol_version: 3, hooks: [{ hook: "before_tool_call", mode: "shadow" }] },
    "/extension/hooks/0/mode",
    "not supported",
  ],
  [
    "MAN-013",
    { protocol_version: 3, hooks: [{ hook: "before_tool_call", timeout_ms: 60_001 }] },
    "/extension/hooks/0/timeout_ms",
    "Failed to parse",
  ],
  [
    "MAN-013",
    { protocol_version: 3, hooks: [{ hook: "before_tool_call", timeout_ms: 0 }] },
    "/extension/hooks/0/timeout_ms",
    "Failed to parse",
  ],
  ["MAN-014", { protocol_version: 3, env: ["LD_PRELOAD"] }, "/extension/env/0", "what code a program loads"],
  ["MAN-014", { protocol_version: 3, env: ["OPENAI_API_KEY"] }, "/extension/env/0", "host credential"],
  [
    "MAN-015",
    {
      protocol_version: 3,
      hooks: [
        { hook: "before_tool_call", id: "x" },
        { hook: "before_tool_call", id: "x" },
      ],
    },
    "/extension/hooks/1/id",
    "used twice",
  ],
])("%s: %j is refused at its place", (_id, patch, pointer, message) => {
  const found = problem(patch);
  expect(found.pointer).toBe(pointer);
  expect(found.message).toContain(message);
});

it(
  verifies("MAN-001", "MAN-002", "MAN-003", "MAN-004", "MAN-005", "MAN-007", "MAN-008", "MAN-009") +
    "a manifest without those mistakes is read",
  () => {
    const theme_tokens = { accent: "#0fA", border: " #102030 " };
    const match = { input_contains: "x", input_equals: null };
    const hooks = [{ hook: "before_tool_call", tool: "bash", match }];
    for (const protocol_version of [undefined, 1, 2, 3]) {
      expect(parse({ ...VALID, protocol_version, theme_tokens, hooks, config: [{ key: " k " }] }).kind).toBe(
        "extension",
      );
    }
  },
);

it(
  verifies("MAN-010", "MAN-011", "MAN-012", "MAN-013", "MAN-014", "MAN-015") +
    "what those rules allow is read",
  () => {
    const hook = {
      hook: "before_tool_call",
      on_failure: "closed",
      timeout_ms: 60_000,
      mode: "enforce",
      id: "a",
    };
    const config = [
      { key: "root", host_context: "project_root" },
      { key: "k", secret_env: "MY_KEY" },
    ];
    const permissions = ["tools.intercept", "hooks.fail_closed"];
    const hooks = [hook, { ...hook, id: "b" }];
    expect(parse({ ...VALID, permissions, hooks, config, env: ["MY_VAR"], activation: "eager" }).kind).toBe(
      "extension",
    );
  },
);

it(verifies("MAN-005") + "an unknown kind is met with the one that was probably meant", () => {
  expect(problem({ hooks: [{ hook: "before_tool_cal" }] }).hint).toBe("Did you mean 'before_tool_call'?");
});

it.each(["before_message", "on_message_complete", "on_compaction", "on_session_start", "on_session_end"])(
  verifies("MAN-006") + "%s takes no tool filter",
  (hook) => {
    const permissions = ["privacy.llm_content", "session.lifecycle"];
    expect(problem({ permissions, hooks: [{ hook, tool: "bash" }] })).toMatchObject({
      pointer: "/extension/hooks/0/tool",
      message: `hook '${hook}' does not allow a tool filter`,
    });
    expect(problem({ protocol_version: 3, permissions, hooks: [{ hook, tools: ["bash"] }] }).pointer).toBe(
      "/extension/hooks/0/tools",
    );
  },
);

it(
  verifies("MAN-004") + "capability permissions justify an extension without hooks, the others do not",
  () => {
    const kind = (permission: string): string =>
      parse({ ...VALID, hooks: [], permissions: [permission] }).kind;
    for (const permission of Object.keys(PERMISSIONS)) {
      const counts = /^(tools\.register|providers\.|context_|memory\.|config\.|audio\.|session\.drive)/.test(
        permission,
      );
      expect(kind(permission), permission).toBe(counts ? "extension" : "invalid");
    }
  },
);
