import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, cli, finished, results, start, writeActor, type Finished } from "./command.js";

interface Home {
  base: string;
  plugins: string;
  cwd: string;
  run(...args: string[]): Promise<Finished>;
}

function home(): Home {
  const [top, cwd] = [tempDir(), tempDir()];
  const base = join(top, "not there yet");
  return {
    base,
    plugins: join(base, "plugins"),
    cwd,
    run: (...args) => cli(args, { cwd, env: { SYNAPS_BASE_DIR: base }, input: call() }),
  };
}

async function listed({ run }: Home): Promise<unknown[]> {
  const { extensions } = JSON.parse((await run("list", "--json")).stdout) as {
    extensions: { id: string; version: string; state: string }[];
  };
  return extensions.map(({ id, version, state }) => [id, version, state]);
}

const json = (text: string): Record<string, unknown>[] =>
  Object.values(JSON.parse(text) as Record<string, unknown>)[1] as Record<string, unknown>[];

describe("install", () => {
  test(verifies("CLI-040") + "list with nothing says how to begin, and the commands work", async () => {
    const one = home();
    const { code, stdout, stderr } = await one.run("list");
    expect([code, stdout]).toEqual([0, ""]);
    const commands = stderr.split("\n").filter((line) => line.startsWith("  synaps-ext install "));
    expect(commands.map((line) => line.split(" ")[4])).toEqual([
      "audit-log",
      "claude-hooks",
      "cost-tracker",
      "file-guard",
      "ip-allowlist",
      "login-auditor",
      "notifier",
      "payload-limiter",
      "rate-limiter",
      "response-cache",
      "secret-redactor",
      "security-validator",
      "session-clock",
      "shell-guard",
      "traffic-logger",
      "./my-extension",
    ]);
    expect((await one.run("install", "shell-guard", "--yes")).code).toBe(0);
    expect(await listed(one)).toEqual([["shell-guard", "0.1.0", "ready"]]);
    expect(statSync(one.plugins).mode & 0o777).toBe(0o700);
    const fatal = `{"kind":"before_tool_call","tool_name":"bash","tool_input":{"command":"rm -rf /"}}\n`;
    const ran = await cli(["run", "--quiet"], {
      cwd: one.cwd,
      env: { SYNAPS_BASE_DIR: one.base },
      input: fatal,
    });
    expect(results(ran.stdout)[0]?.outcome?.["action"]).toBe("block");
  });

  test(verifies("CLI-041") + "shows what it may do, and writes nothing without a yes", async () => {
    const one = home();
    writeActor(one.cwd, "actor", { env: ["ACTOR_TOKEN"], setup: "setup.sh", command: "bin/made" });
    writeFileSync(join(one.cwd, "actor", "setup.sh"), "true");
    mkdirSync(join(one.cwd, "actor", "data"));
    const { code, stdout, stderr } = await one.run("install", "./actor");
    expect(code).toBe(4);
    for (const shown of [
      "actor 1.0.0\n",
      `\nFrom:\n  ${join(one.cwd, "actor")}\n`,
      `\nRuns, with all of your rights:\n  ${JSON.stringify(join(one.plugins, "actor", "bin", "made"))}`,
      "\nIs prepared by 'synaps-ext setup', which asks once more:\n  bash setup.sh\n",
      "\n  tools.intercept: See every matching tool call",
      "\nIs asked at:\n  before_tool_call\n",
      "\nIs given these environment variables:\n  ACTOR_TOKEN\n",
      "\nIs no code and is not copied:\n  data\n",
    ])
      expect(stdout).toContain(shown);
    expect(stderr).toBe(
      "error: Extension 'actor' was not installed: there is no terminal to ask on\n" +
        "hint: Read what it may do, then run: synaps-ext install ./actor --yes\n",
    );
    expect(existsSync(one.base)).toBe(false);

    const agreed = await one.run("install", "./actor", "--yes");
    expect([agreed.code, agreed.stderr]).toEqual([0, ""]);
    expect(agreed.stdout).toContain("Before it can run: synaps-ext setup actor");
    expect(readdirSync(join(one.plugins, "actor")).sort()).toEqual([".synaps-plugin", "main.js", "setup.sh"]);
  });

  test(verifies("CLI-042") + "a new version replaces the old one; configuration and data stay", async () => {
    const one = home();
    const source = writeActor(one.cwd);
    await one.run("install", "actor", "--yes");
    const target = join(one.plugins, "actor");
    writeFileSync(join(target, "config"), "key = mine\n");
    mkdirSync(join(target, "data"));
    writeFileSync(join(target, "data", "kept"), "");
    writeFileSync(join(target, "old-file"), "");
    writeFileSync(join(source, "config"), "key = theirs\n");
    writeFileSync(join(source, "new-file"), "");

    const asked = await one.run("install", "./actor");
    expect(asked.code).toBe(4);
    expect(asked.stdout).toContain(`\nReplaces:\n  1.0.0 in ${target}; configuration and data stay\n`);
    expect(asked.stdout).toContain("\nChanged since you approved it:\n  code: was sha256:");
    const replaced = await one.run("install", "./actor", "--yes", "--json");
    expect(json(replaced.stdout)).toEqual([
      {
        id: "actor",
        version: "1.0.0",
        folder: target,
        hash: expect.stringMatching(/^sha256:/) as unknown,
        replaced: true,
        already: false,
        leftOut: ["config"],
      },
    ]);
    expect(readdirSync(target).sort()).toEqual([".synaps-plugin", "config", "data", "main.js", "new-file"]);
    expect(readFileSync(join(target, "config"), "utf8")).toBe("key = mine\n");
    expect(readdirSync(join(target, "data"))).toEqual(["kept"]);
    expect(readdirSync(one.plugins)).toEqual(["actor"]);
    expect(await listed(one)).toEqual([["actor", "1.0.0", "ready"]]);

    const again = await one.run("install", "./actor");
    expect([again.code, again.stdout]).toEqual([0, `actor 1.0.0 is installed already: ${target}\n`]);
  });

  test(verifies("CLI-043") + "what validate refuses, and what is not there, is not installed", async () => {
    const one = home();
    writeActor(one.cwd, "broken", { permissions: [] });
    const broken = await one.run("install", "./broken", "--yes");
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain("error  Extension 'broken' lacks permission 'tools.intercept'");
    expect(broken.stderr).toContain("error: The extension in './broken' has errors and was not installed\n");

    writeActor(one.cwd, "linked");
    symlinkSync("/etc/passwd", join(one.cwd, "linked", "notes"));
    const linked = await one.run("install", "./linked", "--yes");
    expect([linked.code, linked.stderr.split("\n")[0]]).toEqual([
      1,
      `error: The folder '${join(one.cwd, "linked")}' cannot be installed: the link 'notes' leads outside: '/etc/passwd'`,
    ]);

    writeFileSync(join(one.cwd, "file.tgz"), "");
    mkdirSync(join(one.cwd, "empty"));
    expect(await one.run("install", "file.tgz")).toMatchObject({ code: 1 });
    expect(await one.run("install", "./empty")).toMatchObject({ code: 3 });
    expect((await one.run("install", "shel-guard")).stderr).toContain("hint: Did you mean 'shell-guard'?\n");
    expect(existsSync(one.plugins)).toBe(false);
  });

  test(
    verifies("CLI-044") +
      "one that was killed leaves the old version running, and its rest goes with the next",
    async () => {
      const one = home();
      const source = writeActor(one.cwd);
      await one.run("install", "./actor", "--yes");
      const big = Buffer.alloc(1024 * 1024, "x");
      for (let n = 0; n < 200; n += 1) writeFileSync(join(source, `file-${n}`), big);
      const child = start(["install", "./actor", "--yes"], {
        cwd: one.cwd,
        env: { SYNAPS_BASE_DIR: one.base },
      });
      await vi.waitFor(() => expect(readdirSync(one.plugins).length).toBe(2), {
        timeout: 60_000,
        interval: 1,
      });
      child.kill("SIGKILL");
      await finished(child);
      const [rest] = readdirSync(one.plugins).filter((name) => name !== "actor");
      expect(rest).toMatch(/^\.actor\.\d+-[0-9a-f]{12}\.new\.tmp$/);
      expect(existsSync(join(one.plugins, "actor", "file-0"))).toBe(false);
      expect(await listed(one)).toEqual([["actor", "1.0.0", "ready"]]);

      for (let n = 1; n < 200; n += 1) rmSync(join(source, `file-${n}`));
      expect((await one.run("install", "./actor", "--yes")).code).toBe(0);
      expect(readdirSync(one.plugins)).toEqual(["actor"]);
      expect(existsSync(join(one.plugins, "actor", "file-0"))).toBe(true);
    },
  );
});

