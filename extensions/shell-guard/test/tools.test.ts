import { homedir } from "node:os";
import { createHarness, events } from "@synaps/sdk/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import type { JsonValue } from "@synaps/sdk";
import { makeShellGuard } from "../src/extension.js";
import { parseTools, toolKind } from "../src/tools.js";

const none = (): void => undefined;

test.each([
  ["bash", "shell"],
  ["Bash", "shell"],
  ["run_shell_command", "shell"],
  ["mcp__desktop__bash", "shell"],
  ["mcp__x__execute_command", "shell"],
  ["mcp__x__run_in_terminal", "shell"],
  ["write_stdin", "typed"],
  ["mcp__term__send_keys", "typed"],
  ["execute_code", "code"],
  ["apply_patch", "patch"],
  ["read_file", "other"],
  ["mcp__tickets__create", "other"],
])("%s is %s", (name, kind) => {
  expect(toolKind([name, null], [])).toBe(kind);
});

test("tools of the configuration run a shell, by globs", () => {
  const further = parseTools("my_runner, ops__*", none);
  expect(toolKind(["my_runner"], further)).toBe("shell");
  expect(toolKind(["x", "ops__Anything"], further)).toBe("shell");
  expect(toolKind(["my_runner2"], further)).toBe("other");
});

async function guard(config: Record<string, string> = {}) {
  const harness = await createHarness(makeShellGuard({ home: homedir(), base: null, own: null }), {
    config: { project_root: "/home/me/app", ...config },
  });
  onTestFinished(() => harness.stop());
  return async (tool_name: string, tool_input: JsonValue, more: object = {}) =>
    harness.send(events.before_tool_call({ tool_name, tool_input, ...more }));
}

describe("inputs of tools", () => {
  test.each<[string, JsonValue, string]>([
    ["mcp__x__bash", { command: "rm -rf /" }, "block"],
    ["local_shell", { action: { type: "exec", command: ["rm", "-rf", "/"] } }, "block"],
    ["shell", { commands: ["ls", "rm -rf /"] }, "block"],
    ["shell", { commands: [{ command: "rm -rf /" }] }, "block"],
    ["bash", { bash_line: "rm -rf /", description: "clean up" }, "block"],
    ["bash", { command: "ls", description: "not rm -rf /" }, "continue"],
    ["tool_nobody_knows", { command: "rm -rf /" }, "block"],
    ["tool_nobody_knows", { text: "rm -rf /" }, "continue"],
    ["apply_patch", { command: "*** Begin Patch\nrm -rf /\n*** End Patch" }, "continue"],
    ["write_stdin", { session_id: 1, chars: "rm -rf /\n" }, "block"],
    ["write_stdin", { chars: "import shutil; shutil.rmtree('/')\n" }, "block"],
    ["write_stdin", { chars: "\u0003" }, "continue"],
    ["mcp__term__send_keys", { keys: "rm -rf ~" }, "block"],
    ["execute_code", { code: "import shutil\nshutil.rmtree('/')" }, "block"],
    ["bash", { code: "import os\nos.system('rm -rf /')", language: "python" }, "block"],
    ["bash", { command: "rm -rf /\0" }, "block"],
    ["bash", { command: "ls\0" }, "confirm"],
    ["bash", { command: "ls \ud800" }, "continue"],
  ])("%s %j: %s", async (name, input, action) => {
    const send = await guard();
    expect((await send(name, input)).action).toBe(action);
  });

  test("an input that is nested too deep is a question, and ends", async () => {
    const send = await guard();
    const deep = (levels: number, leaf: JsonValue): JsonValue =>
      Array.from({ length: levels }).reduce<JsonValue>((inner) => [inner], leaf);
    const objects = Array.from({ length: 500 }).reduce<JsonValue>((inner) => ({ a: inner }), {
      command: "ls",
    });
    expect((await send("bash", { command: deep(500, "x") })).action).toBe("confirm");
    expect((await send("bash", objects)).action).toBe("confirm");
    expect((await send("bash", { command: ["rm", ["-rf", ["/"]]] })).action).toBe("block");
  });
});

