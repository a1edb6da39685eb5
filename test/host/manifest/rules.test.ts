import { manifestJsonSchema, parseManifest, type ManifestProblem } from "@synaps/sdk/manifest";
import { PERMISSIONS, synapsCatalog } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";

const VALID = {
  runtime: "process",
  command: "node",
  permissions: ["tools.intercept"],
  hooks: [{ hook: "before_tool_call" }],
};

function parse(extension: unknown, id = "my-ext"): ReturnType<typeof parseManifest> {
  const text = typeof extension === "string" ? extension : JSON.stringify({ name: id, extension });
  return parseManifest(text, { id, catalogs: [synapsCatalog] });
}

/** The one problem of a valid manifest with some keys replaced. */
function problem(patch: Readonly<Record<string, unknown>>): ManifestProblem {
  const parsed = parse({ ...VALID, ...patch });
  if (parsed.kind !== "invalid") throw new Error(`it is ${parsed.kind}`);
  expect(parsed.problems).toHaveLength(1);
  const [only] = parsed.problems;
  if (!only) throw new Error("no problem");
  expect(only.hint, "every error says what to do").toBeTruthy();
  return only;
}

it(verifies("PERM-001") + "the strict reading refuses a permission that does not exist, and says which was meant", () => {
  expect(problem({ permissions: ["tools.intercept", "tools.intercep"] })).toMatchObject({
    code: "PERMISSION_UNKNOWN",
    pointer: "/extension/permissions/1",
    message: "Unknown extension permission: tools.intercep",
    hint: "Did you mean 'tools.intercept'?",
  });
});

it(verifies("PERM-002") + "the reserved permission is refused as not implemented", () => {
  expect(problem({ permissions: ["tools.intercept", "tools.override"] })).toMatchObject({
    code: "PERMISSION_UNKNOWN",
    pointer: "/extension/permissions/1",
    message: "Reserved extension permission is not implemented yet: tools.override",
  });
});

it(verifies("PERM-003") + "permission names are the reference's, and one of ours", () => {
  expect(Object.keys(PERMISSIONS).sort()).toEqual([
    "audio.input",
    "audio.output",
    "config.subscribe",
    "config.write",
    "context_providers.register",
    "hooks.fail_closed",
    "memory.read",
    "memory.write",
    "privacy.llm_content",
    "providers.register",
    "session.drive",
    "session.lifecycle",
    "tools.intercept",
    "tools.register",
    "tools.transform_output",
  ]);
});

it.each([
  ["before_tool_call", "tools.intercept"],
  ["after_tool_call", "tools.intercept"],
  ["before_message", "privacy.llm_content"],
  ["on_message_complete", "privacy.llm_content"],
  ["on_compaction", "privacy.llm_content"],
  ["on_session_start", "session.lifecycle"],
  ["on_session_end", "session.lifecycle"],
])(verifies("PERM-004") + "hook %s needs %s", (hook, permission) => {
  expect(problem({ permissions: ["tools.register"], hooks: [{ hook }] })).toMatchObject({
    code: "PERMISSION_MISSING",
    pointer: "/extension/hooks/0/hook",
    message: `Extension 'my-ext' lacks permission '${permission}' required for hook '${hook}'`,
    hint: `Add "${permission}" to /extension/permissions.`,
  });
  expect(parse({ ...VALID, permissions: [permission], hooks: [{ hook }] }).kind).toBe("extension");
});