describe("uninstall", () => {
  test(
    verifies("CLI-045") + "removes folder and approval, and says what stays and how to remove that",
    async () => {
      const one = home();
      writeActor(one.cwd);
      await one.run("install", "./actor", "--yes");
      const target = join(one.plugins, "actor");
      writeFileSync(join(target, "config"), "key = mine\n");
      mkdirSync(join(one.base, "memory"));
      const notes = join(one.base, "memory", "actor.jsonl");
      writeFileSync(notes, "");

      const asked = await one.run("uninstall", "actor");
      expect([asked.code, asked.stderr]).toEqual([
        4,
        "error: Extension 'actor' was not removed: there is no terminal to ask on\n" +
          "hint: Run: synaps-ext uninstall actor --yes\n",
      ]);
      expect(existsSync(join(target, "main.js"))).toBe(true);

      const { code, stdout, stderr } = await one.run("uninstall", "actor", "--yes");
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(
        `Removed actor: ${target}\nWhat it kept stays. To remove that, too:\n  rm -r '${join(target, "config")}'\n  rm -r '${notes}'\n`,
      );
      expect(readdirSync(one.plugins)).toEqual(["actor"]);
      expect(readdirSync(target)).toEqual(["config"]);
      expect(JSON.parse(readFileSync(join(one.base, "extensions", "lock.json"), "utf8"))).toEqual({
        version: 1,
        extensions: {},
      });
      expect(await listed(one)).toEqual([]);
      expect((await one.run("uninstall", "actor", "--yes")).code).toBe(3);
      // The configuration is there again for the next installation.
      await one.run("install", "./actor", "--yes");
      expect(readFileSync(join(target, "config"), "utf8")).toBe("key = mine\n");
    },
  );

  test(verifies("CLI-045") + "knows no paths, suggests names, and leaves the project's alone", async () => {
    const one = home();
    writeActor(one.plugins);
    const guest = writeActor(join(one.cwd, ".synaps", "plugins"), "guest");
    for (const id of ["../plugins", ".", "actor/../actor"])
      expect((await one.run("uninstall", id, "--yes")).code).toBe(3);
    expect((await one.run("uninstall", "actr", "--yes")).stderr).toContain("Did you mean 'actor'?");
    expect(await one.run("uninstall", "guest", "--yes")).toMatchObject({
      code: 1,
      stderr: `error: Extension 'guest' comes with the project: '${guest}'\nhint: To keep it from running: synaps-ext disable guest\n`,
    });
    expect(existsSync(guest)).toBe(true);
  });
});

test("a place that cannot be looked into is told as such, not as missing", async () => {
  const { cwd, run } = home();
  symlinkSync("loop", join(cwd, "loop"));
  const { code, stderr } = await run("install", "loop");
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^error: The system refused: ELOOP.*\nhint: Check the path/),
  ]);
});