test("the start of an interpreter asks in Codex, and nowhere else", async () => {
  const send = await guard();
  const codex = { data: { agent: "codex", cwd: "/home/me/app" } };
  const other = { data: { agent: "claude-code", cwd: "/home/me/app" } };
  const starts = ["bash", "bash -i", "python3", "python3 -i x.py", "node", "psql shop", "mysql", "ssh host"];
  for (const command of [
    ...starts,
    "irb",
    "tmux new -s x",
    "su",
    "docker run -it alpine sh",
    "rails console",
  ]) {
    expect((await send("bash", { command }, codex)).action, command).toMatch("confirm");
    if (command !== "su") expect((await send("bash", { command }, other)).action, command).toBe("continue");
  }
  for (const command of [
    "bash -c 'ls'",
    "python3 x.py",
    "python3 -c 'print(1)'",
    "node x.js",
    "psql -c 'select 1'",
    "ssh host uptime",
    "python3 <<'EOF'\nprint(1)\nEOF",
    "echo 'ls' | bash",
    "tmux ls",
    "bash x.sh",
    "python3 -m pytest",
    "mysql < dump.sql",
  ])
    // prettier-ignore
    expect((await send("bash", { command }, codex)).action, command).toBe("continue");
});

describe("a shell that keeps its folder", () => {
  const session = (session_id: string) => ({ session_id });

  test("both folders count where no event names one, and the stricter answer", async () => {
    const send = await guard();
    expect((await send("bash", { command: "rm -rf build/*" }, session("a"))).action).toBe("continue");
    await send("bash", { command: "cd .." }, session("a"));
    expect((await send("bash", { command: "rm -rf build" }, session("a"))).action).toBe("block");
    expect((await send("bash", { command: "rm -rf build" }, session("b"))).action).toBe("continue");
    await send("bash", { command: "cd app" }, session("a"));
    expect((await send("bash", { command: "rm -rf build" }, session("a"))).action).toBe("continue");
  });

  test("an event or an input that names a folder is believed", async () => {
    const send = await guard();
    await send("bash", { command: "cd /etc" }, session("c"));
    expect((await send("bash", { command: "rm -rf build", cwd: "/home/me/app" }, session("c"))).action).toBe(
      "continue",
    );
    const data = { agent: "codex", cwd: "/home/me/other" };
    expect((await send("bash", { command: "rm -rf build" }, { ...session("c"), data })).action).toBe(
      "continue",
    );
    expect((await send("bash", { command: "rm -rf nginx" }, session("c"))).action).toBe("block");
  });

  test("what is blocked changes no folder", async () => {
    const send = await guard();
    await send("bash", { command: "cd /etc; rm -rf /" }, session("d"));
    expect((await send("bash", { command: "rm -rf nginx" }, session("d"))).action).toBe("continue");
  });
});

test("a mistake in the configuration keeps the defaults, is logged, and is asked about once", async () => {
  const mistakes = {
    mode: "lgo",
    off_rules: "elevted, publish",
    allow: '**; git commit -m "x y"; git push *',
    block: "a ** b",
    tools: "x".repeat(500),
  };
  const harness = await createHarness(makeShellGuard({ home: homedir(), base: null, own: null }), {
    config: { project_root: "/home/me/app", ...mistakes },
  });
  onTestFinished(() => harness.stop());
  const send = (command: string) =>
    harness.send(events.before_tool_call({ tool_name: "bash", tool_input: { command } }));
  expect((await send("rm -rf /")).action).toBe("block");
  const asked = await send("ls");
  expect(asked).toMatchObject({
    action: "confirm",
    message: expect.stringMatching(/^shell-guard asks once/),
  });
  expect((await send("ls")).action).toBe("continue");
  expect((await send("sudo make install")).action).toBe("confirm");
  expect((await send("npm publish")).action).toBe("continue");
  const log = harness.logs.join("\n");
  for (const part of [
    "no mode 'lgo'",
    "no rule 'elevted'",
    "every command",
    "quotes",
    "'**' may only",
    "longer than",
  ])
    expect(log).toContain(part);
});
