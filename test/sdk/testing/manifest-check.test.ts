import { defineExtension } from "@synaps/sdk";
import { checkAgainstManifest } from "@synaps/sdk/testing";
import { describe, expect, it } from "vitest";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { join } from "node:path";

const extension = defineExtension({
  config: { limit: { type: "number", default: 1 } },
  hooks: { before_tool_call: () => undefined, on_session_end: () => undefined },
  tools: { add: { description: "", input_schema: {}, run: () => null } },
});

const SECTION = {
  protocol_version: 1,
  runtime: "process",
  command: "node",
  permissions: ["tools.intercept", "session.lifecycle", "tools.register"],
  hooks: [{ hook: "before_tool_call" }, { hook: "on_session_end" }],
  config: [{ key: "limit", type: "number" }],
};

describe("checkAgainstManifest", () => {
  it("finds nothing where code and manifest fit, in an object, a file or a folder", () => {
    const root = writeExtension(tempDir(), "sample", SECTION);
    for (const manifest of [{ extension: SECTION }, root, join(root, ".synaps-plugin", "plugin.json")]) {
      expect(checkAgainstManifest(extension, manifest)).toEqual([]);
    }
  });

  it("finds handlers that never run, hooks without one, tools and keys that are not declared", () => {
    const manifest = {
      extension: {
        ...SECTION,
        permissions: ["tools.intercept"],
        hooks: [{ hook: "after_tool_call" }, { hook: "before_tool_call" }],
        config: [],
      },
    };
    expect(
      checkAgainstManifest(extension, manifest).map(({ code, pointer }) => `${code} ${pointer}`),
    ).toEqual([
      "HOOK_NOT_DECLARED /extension/hooks",
      "HOOK_WITHOUT_HANDLER /extension/hooks/0/hook",
      "TOOLS_NOT_PERMITTED /extension/permissions",
      "CONFIG_NOT_DECLARED /extension/config",
    ]);
  });

  it("says what is wrong with the manifest itself, by the name of the folder", () => {
    const root = writeExtension(tempDir(), "guard", { ...SECTION, permissions: ["session.lifecycle"] });
    expect(checkAgainstManifest(extension, root)).toEqual([
      expect.objectContaining({
        code: "PERMISSION_MISSING",
        pointer: "/extension/hooks/0/hook",
        message: "Extension 'guard' lacks permission 'tools.intercept' required for hook 'before_tool_call'",
      }),
    ]);
    expect(checkAgainstManifest(extension, { extension: { ...SECTION, sandbox: {} } })).toMatchObject([
      { severity: "warning", code: "MANIFEST_NOT_ENFORCED" },
    ]);
  });

  it("does not count a handler that is undefined", () => {
    const partly = defineExtension({ hooks: {} });
    expect(checkAgainstManifest(partly, { extension: SECTION })).toHaveLength(2);
  });

  it("reports a manifest without the section, and throws when there is no file", () => {
    expect(checkAgainstManifest(extension, { name: "skills" })).toMatchObject([
      { code: "NO_EXTENSION_SECTION", pointer: "/extension" },
    ]);
    expect(() => checkAgainstManifest(extension, "/no/such/folder")).toThrow("ENOENT");
  });

  it("finds tools that a lazy extension declares otherwise than its code", () => {
    const echo = { description: "Says it again", input_schema: { type: "object" } };
    const lazy = defineExtension({ tools: { echo: { ...echo, run: () => null } } });
    const found = (tools: object[]): string[] =>
      checkAgainstManifest(lazy, {
        extension: { ...SECTION, hooks: [], config: [], deferred: { tools } },
      }).map(({ code, message }) => `${code} ${message.split("'")[1]}`);
    expect(found([{ name: "echo", ...echo }])).toEqual([]);
    expect(found([{ name: "echo", ...echo, description: "Says it" }])).toEqual(["TOOL_DIFFERS echo"]);
    expect(found([{ name: "echo", ...echo, input_schema: {} }])).toEqual(["TOOL_DIFFERS echo"]);
    expect(found([{ name: "shout", ...echo }])).toEqual(["TOOL_DIFFERS shout", "TOOL_DIFFERS echo"]);
  });
});
