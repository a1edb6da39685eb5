import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished, expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { cli, expectGone } from "./command.js";

interface Listed {
  agents: { agent: string; files: { path: string; mode: string; events: string[] }[] }[];
  hook: { path: string; present: boolean };
  service: { running: boolean; pid: number | null; socket: string };
  lastFailure: string | null;
}

test(
  verifies("WIRING-008") + "an agent is wired, its hook starts the service, and everything is taken back",
  async () => {
    const [home, base] = [tempDir(), tempDir()];
    const env = { HOME: home, SYNAPS_BASE_DIR: base, CODEX_HOME: join(home, "codex"), CLAUDE_CONFIG_DIR: "" };
    const run = (...args: string[]) => cli(["agents", ...args], { env, cwd: home });
    const file = join(home, "codex", "hooks.json");
    const hook = join(base, "extensions", "agents", "hook");

    const wired = await run("wire", "codex", "--closed");
    expect([wired.code, wired.stderr]).toEqual([0, ""]);
    const lines = wired.stdout.split("\n");
    expect(lines[0]).toBe(`Wrote 12 hooks of Codex: ${file}`);
    expect(lines[2]).toBe(`  program  ${hook}`);
    expect(lines[3]).toBe(
      "  Without an answer, these are refused: PreToolUse, PostToolUse. All others go on.",
    );
    expect(lines[4]).toMatch(/^note: Codex runs a new or changed hook only after you have trusted it/);

    const { hooks } = JSON.parse(readFileSync(file, "utf8")) as {
      hooks: Record<string, [{ hooks: [{ command: string }] }]>;
    };
    const command = hooks["PreToolUse"]?.[0].hooks[0].command ?? "";
    const payload = {
      hook_event_name: "PreToolUse",
      session_id: "s",
      cwd: home,
      tool_name: "Bash",
      tool_input: { command: "true" },
    };
    const asked = spawnSync("/bin/sh", ["-c", command], {
      input: JSON.stringify(payload),
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: home },
    });
    const listed = JSON.parse((await run("list", "--json")).stdout) as Listed;
    const { pid } = listed.service;
    if (pid !== null) onTestFinished(() => void spawnSync("kill", ["-9", String(pid)]));
    expect(asked).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(Object.keys(listed)).toEqual(["schemaVersion", "agents", "hook", "service", "lastFailure"]);
    expect(listed.hook).toEqual({ path: hook, present: true });
    expect([listed.service.running, listed.lastFailure]).toEqual([true, null]);
    expect(listed.agents.map(({ agent }) => agent)).toEqual([
      "claude-code",
      "codex",
      "gemini",
      "cursor",
      "copilot",
    ]);
    expect(listed.agents[1]?.files).toMatchObject([{ path: file, mode: "closed", edited: [], problems: [] }]);
    process.kill(pid ?? 0, "SIGTERM");
    await expectGone(pid ?? 0);

    expect(await run("unwire", "codex")).toEqual({
      code: 0,
      stdout: `${file} was removed: it was not there before\n`,
      stderr: "",
    });
    expect([existsSync(file), existsSync(hook)]).toEqual([false, false]);
  },
);

test(
  verifies("WIRING-008") + "wrong calls end with 2, an unknown agent with 3, and write nothing",
  async () => {
    const home = tempDir();
    const env = { HOME: home };
    const ends = await Promise.all(
      [["wire"], ["wire", "codex", "--http"], ["unwire", "codex", "--closed"], ["wire", "geminy"]].map(
        (args) => cli(["agents", ...args], { env, cwd: home }),
      ),
    );
    expect(ends.map(({ code, stderr }) => [code, stderr.split("\n").slice(0, 2)])).toEqual([
      [
        2,
        [
          "error: wire needs the name of an agent",
          "hint: There are: claude-code, codex, gemini, cursor, copilot.",
        ],
      ],
      [
        2,
        [
          "error: --http is for Claude Code only: codex has no HTTP hooks for the loopback address",
          "hint: Leave out --http. Nothing was changed.",
        ],
      ],
      [2, ["error: --closed is a flag of wire", "hint: Leave it out."]],
      [3, ["error: No agent is called 'geminy'", "hint: Did you mean 'gemini'?"]],
    ]);
    expect(existsSync(join(home, ".codex"))).toBe(false);
  },
);