it.each([
  ["MAN-001", { protocol_version: 4 }, "/extension/protocol_version", "unsupported protocol_version 4 (supported: 1, 2, 3)"],
  ["MAN-001", { protocol_version: 0 }, "/extension/protocol_version", "unsupported protocol_version 0"],
  ["MAN-002", { runtime: "Process" }, "/extension/runtime", "Failed to parse extension manifest"],
  ["MAN-002", { runtime: "wasm" }, "/extension/runtime", "Failed to parse extension manifest"],
  ["MAN-002", { runtime: undefined }, "/extension/runtime", "Failed to parse extension manifest"],
  ["MAN-003", { command: " \t" }, "/extension/command", "has empty command"],
  ["MAN-003", { command: undefined }, "/extension/command", "Failed to parse extension manifest"],
  ["MAN-004", { hooks: [] }, "/extension/hooks", "must subscribe to at least one hook or request a registration permission"],
  ["MAN-005", { hooks: [{ hook: "before_tool_cal" }] }, "/extension/hooks/0/hook", "unknown hook kind 'before_tool_cal'"],
  ["MAN-007", { hooks: [{ hook: "before_tool_call", match: { input_contain: "x" } }] }, "/extension/hooks/0/match/input_contain", "Failed to parse extension manifest"],
  ["MAN-008", { theme_tokens: { "a.b": "#fff" } }, "/extension/theme_tokens/a.b", "theme token"],
  ["MAN-008", { theme_tokens: { accent: "red" } }, "/extension/theme_tokens/accent", "invalid color"],
  ["MAN-009", { config: [{ key: "a.b" }] }, "/extension/config/0/key", "without dot, slash or white space"],
  ["MAN-009", { config: [{ key: " " }] }, "/extension/config/0/key", "non-empty"],
  ["MAN-009", { config: [{ key: "a" }, { key: "a" }] }, "/extension/config/1/key", "declared twice"],
  ["MAN-010", { config: [{ key: "k", secret_env: "MY_KEY", host_context: "project_root" }] }, "/extension/config/0/host_context", "cannot have both"],
  ["MAN-011", { hooks: [{ hook: "before_tool_call", on_failure: "closed" }] }, "/extension/hooks/0/on_failure", "hooks.fail_closed"],
  ["MAN-012", { hooks: [{ hook: "before_tool_call", mode: "shadow" }] }, "/extension/hooks/0/mode", "not supported"],
  ["MAN-012", { activation: "first_event" }, "/extension/activation", "not supported"],
  ["MAN-013", { hooks: [{ hook: "before_tool_call", timeout_ms: 60_001 }] }, "/extension/hooks/0/timeout_ms", "Failed to parse"],
  ["MAN-013", { hooks: [{ hook: "before_tool_call", timeout_ms: 0 }] }, "/extension/hooks/0/timeout_ms", "Failed to parse"],
  ["MAN-014", { env: ["LD_PRELOAD"] }, "/extension/env/0", "what code a program loads"],
  ["MAN-014", { env: ["OPENAI_API_KEY"] }, "/extension/env/0", "host credential"],
  ["MAN-015", { hooks: [{ hook: "before_tool_call", id: "x" }, { hook: "before_tool_call", id: "x" }] }, "/extension/hooks/1/id", "used twice"],
])("%s: %j is refused at its place", (_id, patch, pointer, message) => {
  const found = problem(patch);
  expect(found.pointer).toBe(pointer);
  expect(found.message).toContain(message);
});

it(verifies("MAN-001", "MAN-002", "MAN-003", "MAN-004", "MAN-005", "MAN-007", "MAN-008", "MAN-009") + "a manifest without those mistakes is read", () => {
  const theme_tokens = { accent: "#0fA", border: " #102030 " };
  const match = { input_contains: "x", input_equals: null };
  const hooks = [{ hook: "before_tool_call", tool: "bash", match }];
  for (const protocol_version of [undefined, 1, 2, 3]) {
    expect(parse({ ...VALID, protocol_version, theme_tokens, hooks, config: [{ key: " k " }] }).kind).toBe("extension");
  }
});

it(verifies("MAN-010", "MAN-011", "MAN-012", "MAN-013", "MAN-014", "MAN-015") + "what those rules allow is read", () => {
  const hook = { hook: "before_tool_call", on_failure: "closed", timeout_ms: 60_000, mode: "enforce", id: "a" };
  const config = [{ key: "root", host_context: "project_root" }, { key: "k", secret_env: "MY_KEY" }];
  const permissions = ["tools.intercept", "hooks.fail_closed"];
  const hooks = [hook, { ...hook, id: "b" }];
  expect(parse({ ...VALID, permissions, hooks, config, env: ["MY_VAR"], activation: "eager" }).kind).toBe("extension");
});

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
    expect(problem({ permissions, hooks: [{ hook, tools: ["bash"] }] }).pointer).toBe("/extension/hooks/0/tools");
  },
);

