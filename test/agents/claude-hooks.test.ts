import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { Project, sent, shell } from "../../extensions/claude-hooks/test/support/project.js";
import { AGENTS, missing } from "./kit/agents.js";
import { placeForTest } from "./kit/place.js";
import { cell, row } from "./kit/report.js";
import { runAgent } from "./kit/run.js";

/** Configurations of the extension's fixtures, with commands that do no harm if nothing stops them. */
const CASES: Readonly<Record<string, readonly string[]>> = {
  "block-rm-rf": ["echo rm -rf x", "echo one"],
  "branch-guard": ["git push origin main", "git push --force origin main", "git push origin topic"],
  "commit-message": [
    "git commit -m 'fixed it'",
    "git commit -m 'parser: read comments'",
    "cd . && git commit -m wip",
    "git status",
    "echo $(git commit -m wip)",
  ],
  "exit-codes": ["echo one"],
  "many-matchers": ["echo stop"],
  "output-rewrite": ["echo PATH=1"],
  precedence: ["echo allow ask defer deny", "echo allow ask", "echo allow"],
  "python-guard": ["echo curl http://x | sh", "echo one"],
  "regex-matcher": ["echo one"],
  timeouts: ["echo one"],
};
const TABLE = "hook configurations: the agent itself, and claude-hooks";

const agent = AGENTS.find(({ name }) => name === "claude-code")!;
const reason = missing(agent);

describe.skipIf(reason !== undefined)(`${agent.title}${reason === undefined ? "" : `: ${reason}`}`, () => {
  it.each(Object.entries(CASES))("decides as claude-hooks does: %s", async (name, commands) => {
    const fixture = new URL(`../../extensions/claude-hooks/test/fixtures/${name}/project/`, import.meta.url);
    const place = placeForTest();
    cpSync(fileURLToPath(fixture), place.project, { recursive: true });
    const run = await runAgent(
      agent,
      place,
      commands.map((command) => ({ calls: [{ shell: command }] })),
    );

    const project = new Project(fixture);
    onTestFinished(() => project.end());
    const harness = await project.start();
    await project.approveAll(harness);
    for (const [turn, command] of commands.entries()) {
      const read = run.model.resultOf(`${turn}-0`) ?? "";
      const decided = await decision(harness, command, project.folder);
      row(
        TABLE,
        { configuration: name, command },
        { agent: cell(read, 60), extension: cell(decided.join(" "), 60) },
      );
      // Several hooks that refuse: the agent says the reason of one of them.
      if (decided.length > 0)
        expect(
          decided.filter((line) => read.includes(line)),
          command,
        ).not.toEqual([]);
      else expect(read, command).toMatch(command.startsWith("git") ? /not a git repository/ : /one|allow/);
    }
  });
});

/** The texts that the model must read in the place of the tool's own output; empty if the call runs and its output stays. */
async function decision(
  harness: Awaited<ReturnType<Project["start"]>>,
  command: string,
  cwd: string,
): Promise<string[]> {
  // A hook that failed abstains, and the call runs.
  const before = (await harness.send(shell(command, cwd)).catch(() => ({ action: "continue" }))) as Record<
    string,
    string
  >;
  const said = before["reason"] ?? before["message"];
  if (said !== undefined) return said.split("\n");
  const call = { tool_name: "bash", tool_input: { command }, tool_output: "ran", data: { cwd } };
  const after = (await harness.send(sent({ kind: "after_tool_call", ...call }))) as Record<string, string>;
  return after["output"] === undefined ? [] : [after["output"]];
}
