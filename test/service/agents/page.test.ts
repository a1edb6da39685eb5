import { readFileSync } from "node:fs";
import type { DialectName } from "@synaps/service/agents";
import { expect, it } from "vitest";
import { repo } from "../../helpers/paths.js";
import { answerTo, DECISIONS, dialect, sample } from "./support.js";

const AGENTS: readonly DialectName[] = ["claude-code", "codex", "gemini", "cursor", "copilot", "pi"];

/** Rows of the table: what is decided, and the event at which it is. */
const ROWS = {
  "block a call": ["before_tool_call", "block"],
  "confirm a call": ["before_tool_call", "confirm"],
  "modify its input": ["before_tool_call", "modify"],
  "inject before it": ["before_tool_call", "inject"],
  "skip, redirect, fork it": ["before_tool_call", "skip"],
  "replace it by an output": ["before_tool_call", "replace"],
  "replace its output": ["after_tool_call", "replace"],
  "inject after it": ["after_tool_call", "inject"],
  "block a prompt": ["before_message", "block"],
  "inject with a prompt": ["before_message", "inject"],
  "modify a prompt": ["before_message", "modify"],
  "inject at the start": ["on_session_start", "inject"],
} as const;

/** The word for what the agent is told: "yes", or what it is told in place of what was decided. */
function given(agent: DialectName, [kind, action]: (typeof ROWS)[keyof typeof ROWS]): string {
  const event = dialect(agent).events.find((one) => one.kind === kind && one.wired);
  const decision = DECISIONS[action];
  if (event === undefined || decision === undefined) return "no event";
  const [downgrade] = answerTo(sample(agent, event.name), decision).downgraded;
  return downgrade === undefined ? "yes" : downgrade.given;
}

it("docs/agents.md says of each agent what its dialect can be told", () => {
  const [, table = ""] =
    /<!-- dialects -->\n([\s\S]*?)<!-- end of dialects -->/.exec(
      readFileSync(repo("docs/agents.md"), "utf8"),
    ) ?? [];
  const shown = table
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        // A mark behind a word leads to a remark below the table.
        .map((cell) => cell.trim().replace(/[¹²³⁴]+$/, "")),
    );
  expect(shown).toEqual(
    Object.entries(ROWS).map(([title, row]) => [title, ...AGENTS.map((agent) => given(agent, row))]),
  );
});
