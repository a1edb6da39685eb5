import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { repo } from "../../helpers/paths.js";
import type { Golden } from "./golden.js";
import { ADDED, MISTAKES, type Mistake } from "./mistakes.js";

const INTRO = `# Mistakes and what they look like

What an author sees of the commonest mistakes, why it is said, and what to do. Each row is one broken extension of
\`test/fixtures/authors\`; the words are those that its test compares. \`synaps-ext validate --start\` shows them before
anybody else does:

\`\`\`text
synaps-ext validate my-extension --start
\`\`\`

It starts the extension, shakes hands with it and stops it. It sends no event: a mistake in a handler shows in
\`synaps-ext run\`. A program that embeds the host gets the same words: in \`diagnostics\` of \`host.snapshot()\` and in its
logger, with the fields \`hint\` and \`evidence\`.
`;

/** The page as it should stand in \`docs\`. */
export async function mistakesPage(): Promise<string> {
  const kinds = [...new Set([...MISTAKES, ...ADDED].map(({ kind }) => kind))];
  const parts = kinds.map((kind) =>
    section(
      kind,
      [...MISTAKES, ...ADDED].filter((one) => one.kind === kind),
    ),
  );
  const config = await resolveConfig(repo("docs/mistakes.md"));
  return format(`${INTRO}\n${parts.join("\n")}`, { ...config, parser: "markdown" });
}

function section(kind: string, mistakes: readonly Mistake[]): string {
  const head = "| extension | what is said | what shows it | what to do |\n| --- | --- | --- | --- |";
  return `## ${kind.charAt(0).toUpperCase()}${kind.slice(1)}\n\n${head}\n${mistakes.map(row).join("\n")}\n`;
}

function row({ id, evidence }: Mistake): string {
  const golden = JSON.parse(readFileSync(repo(`test/e2e/authors/golden/${id}.json`), "utf8")) as Golden;
  const shows = golden.author.find(({ why, evidence: found }) => `${why} ${found}`.includes(evidence));
  const note = shows ?? golden.author[0];
  const said = `${note?.what.replace(`Extension '${id}' `, "") ?? ""}: ${note?.why ?? ""}`;
  return `| ${[`\`${id}\``, cell(said), `\`${cell(evidence)}\``, cell(note?.do ?? "")].join(" | ")} |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
