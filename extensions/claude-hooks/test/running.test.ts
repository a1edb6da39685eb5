import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Project, sent, shell } from "./support/project.js";

const GO = { action: "continue" };
let project: Project;

beforeEach(() => {
  project = new Project();
});
afterEach(() => project.end());

async function started(command: string | object, config: Record<string, string> = {}) {
  const handler = typeof command === "string" ? { type: "command", command } : command;
  project.hooks({ PreToolUse: [{ hooks: [handler] }] });
  const harness = await project.start(config);
  await project.approveAll(harness);
  return harness;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended and was not waited for is no more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const pid = (file: string): number => Number(project.read(file));

test("a hook reads one line of JSON, then the end of its input, and stands in a session of its own", async () => {
  // `cat` ends only when the input is closed; the first field after the name is the state, the fourth the session.
  const harness = await started("cat > input.json; cut -d ' ' -f 1,6,7 /proc/$$/stat > session");
  const further = {
    meta: { tool_call_id: "c1" },
    data: { cwd: project.folder, permission_mode: "plan", later: 1 },
  };
  expect(await harness.send(shell("ls", project.folder, further))).toEqual(GO);
  expect(project.read("input.json").endsWith("}\n")).toBe(true);
  expect(JSON.parse(project.read("input.json"))).toEqual({
    session_id: "s1",
    transcript_path: "",
    cwd: project.folder,
    permission_mode: "plan",
    hook_event_name: "PreToolUse",
    tool_name: "Bash",
    tool_input: { command: "ls" },
    tool_use_id: "c1",
    later: 1,
  });
  const [own, session, terminal] = project.read("session").trim().split(" ");
  expect([session, terminal]).toEqual([own, "0"]);
});

test("the environment is this process's, the places, and the file of variables; never the overrides of the extension", async () => {
  vi.stubEnv("SYNAPS_EXTENSION_CLAUDE_HOOKS_FILES", "x");
  const file = project.write("variables", "# mine\nexport TOKEN=a=b c\n", 0o600);
  const harness = await started("env > environment", { env_file: file });
  expect(await harness.send(shell("ls", project.folder))).toEqual(GO);
  vi.unstubAllEnvs();
  const lines = project.read("environment").split("\n");
  expect(lines).toContain(`CLAUDE_PROJECT_DIR=${project.folder}`);
  expect(lines).toContain("TOKEN=a=b c");
  expect(lines).toContain(`PATH=${process.env["PATH"]}`);
  expect(lines.filter((line) => /^(?:CLAUDE_PLUGIN|SYNAPS_)/.test(line))).toEqual([]);

  project.write("variables", "TOKEN=secret-value\n", 0o644);
  await expect(project.start({ env_file: file })).rejects.toThrow(
    "'env_file' names a file that others may read",
  );
  project.write("variables", "secret-value\n", 0o600);
  await expect(project.start({ env_file: file })).rejects.toThrow(/entry 1 is not NAME=value$/);
});

test("at the timeout the hook ends with all that it started, though it does not want to", async () => {
  const harness = await started({
    type: "command",
    command: "trap '' TERM; sleep 60 & echo $! > child; echo $$ > parent; wait; wait",
    timeout: 0.5,
  });
  await expect(harness.send(shell("ls", project.folder))).rejects.toThrow("timed out after 0.5 s");
  await vi.waitFor(() => expect([isAlive(pid("parent")), isAlive(pid("child"))]).toEqual([false, false]));
});

test("nobody waits any more: the hook ends; the extension stops: hooks in the background end", async () => {
  const harness = await started("echo $$ > pid.new; mv pid.new pid; sleep 60");
  const waited = (): Promise<void> =>
    vi.waitFor(() => expect(existsSync(join(project.folder, "pid"))).toBe(true));
  const given = new AbortController();
  const answer = harness.send(shell("ls", project.folder), { signal: given.signal });
  await waited();
  const first = pid("pid");
  given.abort();
  await expect(answer).rejects.toThrow();
  await vi.waitFor(() => expect(isAlive(first)).toBe(false));

  project.write("pid", "");
  const behind = await started({
    type: "command",
    command: "echo $$ > pid.new; mv pid.new pid; sleep 60",
    async: true,
  });
  expect(await behind.send(shell("ls", project.folder))).toEqual(GO);
  await vi.waitFor(() => expect(project.read("pid")).not.toBe(""));
  const second = pid("pid");
  expect(isAlive(second)).toBe(true);
  await behind.stop();
  await vi.waitFor(() => expect(isAlive(second)).toBe(false));
});

test("the host's deadline counts where the hook's own time is longer", async () => {
  const harness = await started({ type: "command", command: "sleep 60", timeout: 600 });
  const meta = { event_id: "e", sent_at: 0, attempt: 1, deadline_ms: 400 };
  await expect(harness.send(shell("ls", project.folder, { meta }))).rejects.toThrow("timed out after 0.3 s");
});

test("output is read without bound and kept within one; texts for the model are cut", async () => {
  const harness = await started("head -c 3000000 /dev/zero | tr '\\0' x; exit 0");
  await expect(harness.send(shell("ls", project.folder))).rejects.toThrow("more than 1 MiB");
  const loud = await started("head -c 300000 /dev/zero | tr '\\0' x >&2; head -c 3000000 /dev/zero; exit 2");
  const { reason } = (await loud.send(shell("ls", project.folder))) as unknown as { reason: string };
  expect(reason).toMatch(/^x{10000}… \(55536 more characters were cut\)$/);
});

test("a folder that is gone, an input nobody reads and a program that is none cost the hook at most", async () => {
  const gone = await started("pwd > where; exec <&-");
  expect(await gone.send(shell("x".repeat(1_000_000), join(project.folder, "gone")))).toEqual(GO);
  const none = await started({ type: "command", command: "/nowhere/program", args: ["a"] });
  await expect(none.send(shell("ls", project.folder))).rejects.toThrow("could not be started");
  const dark = await started({ type: "http", url: "http://127.0.0.1:1/", timeout: 2 });
  await expect(dark.send(shell("ls", project.folder))).rejects.toThrow("ECONNREFUSED");
});

test("a call that two events ask about at the same time has two answers", async () => {
  const harness = await started("read -r line; sleep 0.1; case $line in *stop*) exit 2 ;; esac");
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      harness.send(shell(index % 2 === 0 ? "stop" : "go", project.folder)),
    ),
  );
  expect(answers.map(({ action }) => action)).toEqual(
    Array.from({ length: 4 }, () => ["block", "continue"]).flat(),
  );
});

test("an output that is handed over in part only is not replaced by the part", async () => {
  project.hooks({ PostToolUse: [{ hooks: [{ type: "command", command: "echo note >&2; exit 2" }] }] });
  const harness = await project.start();
  await project.approveAll(harness);
  const meta = {
    event_id: "e",
    sent_at: 0,
    attempt: 1,
    deadline_ms: 9_000,
    truncated: true,
    total_bytes: 1e6,
  };
  const event = {
    kind: "after_tool_call",
    tool_name: "bash",
    tool_output: "x",
    data: { cwd: project.folder },
    meta,
  };
  await expect(harness.send(sent(event))).rejects.toThrow("in part only");
});
