import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir, writeExtension, writeJson } from "../../helpers/temp.js";
import { repo } from "../../helpers/paths.js";
import { cli, writeActor } from "./command.js";

const VERSION = (JSON.parse(readFileSync(repo("packages/cli/package.json"), "utf8")) as { version: string })
  .version;

const COMMANDS = ["run", "list", "hooks", "validate", "approve", "status", "logs", "resume", "version"];

describe("help", () => {
  test.each(COMMANDS)("%s --help leads with examples and lists exit codes", async (command) => {
    const { code, stdout, stderr } = await cli([command, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Examples:\n {2}\S/);
    expect(stdout).toContain(`Usage: synaps-ext ${command}`);
    expect(stdout).toMatch(/\nExit codes:\n {2}0 {2}/);
    expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(140);
  });

  test("the program's own names all commands", async () => {
    const { code, stdout } = await cli(["--help"]);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, "m"));
  });

  test("without a command it goes to standard error with 2", async () => {
    const { code, stdout, stderr } = await cli([]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Examples:/);
  });

  test("--version is the version number only", async () => {
    expect(await cli(["--version"])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: "" });
  });
});

describe("usage errors", () => {
  test("2, with what was probably meant", async () => {
    expect(await cli(["lst"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: unknown command 'lst'\nhint: Did you mean list?\n",
    });
    const flag = await cli(["run", "--quite"]);
    expect(flag).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: unknown option '--quite'\nhint: Did you mean --quiet?\n",
    });
    const help = await cli(["help", "nope"]);
    expect([help.code, help.stderr]).toEqual([
      2,
      "error: unknown command 'nope'\nhint: Run: synaps-ext --help\n",
    ]);
    const argument = await cli(["validate"]);
    expect([argument.code, argument.stderr]).toEqual([
      2,
      "error: missing required argument 'path'\nhint: Run: synaps-ext validate --help\n",
    ]);
  });

  test("as JSON with --json", async () => {
    const { code, stdout, stderr } = await cli(["list", "--json", "extra"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "USAGE", message: expect.any(String), hint: expect.any(String) },
    });
  });

  test("a stack only with the trace switched on", async () => {
    const args = ["list", "--extensions-dir", "/does/not/exist"];
    const quiet = await cli(args);
    expect([quiet.code, quiet.stderr.split("\n").length]).toEqual([3, 3]);
    const traced = await cli(args, { env: { SYNAPS_EXTENSIONS_TRACE: "1" } });
    expect(traced.stderr).toMatch(/\n {4}at /);
  });
});

describe("list", () => {
  test("shows every state without starting anything", async () => {
    const base = tempDir();
    const plugins = join(base, "plugins");
    const started = join(base, "started");
    writeActor(plugins, "fine", { command: "sh", args: ["-c", `touch ${started}`] });
    writeActor(plugins, "broken", { permissions: [] });
    writeActor(plugins, "off");
    writeJson(join(base, "config"), "disabled_plugins = off\n");
    const cwd = tempDir();
    writeActor(join(cwd, ".synaps", "plugins"), "guest");
    const env = { SYNAPS_BASE_DIR: base };

    const { code, stdout, stderr } = await cli(["list"], { cwd, env });
    expect(code).toBe(0);
    expect(stderr).toBe(
      `note  fine is new in your folder: its code is on record now, and runs until it changes (${join(plugins, "fine")})\n`,
    );
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^EXTENSION +VERSION +STATE +PROTOCOL +HOOKS +PERMISSIONS +FOLDER$/);
    expect(lines[1]).toMatch(/^broken +- +invalid +- +- +- +\S+broken$/);
    expect(lines[2]).toMatch(
      /^fine +1\.0\.0 +ready +3 +before_tool_call +tools\.intercept,privacy\.llm_content +\S+fine$/,
    );
    expect(lines[3]).toMatch(/^guest +1\.0\.0 +pending_consent /);
    expect(lines[4]).toMatch(/^off +- +disabled /);
    expect(stdout).toContain(
      ":/extension/hooks/0/hook  error  Extension 'broken' lacks permission 'tools.intercept'",
    );

    const json = JSON.parse((await cli(["list", "--json"], { cwd, env })).stdout) as {
      extensions: Record<string, unknown>[];
    };
    expect(Object.keys(json)).toEqual(["schemaVersion", "extensions"]);
    expect(json.extensions.map(({ id, state }) => [id, state])).toEqual([
      ["broken", "invalid"],
      ["fine", "ready"],
      ["guest", "pending_consent"],
      ["off", "disabled"],
    ]);
    expect(json.extensions[1]).toEqual({
      id: "fine",
      version: "1.0.0",
      state: "ready",
      protocol: 3,
      hooks: ["before_tool_call"],
      permissions: ["tools.intercept", "privacy.llm_content"],
      folder: join(plugins, "fine"),
      origin: "user",
      diagnostics: [],
    });
    const [diagnostic] = (json.extensions[0]?.["diagnostics"] ?? []) as Record<string, unknown>[];
    expect(Object.keys(diagnostic ?? {})).toEqual(["severity", "code", "file", "pointer", "message", "hint"]);
  });

  test("nothing there is fine and says where it looked", async () => {
    const base = tempDir();
    const human = await cli(["list", "--base-dir", base]);
    expect([human.code, human.stdout]).toEqual([0, ""]);
    expect(human.stderr).toContain(`No extensions found in: ${join(base, "plugins")}, `);
    const json = await cli(["list", "--json", "--base-dir", base]);
    expect(JSON.parse(json.stdout)).toEqual({ schemaVersion: 1, extensions: [] });
  });
});

