import type { JsonObject, JsonValue, Permission } from "@synaps/sdk/protocol";
import { checkDeclarations } from "../../../../packages/host/src/supervision/declarations.js";
import { expect, it } from "vitest";
import { call, statusOf, variant, votes } from "../../../e2e/host/support/fixture.js";
import { startedHost } from "../../../helpers/hosts.js";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

const GRANTED = new Set<Permission>(["tools.register", "providers.register", "audio.input"]);
const TOOL = { name: "echo", description: "Says it again", input_schema: { type: "object" } };
const PROVIDER = {
  id: "local",
  display_name: "Local",
  description: "On this machine",
  models: [{ id: "small" }],
};

function problem(capabilities: JsonValue, config: JsonObject = {}): string | undefined {
  const checked = checkDeclarations(capabilities, GRANTED, config);
  return checked.ok ? undefined : checked.problem;
}

const WRONG_TOOLS: readonly [string, Record<string, JsonValue>[], string][] = [
  ["an empty name", [{ ...TOOL, name: "" }], "tool name must not be empty"],
  ["no name", [{ description: "d", input_schema: {} }], "tool name must not be empty"],
  ["a colon in its name", [{ ...TOOL, name: "a:b" }], "may not have colons"],
  ["a space in its name", [{ ...TOOL, name: "a b" }], "may not have colons, spaces"],
  ["a control character in its name", [{ ...TOOL, name: "a\u0007" }], "'a?' may not have"],
  ["a name of 65 characters", [{ ...TOOL, name: "x".repeat(65) }], "over 64 characters"],
  ["a blank description", [{ ...TOOL, description: " \t" }], "tool 'echo' needs a description"],
  ["a schema that is no object", [{ ...TOOL, input_schema: [] }], "needs an input_schema that is an object"],
  ["no schema", [{ name: "echo", description: "d" }], "needs an input_schema"],
  ["a name used twice", [TOOL, TOOL], "duplicate tool 'echo'"],
];

it.each(WRONG_TOOLS)(verifies("PROC-062") + "a tool with %s is refused", (_what, tools, message) => {
  expect(problem({ tools })).toContain(message);
});

it.each([
  ["an empty id", { ...PROVIDER, id: "" }, "provider id must not be empty"],
  ["capital letters in its id", { ...PROVIDER, id: "Local" }, "may only have a-z"],
  ["a colon in its id", { ...PROVIDER, id: "a:b" }, "may not have colons"],
  ["no display_name", { ...PROVIDER, display_name: " " }, "needs a display_name"],
  ["no description", { ...PROVIDER, description: "" }, "needs a description"],
  ["no models", { ...PROVIDER, models: [] }, "model"],
  ["a model used twice", { ...PROVIDER, models: [{ id: "a" }, { id: "a" }] }, "duplicate"],
  ["a config_schema that is no object", { ...PROVIDER, config_schema: [] }, "must be an object"],
  [
    "a required key that has no value",
    { ...PROVIDER, config_schema: { required: ["key"] } },
    "missing required provider config 'key'",
  ],
] as [string, JsonObject, string][])(
  verifies("PROC-063") + "a provider with %s is refused",
  (_what, provider, message) => {
    expect(problem({ providers: [provider] })).toContain(message);
    expect(
      problem({ providers: [{ ...PROVIDER, config_schema: { required: ["key"] } }] }, { key: "x" }),
    ).toBeUndefined();
  },
);

it(verifies("PROC-064") + "capabilities need kind, name and permissions that were granted", () => {
  expect(
    problem({ capabilities: [{ kind: "voice", name: "v", permissions: ["audio.input"] }] }),
  ).toBeUndefined();
  expect(problem({ capabilities: [{ kind: " ", name: "v" }] })).toContain("needs a kind");
  expect(problem({ capabilities: [{ kind: "voice" }] })).toContain("needs a name");
  expect(problem({ capabilities: [{ kind: "k", name: "v", permissions: ["audio.output"] }] })).toContain(
    "audio.output",
  );
  expect(problem({ capabilities: [{ kind: "k", name: "v", permissions: ["x"] }] })).toContain(
    "unknown permission",
  );
});

it(verifies("PROC-062") + "a process that declares such a tool fails its load and is gone", async () => {
  const folder = tempDir();
  const [, tools, message] = WRONG_TOOLS[0] ?? ["", [], ""];
  variant(folder, "registers-tools", { args: ["declares", JSON.stringify({ tools })] });
  const { host } = await startedHost([folder]);
  const status = statusOf(host, "registers-tools");
  expect(status).toMatchObject({ state: "failed", diagnostics: [{ code: "HANDSHAKE_MALFORMED" }] });
  expect(status.diagnostics[0]?.message).toContain(message);
  expect(status.process?.pid).toBeUndefined();
});

it(verifies("PROC-065") + "declaring tools needs tools.register; the process does not stay", async () => {
  const folder = tempDir();
  variant(folder, "registers-tools", { extension: { permissions: ["tools.intercept"] } });
  const { host } = await startedHost([folder]);
  const status = statusOf(host, "registers-tools");
  expect(status).toMatchObject({ state: "failed", diagnostics: [{ code: "HANDSHAKE_MALFORMED" }] });
  expect(status.diagnostics[0]?.message).toContain("tools need the permission 'tools.register'");
  expect(status.process?.pid).toBeUndefined();
});

it(verifies("PROC-066") + "one that knows no info.get runs, and is not restarted for it", async () => {
  const folder = tempDir();
  variant(folder, "registers-tools");
  const { host } = await startedHost([folder]);
  expect(votes(await host.emit(call()))).toEqual(["registers-tools: continue"]);
  expect(statusOf(host, "registers-tools")).toMatchObject({
    state: "running",
    process: { restartCount: 0, tools: [TOOL] },
  });
});

it(verifies("PROC-067") + "a request of the extension's own is answered with its own id", async () => {
  const folder = tempDir();
  variant(folder, "string-request-ids");
  const { host } = await startedHost([folder]);
  for (const id of ["evt-001", 7, "", 0, -1.5]) {
    expect(await host.emit(call({ id, method: "no.such.method" }))).toMatchObject({
      action: "modify",
      input: { id, error: { code: -32601, message: "method not found: no.such.method" } },
    });
  }
});

it(verifies("PROC-068") + "a status is plain data: a round trip through JSON changes nothing", async () => {
  const folder = tempDir();
  variant(folder, "registers-tools");
  const { host } = await startedHost([folder]);
  const plain = JSON.parse(JSON.stringify(host.snapshot())) as unknown;
  expect(plain).toEqual(JSON.parse(JSON.stringify(host.snapshot())));
  expect(plain).toMatchObject({
    extensions: [{ id: "registers-tools", hooks: ["before_tool_call"], process: { tools: [TOOL] } }],
  });
});
