import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Project, sent, shell } from "./support/project.js";

const GO = { action: "continue" };
let project: Project;

beforeEach(() => {
  project = new Project();
});
afterEach(() => project.end());

/** A hook that leaves a file behind, so that it is seen to have run, and refuses. */
function guarded(): void {
  project.write("guard.sh", "#!/bin/sh\ntouch ran\necho no >&2\nexit 2\n", 0o755);
  project.hooks({
    PreToolUse: [
      { matcher: "Bash", hooks: [{ type: "command", command: `"$CLAUDE_PROJECT_DIR"/guard.sh` }] },
    ],
  });
}

const ran = (): boolean => existsSync(join(project.folder, "ran"));

test("nothing runs before it was approved by the digest of what was shown", async () => {
  guarded();
  const harness = await project.start();
  const call = shell("ls", project.folder);
  await expect(harness.send(call)).rejects.toThrow("settings.json wait for approval: 1 did not run");
  expect(harness.logs.join("\n")).toContain("synaps-ext invoke claude-hooks show");
  expect(ran()).toBe(false);

  const shown = await project.command(harness, "show");
  expect(ran()).toBe(false);
  const digest = /^ {2}digest: (sha256:[0-9a-f]{64})$/m.exec(shown)?.[1] as string;
  expect(shown).toContain("waits for approval, nothing of it runs");
  expect(shown).toContain('1. PreToolUse of "Bash", 600 s');
  expect(shown).toContain('runs: sh -c "\\"$CLAUDE_PROJECT_DIR\\"/guard.sh"');
  expect(shown).toMatch(new RegExp(`^ {5}file: ${project.folder}/guard\\.sh sha256:[0-9a-f]{64}$`, "m"));

  await expect(project.command(harness, "approve", digest.replace(/.$/, "x"))).rejects.toThrow(
    "has this digest",
  );
  expect(await project.command(harness, "approve", digest)).toContain("is approved: 1 hooks may run");
  expect(await harness.send(call)).toEqual({ action: "block", reason: "no" });
  expect(ran()).toBe(true);
  expect(await project.command(harness, "show")).toContain("is approved and runs");

  await project.command(harness, "revoke", digest);
  await expect(harness.send(call)).rejects.toThrow("wait for approval");
});

test("a changed script, configuration or place waits again; a file that a hook writes does not", async () => {
  guarded();
  const harness = await project.start();
  const call = shell("ls", project.folder);
  await project.approveAll(harness);
  expect(await harness.send(call)).toMatchObject({ action: "block" });

  const script = project.read("guard.sh");
  appendFileSync(join(project.folder, "guard.sh"), "# more\n");
  await expect(harness.send(call)).rejects.toThrow("wait for approval");
  writeFileSync(join(project.folder, "guard.sh"), script);
  expect(await harness.send(call)).toMatchObject({ action: "block" });

  project.write("list.txt", "");
  project.hooks({
    PreToolUse: [{ hooks: [{ type: "command", command: "echo x >> log; cat list.txt > all" }] }],
  });
  await expect(harness.send(call)).rejects.toThrow("wait for approval");
  await project.approveAll(harness);
  for (const _ of [1, 2]) expect(await harness.send(call)).toEqual(GO);
  project.write("list.txt", "data");
  expect(await harness.send(call)).toEqual(GO);
  project.write("log", "#!/bin/sh\n", 0o755);
  expect(await harness.send(call)).toEqual(GO);
});

test("a relative name that means another file elsewhere does not run there", async () => {
  project.write(".git/HEAD", "");
  project.write("check.sh", "exit 0\n");
  project.write("sub/check.sh", "echo foreign >&2; exit 2\n");
  project.hooks({ PreToolUse: [{ hooks: [{ type: "command", command: "sh check.sh" }] }] });
  const harness = await project.start();
  await project.approveAll(harness);
  expect(await harness.send(shell("ls", project.folder))).toEqual(GO);
  await expect(harness.send(shell("ls", join(project.folder, "sub")))).rejects.toThrow(
    `it names ${project.folder}/sub/check.sh, which nobody approved`,
  );
});

