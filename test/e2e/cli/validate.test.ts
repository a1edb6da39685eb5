import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verifies } from "../../requirements/verifies.js";
import { tempDir, writeExtension } from "../../helpers/temp.js";
import { cli, writeActor } from "./command.js";

describe("validate", () => {
  test(
    verifies("TOOL-021") + "names what a declared schema does not check, and fails for it with --strict",
    async () => {
      const tool = (properties: object): object => ({
        name: "t",
        description: "d",
        input_schema: { properties },
      });
      const declaring = (properties: object): string =>
        writeActor(tempDir(), "late", {
          permissions: ["tools.register"],
          hooks: [],
          deferred: { tools: [tool(properties)] },
        });
      const root = declaring({ to: { format: "email" }, from: { "x-shown": true } });
      const { code, stdout } = await cli(["validate", root]);
      expect(code).toBe(0);
      expect(stdout).toContain("/extension/deferred/tools/0/input_schema");
      expect(stdout).toContain("not checked in the input schema of the tool 't': the keyword 'format'");
      expect((await cli(["validate", root, "--strict"])).code).toBe(1);
      expect((await cli(["validate", declaring({ a: { minLength: 1 } }), "--strict"])).code).toBe(0);
    },
  );

  test("a folder, its manifest and a folder of several", async () => {
    const parent = tempDir();
    const root = writeActor(parent, "good");
    for (const path of [root, join(root, ".synaps-plugin", "plugin.json"), join(root, ".synaps-plugin")]) {
      expect(await cli(["validate", path])).toEqual({ code: 0, stdout: `${root}: ok\n`, stderr: "" });
    }
    writeActor(parent, "bad", { hooks: [{ hook: "nope" }] });
    const several = await cli(["validate", "."], { cwd: parent });
    expect(several.code).toBe(1);
    const [, , hint = ""] = several.stdout.split("\n");
    expect(several.stdout).toBe(
      "bad/.synaps-plugin/plugin.json:/extension/hooks/0/hook  error  unknown hook kind 'nope'\n" +
        '  found: "hook": "nope"\n' +
        hint +
        "\nbad: 1 error\ngood: ok\n",
    );
    expect(hint).toMatch(/^ {2}hint: If a program .*, add --catalog FILE\. Known: before_tool_call, /);
  });

  test("JSON with pinned keys", async () => {
    const root = writeActor(tempDir(), "bad", { hooks: [{ hook: "nope" }] });
    const { code, stdout } = await cli(["validate", root, "--json"]);
    expect(code).toBe(1);
    const file = join(root, ".synaps-plugin", "plugin.json");
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      valid: false,
      extensions: [
        {
          id: "bad",
          file,
          valid: false,
          diagnostics: [
            {
              severity: "error",
              code: "MANIFEST_INVALID",
              file,
              pointer: "/extension/hooks/0/hook",
              message: "unknown hook kind 'nope'",
              hint: expect.any(String),
              evidence: '"hook": "nope"',
            },
          ],
        },
      ],
    });
  });

  test("the command must be there, and a bare name is only a warning", async () => {
    const parent = tempDir();
    const missing = writeActor(parent, "missing", { command: "./bin/tool" });
    const gone = await cli(["validate", missing]);
    expect(gone.code).toBe(1);
    expect(gone.stdout).toContain(
      `:/extension/command  error  the program '${join(missing, "bin", "tool")}' does not exist\n`,
    );

    const plain = writeExtension(
      parent,
      "plain",
      {
        runtime: "process",
        command: "./tool",
        permissions: ["tools.intercept"],
        hooks: [{ hook: "before_tool_call" }],
      },
      { tool: "#!/bin/sh\n" },
    );
    chmodSync(join(plain, "tool"), 0o644);
    const notExecutable = await cli(["validate", plain]);
    expect(notExecutable.code).toBe(1);
    expect(notExecutable.stdout).toContain("may not be executed\n  hint: Run: chmod +x ");

    const bare = await cli(["validate", writeActor(parent, "bare", { command: "no-such-program-here" })]);
    expect(bare.code).toBe(0);
    expect(bare.stdout).toContain(
      ":/extension/command  warn  the program 'no-such-program-here' is not on PATH here\n",
    );

    // As in a PATH that has a folder of somebody else's.
    const loop = join(parent, "loop");
    symlinkSync(loop, loop);
    const found = await cli(["validate", writeActor(parent, "found", { command: "node" })], {
      env: { PATH: `${loop}:${process.env["PATH"]}` },
    });
    expect(found).toMatchObject({ code: 0, stderr: "" });

    const unbuilt = await cli(["validate", writeActor(parent, "unbuilt", { args: ["dist/main.js"] })]);
    expect(unbuilt.code).toBe(0);
    expect(unbuilt.stdout).toContain(
      ":/extension/args/0  warn  the argument 'dist/main.js' looks like a file",
    );
  });

  test("a missing configuration value is only a warning", async () => {
    const root = writeActor(tempDir(), "needy", { config: [{ key: "token", required: true }] });
    const { code, stdout } = await cli(["validate", root]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      ":/extension/config/0  warn  Extension 'needy' is missing required config 'token'\n",
    );
  });

  test("--portable: refused is an error, ignored a warning", async () => {
    const root = writeActor(tempDir(), "rich", {
      permissions: ["tools.intercept", "privacy.llm_content", "hooks.fail_closed"],
      hooks: [
        {
          hook: "before_tool_call",
          id: "a",
          priority: "high",
          phase: "veto",
          timeout_ms: 10,
          on_failure: "closed",
          tools: ["x"],
          mode: "enforce",
        },
        { hook: "on_usage" },
        { hook: "on_decision" },
      ],
      env: ["RICH_TOKEN"],
      sandbox: {},
      max_concurrency: 2,
      activation: "eager",
    });
    expect((await cli(["validate", root])).code).toBe(0);
    const { code, stdout } = await cli(["validate", root, "--portable", "--json"]);
    expect(code).toBe(1);
    const found =
      (JSON.parse(stdout) as { extensions: { diagnostics: { code: string; pointer: string }[] }[] })
        .extensions[0]?.diagnostics ?? [];
    const pointers = (wanted: string): string[] =>
      found.filter((one) => one.code === wanted).map(({ pointer }) => pointer);
    expect(pointers("NOT_PORTABLE")).toEqual([
      "/extension/protocol_version",
      "/extension/permissions/2",
      "/extension/hooks/1/hook",
      "/extension/hooks/2/hook",
      "/extension/activation",
    ]);
    expect(pointers("IGNORED_ELSEWHERE")).toEqual([
      ...["id", "priority", "phase", "timeout_ms", "on_failure", "tools", "mode"].map(
        (key) => `/extension/hooks/0/${key}`,
      ),
      "/extension/env",
      "/extension/sandbox",
      "/extension/max_concurrency",
    ]);
    const portable = writeActor(tempDir(), "poor", {
      protocol_version: 1,
      hooks: [{ hook: "before_tool_call" }],
    });
    expect(await cli(["validate", portable, "--portable"])).toMatchObject({
      code: 0,
      stdout: `${portable}: ok\n`,
    });
  });

  test("3 when there is nothing to validate", async () => {
    const empty = tempDir();
    const nothing = await cli(["validate", join(empty, "gone")]);
    expect([nothing.code, nothing.stderr.split("\n")[0]]).toEqual([
      3,
      `error: There is nothing at '${join(empty, "gone")}'`,
    ]);
    const without = await cli(["validate", empty]);
    expect([without.code, without.stderr.split("\n")[0]]).toEqual([
      3,
      `error: There is no extension in '${empty}'`,
    ]);
  });
});
