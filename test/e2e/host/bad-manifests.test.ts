import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startedHost } from "../../helpers/hosts.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, statusOf, variant, votes } from "./support/fixture.js";

interface Expected {
  code: string;
  pointer: string;
  message: string;
  /** Words of the remedy. */
  hint: string;
}

const tool = (more: object): Record<string, unknown> => ({ hooks: [{ hook: "before_tool_call", ...more }] });

/** Beside a good extension, a bad one: what the host says of it, and that nothing of it was run. */
async function refused(
  extension: Record<string, unknown> | string,
  expected: Expected,
  state = "invalid",
): Promise<void> {
  const folder = tempDir();
  const marker = join(folder, "was-run");
  const valid = {
    runtime: "process",
    command: "touch",
    args: [marker],
    permissions: ["tools.intercept"],
    ...tool({}),
  };
  writeExtension(folder, "bad", typeof extension === "string" ? extension : { ...valid, ...extension });
  variant(folder, "echoes-votes", { id: "good" });
  const { host } = await startedHost([folder]);
  const status = statusOf(host, "bad");
  // A mistake of the whole document, and a value that is missing, have no place to show.
  const hasEvidence =
    expected.pointer !== "" ? expected.code !== "CONFIG_MISSING" : /JSON/.test(expected.code);
  expect(status.diagnostics).toEqual([
    {
      severity: "error",
      code: expected.code,
      extension: "bad",
      file: join(folder, "bad", ".synaps-plugin", "plugin.json"),
      pointer: expected.pointer,
      message: expect.stringContaining(expected.message),
      hint: expect.stringContaining(expected.hint),
      ...(hasEvidence ? { evidence: expect.stringMatching(/\S/) as unknown } : {}),
    },
  ]);
  expect(status.state).toBe(state);
  expect(status.process?.pid).toBeUndefined();
  expect(existsSync(marker), "nothing was started").toBe(false);
  const outcome = await host.emit(call({ answer: { action: "block", reason: "by the good one" } }));
  expect(outcome).toMatchObject({ action: "block", by: "good" });
  expect(votes(outcome)).toContain("good: block");
}

it.each<[string, Record<string, unknown> | string, Expected]>([
  [
    "malformed JSON",
    '{"extension": {"runtime": "process",}}',
    {
      code: "MANIFEST_NOT_JSON",
      pointer: "",
      message: "line 1, column 37",
      hint: "missing comma, quote or bracket",
    },
  ],
  [
    "a list instead of an object",
    "[]",
    { code: "MANIFEST_INVALID", pointer: "", message: "expected object", hint: "type object" },
  ],
  [
    "an unknown permission",
    { permissions: ["tools.intercept", "tools.interceptt"] },
    {
      code: "PERMISSION_UNKNOWN",
      pointer: "/extension/permissions/1",
      message: "Unknown extension permission: tools.interceptt",
      hint: "Did you mean 'tools.intercept'?",
    },
  ],
  [
    "a reserved permission",
    { permissions: ["tools.intercept", "tools.override"] },
    {
      code: "PERMISSION_UNKNOWN",
      pointer: "/extension/permissions/1",
      message: "Reserved extension permission",
      hint: "Remove it",
    },
  ],
  [
    "a hook without its permission",
    { permissions: ["tools.register"] },
    {
      code: "PERMISSION_MISSING",
      pointer: "/extension/hooks/0/hook",
      message: "lacks permission 'tools.intercept'",
      hint: "/extension/permissions",
    },
  ],
  [
    "a tool filter on a hook that has no tool",
    { permissions: ["privacy.llm_content"], hooks: [{ hook: "before_message", tool: "bash" }] },
    {
      code: "MANIFEST_INVALID",
      pointer: "/extension/hooks/0/tool",
      message: "does not allow a tool filter",
      hint: "Remove 'tool'",
    },
  ],
  [
    "an unknown match key",
    tool({ match: { input_matches: "x" } }),
    {
      code: "MANIFEST_INVALID",
      pointer: "/extension/hooks/0/match/input_matches",
      message: "input_matches",
      hint: "Known keys: input_contains, input_equals",
    },
  ],
  [
    "a missing required value",
    { config: [{ key: "token", required: true }] },
    {
      code: "CONFIG_MISSING",
      pointer: "/extension/config/0",
      message: "missing required config 'token'",
      hint: "SYNAPS_EXTENSION_BAD_TOKEN",
    },
  ],
  [
    "an unsupported protocol version",
    { protocol_version: 7 },
    {
      code: "MANIFEST_UNSUPPORTED",
      pointer: "/extension/protocol_version",
      message: "unsupported protocol_version 7 (supported: 1, 2, 3)",
      hint: "update this host",
    },
  ],
  [
    "a host credential as secret",
    { config: [{ key: "k", secret_env: "openai_api_key" }] },
    {
      code: "MANIFEST_INVALID",
      pointer: "/extension/config/0/secret_env",
      message: "host credential",
      hint: "made for this extension",
    },
  ],
])(
  verifies("BAD-001", "E2E-017") + "%s: one clear error, nothing started, no other extension harmed",
  (_what, extension, expected) => refused(extension, expected),
);