test("each project waits for itself, and the user's own file serves all of them", async () => {
  project.write("../home/.claude/settings.json", {
    hooks: { PreToolUse: [{ hooks: [{ type: "command", command: "echo mine >&2; exit 2" }] }] },
  });
  guarded();
  const other = project.write("../other/.claude/settings.json", { hooks: { PreToolUse: [] } });
  const harness = await project.start();
  const shown = await project.command(harness, "show", join(project.folder, "../home/.claude/settings.json"));
  const digest = /digest: (\S+)/.exec(shown)?.[1] as string;
  await project.command(harness, "approve", digest);
  const elsewhere = shell("ls", join(other, "../.."));
  // A configuration without a matching hook has nothing that could have run.
  expect(await harness.send(elsewhere)).toEqual({ action: "block", reason: "mine" });
  expect(await harness.send(shell("ls", project.folder))).toEqual({ action: "block", reason: "mine" });
  expect(ran()).toBe(false);
  expect(harness.logs.join("\n")).toContain(`${project.folder}/.claude/settings.json wait for approval`);
  const own = sent({
    kind: "before_tool_call",
    tool_name: "bash",
    data: { agent: "claude-code", cwd: other },
  });
  expect(await harness.send(own)).toEqual(GO);
});

test("with on_failure closed, what waits or cannot be read blocks; what does not concern the event does not", async () => {
  guarded();
  const harness = await project.start({ on_failure: "closed" });
  const path = join(project.folder, ".claude/settings.json");
  const because = (why: string) => ({
    action: "block",
    reason: `a hook could not answer and is not to be passed over: ${why}`,
  });
  expect(await harness.send(shell("ls", project.folder))).toEqual(
    because(`the hooks of ${path} wait for approval: 1 did not run`),
  );
  const read = sent({ kind: "before_tool_call", tool_name: "read", data: { cwd: project.folder } });
  expect(await harness.send(read)).toEqual(GO);
  writeFileSync(path, '{"hooks": [');
  expect(await harness.send(read)).toMatchObject({
    action: "block",
    reason: expect.stringContaining("it is no JSON"),
  });
  writeFileSync(path, '{"disableAllHooks": true, "hooks": {"PreToolUse": 7}}');
  expect(await harness.send(read)).toEqual(GO);
});

test("broken and hostile configurations are named, and none holds the extension up", async () => {
  const harness = await project.start();
  const call = shell("ls", project.folder);
  for (const [text, problem] of [
    ["[]", "it is no JSON object"],
    ['{"hooks":[]}', "'hooks' is no object"],
    [`{"hooks":{}, "x": "${"x".repeat(100_000)}"}`, "larger than 96 KiB"],
    ["[".repeat(90_000), "it is no JSON"],
  ] as const) {
    project.write(".claude/settings.json", text);
    await expect(harness.send(call)).rejects.toThrow(problem);
    expect(await project.command(harness, "show")).toContain(problem);
  }
  const named = await project.start({ files: "/nowhere/hooks.json; .codex/hooks.json" });
  await expect(named.send(call)).rejects.toThrow(
    "the hooks of /nowhere/hooks.json cannot be read: it is not there",
  );
  const many = Array.from({ length: 201 }, () => ({ type: "command", command: "true" }));
  project.hooks({ PreToolUse: [{ hooks: many }] });
  await expect(harness.send(call)).rejects.toThrow("more than 200 hooks");
  // An expression that would run for years is never tried before somebody approved it.
  project.hooks({ PreToolUse: [{ matcher: "^(a+)+$", hooks: [{ type: "command", command: "true" }] }] });
  const long = sent({
    kind: "before_tool_call",
    tool_name: `${"a".repeat(64)}!`,
    data: { cwd: project.folder },
  });
  await expect(harness.send(long)).rejects.toThrow("wait for approval");
});

test("this host's own entries are left out, so that no event goes round in a circle", async () => {
  const own = [
    {
      type: "command",
      command:
        "if [ -x '/b/extensions/agents/hook' ]; then exec '/b/extensions/agents/hook' codex PreToolUse open; fi",
    },
    { type: "http", url: "http://127.0.0.1:1/v1/hooks/claude-code" },
  ];
  project.hooks({ PreToolUse: [{ hooks: own }] });
  const harness = await project.start();
  expect(await harness.send(shell("ls", project.folder))).toEqual(GO);
  expect(await project.command(harness, "show")).toContain("it is this host's own entry and is not run");
});

test("the command says what is wrong with how it was called, and an invisible sign is seen", async () => {
  project.hooks({ Stop: [{ hooks: [{ type: "command", command: "echo \u001b[2K\u202Ehidden" }] }] });
  const harness = await project.start();
  await expect(project.command(harness, "approve")).rejects.toThrow("usage: show [path]");
  await expect(project.command(harness, "show", "/nowhere/settings.json")).rejects.toThrow("does not name");
  await expect(project.command(harness, "revoke", "x")).rejects.toThrow("not approved");
  expect(await project.command(harness, "show")).toContain("echo \\u001b[2K\\u202ehidden");
});
