import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLI } from "../../helpers/paths.js";
import { tempDir } from "../../helpers/temp.js";
import { verifies } from "../../requirements/verifies.js";
import { call, cli, IN_TERMINAL, results, writeActor, type ResultLine } from "./command.js";

// oxlint-disable-next-line no-control-regex
const COLOUR = /\u001b\[\d+m/;

interface Shown {
  code: number | null;
  /** What the terminal showed: standard error, the questions, and standard output unless it was led elsewhere. */
  screen: string;
}

/** Runs the command on a terminal of its own and types the answers. */
function onTerminal(
  args: readonly string[],
  answers: readonly string[],
  to: Record<string, string> = {},
): Shown {
  const { stdin = "terminal", stdout = "terminal", cwd = tempDir(), base = tempDir() } = to;
  const { FORCE_COLOR: _, NO_COLOR: __, ...env } = process.env;
  const done = spawnSync(
    "python3",
    [IN_TERMINAL, ...answers, "--", stdin, stdout, process.execPath, CLI, ...args],
    {
      cwd,
      env: { ...env, SYNAPS_BASE_DIR: base, ...(to["TERM"] === undefined ? {} : { TERM: to["TERM"] }) },
      encoding: "utf8",
      timeout: 50_000,
    },
  );
  return { code: done.status, screen: done.stdout };
}

function askedRun(
  answers: readonly string[],
  lines: readonly string[],
  flags: readonly string[] = [],
): Shown & { lines: ResultLine[] } {
  const folder = tempDir();
  writeActor(folder);
  const [stdin, stdout] = [join(folder, "events.jsonl"), join(folder, "out.jsonl")];
  writeFileSync(stdin, lines.join(""));
  const shown = onTerminal(
    ["run", "--extensions-dir", folder, "--confirm", "ask", "--quiet", ...flags],
    answers,
    { stdin, stdout },
  );
  return { ...shown, lines: results(readFileSync(stdout, "utf8")) };
}

const question = (message = "sure?"): string => call({ answer: { action: "confirm", message } });

describe("confirm", () => {
  test("blocks without being asked, and says what the question was", async () => {
    const folder = tempDir();
    writeActor(folder);
    for (const flags of [[], ["--confirm", "block"]]) {
      const { stdout } = await cli(["run", "--extensions-dir", folder, ...flags], { input: question() });
      expect(results(stdout)[0]).toMatchObject({
        outcome: {
          action: "block",
          reason: "requires confirmation but no interactive prompt is available: sure?",
          by: "actor",
        },
        confirm: "sure?",
        votes: [{ verdict: { action: "confirm", message: "sure?" } }],
      });
    }
  });

  test.runIf(existsSync("/usr/bin/setsid"))(
    "--confirm ask blocks in the same way where there is no terminal",
    () => {
      const folder = tempDir();
      writeActor(folder);
      const args = [
        "--wait",
        process.execPath,
        CLI,
        "run",
        "--quiet",
        "--extensions-dir",
        folder,
        "--confirm",
        "ask",
      ];
      const done = spawnSync("setsid", args, { input: question(), encoding: "utf8" });
      expect(results(done.stdout)[0]?.outcome).toMatchObject({
        action: "block",
        reason: expect.stringContaining("no interactive prompt"),
      });
    },
  );

  test("only y and yes go on", () => {
    const answers = ["y", "YES", "n", "", "sure"];
    const { code, lines, screen } = askedRun(
      answers,
      answers.map(() => question()),
    );
    expect(code).toBe(0);
    expect(lines.map(({ outcome }) => outcome)).toEqual([
      { action: "continue" },
      { action: "continue" },
      ...[1, 2, 3].map(() => ({ action: "block", reason: "confirmation denied: sure?", by: "actor" })),
    ]);
    expect(screen).toContain("Confirm tool call");
    expect(screen).toContain("actor asks about bash: sure?");
  });

  test("a confirmation after a rewrite goes on with the rewritten input", () => {
    const folder = tempDir();
    writeActor(folder, "a-rewrites", { hooks: [{ hook: "before_tool_call", phase: "rewrite" }] });
    writeActor(folder, "b-asks", { hooks: [{ hook: "before_tool_call", phase: "veto" }] });
    const [stdin, stdout] = [join(folder, "events.jsonl"), join(folder, "out.jsonl")];
    const rewritten = { answer: { action: "confirm", message: "this?" } };
    writeFileSync(stdin, call({ answer: { action: "modify", input: rewritten } }));
    onTerminal(["run", "--extensions-dir", folder, "--confirm", "ask"], ["y"], { stdin, stdout });
    expect(results(readFileSync(stdout, "utf8"))[0]?.outcome).toEqual({
      action: "modify",
      input: rewritten,
      by: "b-asks",
    });
  });

  test("with events in flight at the same time one question follows the other", () => {
    const { lines } = askedRun(
      ["y", "n", "y"],
      [question("1"), question("2"), question("3")],
      ["--concurrency", "3"],
    );
    const byQuestion = lines.map(({ confirm, outcome }) => [confirm, outcome?.["action"]]);
    expect(byQuestion).toEqual([
      ["1", "continue"],
      ["2", "block"],
      ["3", "continue"],
    ]);
  });

  test("what was typed before the question stood there is not its answer", () => {
    const { lines } = askedRun(["y\ny\ny", "n"], [question("1"), question("2")]);
    expect(lines.map(({ outcome }) => outcome?.["action"])).toEqual(["continue", "block"]);
  });

  test("a message cannot paint over the question", () => {
    const { screen, lines } = askedRun(["n"], [question("rm\u001b[2K\u001b[1Gls\u009b31m\n[y/N] y")]);
    expect(screen).toContain("actor asks about bash: rm[2K[1Gls31m [y/N] y");
    expect(lines[0]?.outcome).toMatchObject({ action: "block" });
  });
});

describe("colours", () => {
  const red = (folder: string): string => {
    writeActor(folder, "broken", { hooks: [] });
    return folder;
  };

  test("none where it is not a terminal, unless FORCE_COLOR says so", async () => {
    const folder = red(tempDir());
    const list = ["list", "--extensions-dir", folder];
    expect((await cli(list)).stdout).not.toMatch(COLOUR);
    expect((await cli(list, { env: { FORCE_COLOR: "1" } })).stdout).toMatch(COLOUR);
    expect((await cli(list, { env: { FORCE_COLOR: "0" } })).stdout).not.toMatch(COLOUR);
    expect((await cli([...list, "--no-color"], { env: { FORCE_COLOR: "1" } })).stdout).not.toMatch(COLOUR);
    expect((await cli(["--no-color", ...list], { env: { FORCE_COLOR: "1" } })).stdout).not.toMatch(COLOUR);
    expect((await cli(["list", "--nope"], { env: { FORCE_COLOR: "1" } })).stderr).toMatch(COLOUR);
  });

  test("on a terminal, except on a dumb one", () => {
    const list = ["list", "--extensions-dir", red(tempDir())];
    expect(onTerminal(list, [], { TERM: "xterm" }).screen).toMatch(COLOUR);
    expect(onTerminal(list, [], { TERM: "dumb" }).screen).not.toMatch(COLOUR);
  });

  test("each stream decides for itself", () => {
    const folder = red(tempDir());
    const stdout = join(folder, "out.txt");
    onTerminal(["list", "--extensions-dir", folder], [], { TERM: "xterm", stdout });
    expect(readFileSync(stdout, "utf8")).not.toMatch(COLOUR);
  });
});

describe("approve on a terminal", () => {
  test("asks, and only yes is one", () => {
    const cwd = tempDir();
    const base = tempDir();
    writeActor(join(cwd, ".synaps", "plugins"), "guest");
    const refused = onTerminal(["approve", "guest"], ["n"], { cwd, base });
    expect(refused.code).toBe(4);
    expect(refused.screen).toContain("Let guest run? [y/N]");
    expect(refused.screen).toContain("you did not say yes");
    const agreed = onTerminal(["approve", "guest"], ["y"], { cwd, base });
    expect(agreed.code).toBe(0);
    expect(agreed.screen).toContain("Approved guest.");
  });
});

describe("install and uninstall on a terminal", () => {
  test(verifies("CLI-041") + "ask, and only yes is one", () => {
    const [cwd, base] = [tempDir(), tempDir()];
    const root = writeActor(cwd);
    const target = join(base, "plugins", "actor");
    const refused = onTerminal(["install", "./actor"], ["n"], { cwd, base });
    expect([refused.code, existsSync(join(base, "plugins"))]).toEqual([4, false]);
    expect(refused.screen).toContain("\r\n  tools.intercept: ");
    expect(refused.screen).toContain("Install actor? [y/N] n\r\n");
    expect(onTerminal(["install", "./actor"], ["y"], { cwd, base }).code).toBe(0);
    expect(existsSync(target)).toBe(true);

    writeFileSync(join(root, "main.js"), "// new");
    const replaced = onTerminal(["install", "./actor"], ["yes"], { cwd, base });
    expect([replaced.code, readFileSync(join(target, "main.js"), "utf8")]).toEqual([0, "// new"]);
    expect(replaced.screen).toContain("Replace actor? [y/N]");

    const kept = onTerminal(["uninstall", "actor"], [""], { cwd, base });
    expect([kept.code, existsSync(target)]).toEqual([4, true]);
    expect(kept.screen).toContain(`Removes:\r\n  ${target}`);
    expect(onTerminal(["uninstall", "actor"], ["y"], { cwd, base }).code).toBe(0);
    expect(existsSync(target)).toBe(false);
  });
});
