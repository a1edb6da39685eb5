import { parsePatterns, type Pattern } from "./patterns.js";
import type { Place } from "./paths.js";
import { RULES } from "./rules/index.js";
import { parseTools, type ToolPattern } from "./tools.js";

const MODES = ["enforce", "ask", "log"] as const;

export type Mode = (typeof MODES)[number];

/** The configuration as the handlers see it. */
export interface Settings extends Place {
  readonly mode: Mode;
  readonly offRules: ReadonlySet<string>;
  readonly allow: readonly Pattern[];
  readonly block: readonly Pattern[];
  readonly confirm: readonly Pattern[];
  /** Further tools whose input is a command. */
  readonly tools: readonly ToolPattern[];
  /** An agent asks that can type into a running program without a check. */
  readonly typesUnseen?: boolean;
  /** Mistakes in the configuration, each with its key. The default counts in their place. */
  readonly problems: readonly string[];
}

/** The configuration as it stands in the file: lists are separated by `;`, rule ids also by commas or spaces. */
export interface SettingTexts {
  readonly mode?: string | undefined;
  readonly allow?: string | undefined;
  readonly block?: string | undefined;
  readonly confirm?: string | undefined;
  readonly protected_paths?: string | undefined;
  readonly off_rules?: string | undefined;
  readonly tools?: string | undefined;
  readonly project_root?: string | undefined;
}

/** Rules of the configuration itself: they have no row in the table of rules. */
const OF_PATTERNS = ["custom-block", "custom-confirm"];

/** Reads the configuration. Never throws: a mistake leaves the default of its key, or of one entry, and is in `problems`. */
export function readSettings(from: SettingTexts, home: string | null): Settings {
  const problems: string[] = [];
  const wrong = (key: string) => (problem: string) => {
    problems.push(`'${key}': ${problem}`);
  };
  const project = from.project_root?.replace(/\/+$/, "") ?? "";
  return {
    mode: modeOf(from.mode, wrong("mode")),
    offRules: rulesOf(from.off_rules, wrong("off_rules")),
    allow: parsePatterns(from.allow, wrong("allow"), { allows: true }),
    block: parsePatterns(from.block, wrong("block")),
    confirm: parsePatterns(from.confirm, wrong("confirm")),
    tools: parseTools(from.tools, wrong("tools")),
    protectedPaths: (from.protected_paths ?? "")
      .split(";")
      .map((path) => path.trim())
      .filter((path) => path !== ""),
    project: project.startsWith("/") ? project : null,
    home,
    problems,
  };
}

function modeOf(text: string | undefined, wrong: (problem: string) => void): Mode {
  const given = (text ?? "").trim();
  const mode = MODES.find((one) => one === given);
  if (mode === undefined && given !== "")
    wrong(`there is no mode '${given.slice(0, 40)}', only ${MODES.join(", ")}; 'enforce' counts`);
  return mode ?? "enforce";
}

function rulesOf(text: string | undefined, wrong: (problem: string) => void): Set<string> {
  const given = (text ?? "").split(/[\s,;]+/).filter((id) => id !== "");
  const known = new Set([...RULES.map(({ id }) => id), ...OF_PATTERNS]);
  for (const id of given)
    if (!known.has(id)) wrong(`there is no rule '${id.slice(0, 40)}'; it switches nothing off`);
  return new Set(given.filter((id) => known.has(id)));
}
