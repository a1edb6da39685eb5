import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentCatalog } from "@synaps/sdk/catalogs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repo } from "../../../helpers/paths.js";
import { tempDir } from "../../../helpers/temp.js";
import { runExample, type Finished } from "../../agent-loop/run.js";

/** Without Python its witness does not run, and the table says so. */
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const main = repo("examples/agent/dist/main.js");

describe("one whole run", () => {
  const folder = mkdtempSync(join(tmpdir(), "agent-"));
  let run: Finished;

  beforeAll(async () => {
    run = await runExample({ main, env: { TMPDIR: folder } });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Lines below the name of a path. */
  const path = (name: string): string =>
    run.stdout.split(`\n${name}\n`)[1]?.split("\n\n")[0] ?? `no path ${name}`;
  const row = (kind: string): string[] | undefined =>
    new RegExp(`^${kind.replaceAll(".", "\\.")} +(\\d+) +(\\w+) +(\\w+) {2}(.*(?:\\n +.*)*)$`, "m")
      .exec(run.stdout)
      ?.map((cell) => cell.replaceAll(/\s+/g, " "));

  it("ends well and leaves neither a process nor a file", () => {
    expect(run).toMatchObject({ code: 0, stderr: "", left: [] });
    expect(readdirSync(folder)).toEqual([]);
    expect(run.stdout.split("\n").filter((line) => line.length > 140)).toEqual([]);
  });

  it("each of the 44 kinds fires, and both languages see it as often", () => {
    const kinds = Object.keys(agentCatalog.kinds);
    expect(kinds).toHaveLength(44);
    const wrong = kinds.filter((kind) => {
      const [, fired, python, typescript] = row(kind) ?? [];
      const inPython = hasPython ? fired : "absent";
      return !(Number(fired) > 0 && typescript === fired && python === inPython);
    });
    expect(wrong).toEqual([]);
  });

  it("says what is scripted", () => {
    expect(run.stdout).toMatch(
      /^.*What the models say is a script; requests, tools, files and figures are real\.$/m,
    );
  });

  it("answers from a cache, repeats, sends elsewhere, leaves out and divides", () => {
    expect(path("cache")).toContain("(from the cache)");
    expect(path("retry")).toContain("large: A draft. (run 3 times)");
    expect(path("redirect")).toContain("small: Four. (sent to small)");
    expect(path("skip")).toContain("left out by policies");
    expect(path("fork")).toContain(`["large: They are short.","large: It is shorter."] (in 2 parts)`);
    expect(row("agent.agent_error")?.[4]).toContain("retry 2, provider fails 3");
  });

  it("goes back to its last checkpoint when a stage fails and when it is aborted", () => {
    expect(path("workflow")).toContain("text.md holds: the good text, reviewed");
    expect(path("workflow fails")).toContain("text.md holds: the bad text");
    expect(path("workflow aborted")).toContain("the user gave it up (an error)");
    expect(row("agent.workflow_rollback")?.[4]).toBe("workflow fails 1, workflow aborted 1");
  });

  it("tells of what the program's own rules refuse", () => {
    expect(path("state")).toContain("'topic' was written by somebody else: version 2, not 1");
    expect(row("agent.security_violation")?.[4]).toBe("security 1");
    expect(row("agent.resource_limit_exceeded")?.[4]).toBe("limits 1");
  });

  it("stops a session that has spent its budget, after a warning", () => {
    const spent = path("budget").split("\n");
    expect(
      spent.map((line) => /"level":"(\w+)"|stopped by (cost-tracker)/.exec(line)?.slice(1).join("")),
    ).toEqual(["warning", "exceeded", "cost-tracker"]);
    expect(run.stdout).toMatch(/^in all +\d+ {2}0\.\d+$/m);
  });

  it("ends what runs, then agent, session and itself when it stops while it is busy", () => {
    expect(path("stop while busy")).toContain("the program stops (an error)");
    for (const kind of ["agent_error", "after_agent_shutdown", "session_end", "system_shutdown"])
      expect(row(`agent.${kind}`)?.[4]).toContain("stop while busy 1");
  });
});

it("Ctrl-C in the middle of a tool ends all of it", async () => {
  const folder = tempDir();
  const run = await runExample({ main, env: { TMPDIR: folder }, interruptAt: "\nlimits\n" });
  expect(run).toMatchObject({ code: 130, stderr: "", left: [] });
  expect(run.stdout).toContain("\nInterrupted.");
  expect(run.stdout).not.toContain("\nbudget\n");
  expect(readdirSync(folder)).toEqual([]);
});
