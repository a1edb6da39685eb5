import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempDir, writeJson } from "../../helpers/temp.js";
import { repo } from "../../helpers/paths.js";
import { cli, writeActor } from "./command.js";

const VERSION = (JSON.parse(readFileSync(repo("packages/cli/package.json"), "utf8")) as { version: string })
  .version;

const COMMANDS = [
  "run",
  "list",
  "hooks",
  "validate",
  "approve",
  "install",
  "uninstall",
  "enable",
  "disable",
  "setup",
  "invoke",
  "info",
  "status",
  "logs",
  "resume",
  "reload",
  "config",
  "memory",
  "version",
  "tools",
  "call",
];

describe("help", () => {
  test.each(COMMANDS)("%s --help leads with examples and lists exit codes", async (command) => {
    const { code, stdout, stderr } = await cli([command, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Examples:\n {2}\S/);
    expect(stdout).toContain(`Usage: synaps-ext ${command}`);
    expect(stdout).toMatch(/\nExit codes:\n {2}0 {2}/);
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
    expect(Object.keys(diagnostic ?? {})).toEqual([
      "severity",
      "code",
      "file",
      "pointer",
      "message",
      "hint",
      "evidence",
    ]);
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
    expect(hooks).toHaveLength(9);
    expect(hooks.find(({ kind }) => kind === "on_usage")).toEqual({
      attributes: {},
      payload: null,
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
