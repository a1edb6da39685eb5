import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { cli, writeActor } from "./command.js";

test(
  verifies("FLD-012") + ": consent says what a hook sees, and asks again when it sees more",
  async () => {
    const [top, cwd] = [tempDir(), tempDir()];
    const base = join(top, "base");
    const run = (...args: string[]) => cli(args, { cwd, env: { SYNAPS_BASE_DIR: base } });
    const actor = (...fields: string[]) =>
      writeActor(cwd, "actor", { hooks: [{ hook: "before_tool_call", phase: "veto", fields }] });
    actor("/tool_name", "/tool_input/command");
    const first = await run("install", "./actor", "--yes");
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(first.stdout).toContain(
      "\nIs asked at:\n  before_tool_call, sees only /tool_input/command, /tool_name\n",
    );
    const lock = JSON.parse(readFileSync(join(base, "extensions", "lock.json"), "utf8")) as {
      extensions: Record<string, { sees?: unknown }>;
    };
    expect(Object.values(lock.extensions).map(({ sees }) => sees)).toEqual([
      { before_tool_call: ["/tool_input/command", "/tool_name"] },
    ]);

    actor("/tool_name", "/session_id");
    const other = await run("install", "./actor");
    expect(other.code).toBe(4);
    expect(other.stdout).toContain("\n  sees more of before_tool_call: /session_id\n");
    expect(other.stdout).toContain("\n  no longer sees of before_tool_call: /tool_input/command\n");

    writeActor(cwd, "actor");
    const whole = await run("install", "./actor");
    expect(whole.code).toBe(4);
    expect(whole.stdout).toContain(
      "\n  sees all of before_tool_call, not only /tool_input/command, /tool_name\n",
    );
    expect(whole.stdout).toContain("\nIs asked at:\n  before_tool_call\n");

    const info = await run("info", "actor");
    expect(info.stdout).toContain("before_tool_call  sees only /tool_name, /tool_input/command\n");
  },
  60_000,
);
