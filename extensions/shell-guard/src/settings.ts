import { parsePatterns, type Pattern } from "./patterns.js";
import type { Place } from "./paths.js";

export type Mode = "enforce" | "ask" | "log";

/** The configuration as the handlers see it. */
export interface Settings extends Place {
  readonly mode: Mode;
  readonly offRules: ReadonlySet<string>;
  readonly allow: readonly Pattern[];
  readonly block: readonly Pattern[];
  readonly confirm: readonly Pattern[];
}

/** The configuration as it stands in the file: lists are separated by `;`, rule ids also by commas or spaces. */
export interface SettingTexts {
  readonly mode?: string | undefined;
  readonly allow?: string | undefined;
  readonly block?: string | undefined;
  readonly confirm?: string | undefined;
  readonly protected_paths?: string | undefined;
  readonly off_rules?: string | undefined;
  readonly project_root?: string | undefined;
}

const MODES: readonly string[] = ["enforce", "ask", "log"] satisfies Mode[];

/** Reads the configuration. Throws an Error with the key when a value does not exist. */
export function readSettings(from: SettingTexts, home: string | null): Settings {
  const mode = from.mode ?? "enforce";
  if (!MODES.includes(mode)) throw new Error(`config key 'mode' must be one of ${MODES.join(", ")}`);
  const project = from.project_root?.replace(/\/+$/, "") ?? "";
  return {
    mode: mode as Mode,
    offRules: new Set((from.off_rules ?? "").split(/[\s,;]+/).filter((id) => id !== "")),
    allow: parsePatterns(from.allow),
    block: parsePatterns(from.block),
    confirm: parsePatterns(from.confirm),
    protectedPaths: (from.protected_paths ?? "")
      .split(";")
      .map((path) => path.trim())
      .filter((path) => path !== ""),
    project: project.startsWith("/") ? project : null,
    home,
  };
}
