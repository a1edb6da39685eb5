import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { FIXTURES, repo } from "../../helpers/paths.js";
import { HABITS, type Habit } from "./habits.js";

const INTRO = `# Bad habits

What a program that embeds the host sees of an extension that misbehaves. Each row is one extension of
\`test/fixtures/extensions\`, run as a real process beside a good one, whose verdict is the same in every row. This page is
written from the table of that test (\`test/e2e/faults\`), which fails when the host does anything else.

- **votes**: what it contributes to each event, one after the other. An abstention lets the event pass, or blocks it where
  the subscription fails closed. Deadlines are shortened for the test.
- **afterwards**: its health in \`host.snapshot()\` and \`synaps-ext status\`.
- **what is said**: the reason in the status, the detail of the vote, or the line of the log; then what to do.
  Whatever restarted was also logged as \`extension crashed\` with its reason and advice.
`;

/** The page as it should stand in \`docs\`. */
export async function habitsPage(): Promise<string> {
  const head =
    "| habit | what it does | votes | afterwards | what is said |\n| --- | --- | --- | --- | --- |\n";
  const text = `${INTRO}\n${head}${HABITS.map(row).join("\n")}\n`;
  const config = await resolveConfig(repo("docs/habits.md"));
  return format(text, { ...config, parser: "markdown" });
}

function row(habit: Habit): string {
  const name = [habit.habit, ...(habit.args ?? [])].filter((part) => part !== "memory").join(" ");
  const after = habit.restarted ? `${habit.state}, restarted` : habit.state;
  const cells = [`\`${name}\``, description(habit), shortVotes(habit.votes), after, said(habit)];
  return `| ${cells.join(" | ")} |`;
}

function description({ habit }: Habit): string {
  const manifest = readFileSync(join(FIXTURES, habit, ".synaps-plugin", "plugin.json"), "utf8");
  return (JSON.parse(manifest) as { description: string }).description;
}

/** Equal votes in a row as one, with their number. */
function shortVotes(votes: readonly string[]): string {
  const runs: [string, number][] = [];
  for (const vote of votes) {
    const last = runs.at(-1);
    const text = vote.replace("abstained ", "");
    if (last?.[0] === text) last[1] += 1;
    else runs.push([text, 1]);
  }
  return runs.map(([text, times]) => (times > 1 ? `${times} × \`${text}\`` : `\`${text}\``)).join(", then ");
}

function said({ reason = [], detail, log, hint }: Habit): string {
  const parts = [...reason, ...(detail === undefined ? [] : [detail])];
  const line = log?.source.replace(/^\^/, "").replaceAll(".*", " … ").replaceAll("\\", "");
  if (parts.length === 0 && line !== undefined) parts.push(line);
  if (hint !== undefined) parts.push(`*${hint} …*`);
  return parts.join("; ").replaceAll("|", "\\|");
}