it(verifies("MAN-016") + "on_usage needs protocol 2", () => {
  const usage = { permissions: ["privacy.llm_content"], hooks: [{ hook: "on_usage" }] };
  expect(problem(usage)).toMatchObject({
    pointer: "/extension/hooks/0/hook",
    message: "hook 'on_usage' needs protocol_version 2 or newer",
    hint: "Set /extension/protocol_version to 2.",
  });
  for (const protocol_version of [2, 3]) expect(parse({ ...VALID, ...usage, protocol_version }).kind).toBe("extension");
});

it(verifies("MAN-004") + "capability permissions justify an extension without hooks, the others do not", () => {
  const kind = (permission: string): string => parse({ ...VALID, hooks: [], permissions: [permission] }).kind;
  for (const permission of Object.keys(PERMISSIONS)) {
    const counts = /^(tools\.register|providers\.|context_|memory\.|config\.|audio\.|session\.drive)/.test(permission);
    expect(kind(permission), permission).toBe(counts ? "extension" : "invalid");
  }
});

it(verifies("MAN-017") + "unknown keys are ignored; one that looks like a slip is pointed out", () => {
  const parsed = parse({ ...VALID, author: "me", "x-extra": 1, hook: [], assets: {}, prebuilt: {} });
  if (parsed.kind !== "extension") throw new Error(parsed.kind);
  expect(parsed.warnings).toMatchObject([{ code: "MANIFEST_UNKNOWN_KEY", pointer: "/extension/hook", hint: "Did you mean 'hooks'?" }]);
});

it(verifies("MAN-018") + "a plugin without an extension section is no extension and no error", () => {
  expect(parseManifest('{"name":"skills-only","skills":[]}', { id: "x", catalogs: [synapsCatalog] }).kind).toBe("no_extension");
});

it(verifies("MAN-019") + "everything that is wrong is listed, in the reference's order", () => {
  const parsed = parse({ runtime: "process", protocol_version: 9, command: "", permissions: ["nope"], hooks: [{ hook: "zzz" }] });
  if (parsed.kind !== "invalid") throw new Error(parsed.kind);
  expect(parsed.problems.map(({ pointer }) => pointer)).toEqual([
    "/extension/protocol_version",
    "/extension/command",
    "/extension/permissions/0",
    "/extension/hooks/0/hook",
  ]);
});

it(verifies("MAN-020") + "a manifest that is no JSON is met with the place where it breaks", () => {
  for (const [text, line, column] of [
    ['{\n  "name": "x",\n  "extension": {,}\n}', 3, 17],
    ['{\n  "a": x\n}\n\n\n', 2, 8],
    ['{"a": 1', 1, 8],
    ["hello there, this is not even close to a manifest", 1, 1],
    ['{"a": "tab\there"}', 1, 11],
  ] as const) {
    const parsed = parse(text);
    expect(parsed, text).toMatchObject({
      problems: [
        {
          code: "MANIFEST_NOT_JSON",
          pointer: "",
          message: `Invalid plugin manifest JSON: it stops making sense at line ${line}, column ${column}`,
        },
      ],
    });
  }
});

it(verifies("MAN-021", "MAN-022") + "theme tokens are optional: with them or without, nothing else changes", () => {
  const plain = parse(VALID);
  const themed = parse({ ...VALID, theme_tokens: { accent: "#ffaa00" } });
  if (plain.kind !== "extension" || themed.kind !== "extension") throw new Error("invalid");
  expect(plain.extension.theme_tokens).toEqual({});
  expect({ ...themed.extension, theme_tokens: {} }).toEqual(plain.extension);
});

it(verifies("MAN-023") + "the schema for editors knows theme tokens and does not require them", () => {
  const text = JSON.stringify(manifestJsonSchema());
  expect(text).toContain('"theme_tokens":{"default":{},"type":"object"');
  expect(text).not.toMatch(/"required":\[[^\]]*theme_tokens/);
});
