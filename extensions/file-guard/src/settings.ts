import type { ToolKind } from "./model.js";
import { parseGlobs, type PathGlob } from "./path-globs.js";
import { ruleById, RULES } from "./rules.js";
import type { OwnTool } from "./tools.js";

export type Mode = "enforce" | "ask" | "log";

/** The configuration as the handlers see it. */
export interface Settings {
  readonly mode: Mode;
  readonly allow: readonly PathGlob[];
  readonly block: readonly PathGlob[];
  readonly ask: readonly PathGlob[];
  readonly offRules: ReadonlySet<string>;
  readonly tools: readonly OwnTool[];
  readonly project: string | null;
  /** What is wrong in the configuration, for its owner. What is wrong is left out, so that it makes nothing less strict. */
  readonly problems: readonly string[];
}

/** The configuration as it stands in the file. */
export interface SettingTexts {
  readonly mode?: string | undefined;
  readonly allow?: string | undefined;
  readonly block?: string | undefined;
  readonly ask?: string | undefined;
  readonly off_rules?: string | undefined;
  readonly tools?: string | undefined;
  readonly project_root?: string | undefined;
}

const MODES: readonly string[] = ["enforce", "ask", "log"] satisfies Mode[];
const KINDS: readonly string[] = [
  "read",
  "list",
  "search",
  "write",
  "delete",
  "move",
  "copy",
  "edit",
  "patch",
] satisfies ToolKind[];

/** Reads the configuration. Never throws: a mistake is named in `problems`, and the default counts in its place. */
export function readSettings(from: SettingTexts): Settings {
  const problems: string[] = [];
  const project = from.project_root?.replace(/(?<=.)\/+$/, "") ?? "";
  return {
    mode: readMode(from.mode, problems),
    allow: parseGlobs("allow", from.allow, problems),
    block: parseGlobs("block", from.block, problems),
    ask: parseGlobs("ask", from.ask, problems),
    offRules: readOff(from.off_rules, problems),
    tools: readTools(from.tools, problems),
    project: project.startsWith("/") ? project : null,
    problems,
  };
}

function readMode(text: string | undefined, problems: string[]): Mode {
  const mode = text ?? "enforce";
  if (MODES.includes(mode)) return mode as Mode;
  problems.push(`config key 'mode': ${shown(mode)} is none of ${MODES.join(", ")}; 'enforce' counts`);
  return "enforce";
}

function readOff(text: string | undefined, problems: string[]): Set<string> {
  const ids = (text ?? "").split(/[\s,;]+/).filter((id) => id !== "");
  for (const id of ids.filter((one) => ruleById(one) === undefined))
    problems.push(
      `config key 'off_rules': there is no rule ${shown(id)}; there are ${RULES.map((rule) => rule.id).join(", ")}`,
    );
  return new Set(ids);
}

function readTools(text: string | undefined, problems: string[]): OwnTool[] {
  const tools: OwnTool[] = [];
  for (const entry of (text ?? "").split(";").map((part) => part.trim())) {
    if (entry === "") continue;
    const [, glob = "", kind = ""] = /^(.*\S)\s*=\s*(\w+)$/s.exec(entry.slice(0, 1_000)) ?? [];
    if (kind === "none" || KINDS.includes(kind))
      tools.push({ glob: glob.toLowerCase(), kind: kind === "none" ? undefined : (kind as ToolKind) });
    else
      problems.push(
        `config key 'tools': ${shown(entry)} is not of the form NAME=KIND, with one of ${KINDS.join(", ")}, none`,
      );
  }
  return tools;
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 60));