describe("hooks", () => {
  test("lists all kinds with pinned keys", async () => {
    const { stdout } = await cli(["hooks", "--json"]);
    const { schemaVersion, hooks } = JSON.parse(stdout) as {
      schemaVersion: number;
      hooks: Record<string, unknown>[];
    };
    expect(schemaVersion).toBe(1);
    expect(hooks).toHaveLength(8);
    expect(hooks.find(({ kind }) => kind === "on_usage")).toEqual({
      kind: "on_usage",
      permission: "privacy.llm_content",
      delivery: "observe",
      actions: ["continue"],
      actionPermissions: {},
      toolFilter: false,
      canFailClosed: false,
      deadlineMs: 5000,
      sinceProtocol: 2,
      description: expect.any(String),
    });
    const human = await cli(["hooks"]);
    expect(human.stdout).toMatch(
      /^before_tool_call +tools\.intercept +gate +continue,block,confirm,modify +yes +5000 ms +1\+$/m,
    );
  });
});

describe("validate", () => {
  test("a folder, its manifest and a folder of several", async () => {
    const parent = tempDir();
    const root = writeActor(parent, "good");
    for (const path of [root, join(root, ".synaps-plugin", "plugin.json"), join(root, ".synaps-plugin")]) {
      expect(await cli(["validate", path])).toEqual({ code: 0, stdout: `${root}: ok\n`, stderr: "" });
    }
    writeActor(parent, "bad", { hooks: [{ hook: "nope" }] });
    const several = await cli(["validate", "."], { cwd: parent });
    expect(several.code).toBe(1);
    expect(several.stdout).toBe(
      "bad/.synaps-plugin/plugin.json:/extension/hooks/0/hook  error  unknown hook kind 'nope'\n" +
        several.stdout.split("\n")[1] +
        "\nbad: 1 error\ngood: ok\n",
    );
    expect(several.stdout.split("\n")[1]).toMatch(/^ {2}hint: Known: before_tool_call, /);
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
    const portable = writeActor(tempDir(), "poor", { protocol_version: 1 });
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

describe("version", () => {
  test("versions and all paths in use", async () => {
    const [base, cwd] = [tempDir(), tempDir()];
    const { stdout } = await cli(["version", "--json", "--base-dir", base], { cwd });
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      version: VERSION,
      node: process.version,
      synapsVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      protocols: [1, 2, 3],
      paths: {
        baseDir: base,
        userExtensions: join(base, "plugins"),
        projectExtensions: join(cwd, ".synaps", "plugins"),
        lockFile: join(base, "extensions", "lock.json"),
        globalConfig: join(base, "config"),
      },
    });
    const human = await cli(["version"], {
      env: { SYNAPS_BASE_DIR: base, SYNAPS_DISABLE_PROJECT_PLUGINS: "1" },
    });
    expect(human.stdout).toContain(`base folder         ${base}\n`);
    expect(human.stdout).toContain("switched off by SYNAPS_DISABLE_PROJECT_PLUGINS");
  });
});
