import { ExtensionError, type ConfigOf, type ConfigSpec, type JsonValue } from "@synaps/sdk";
import { CHECKS, type Check, type Rule } from "./checks/check.js";
import { COMMAND_RULES } from "./checks/command.js";
import { PATH_RULES } from "./checks/path.js";
import { PROMPT_RULES } from "./checks/prompt.js";
import { SQL_RULES } from "./checks/sql.js";
import { ownPatterns } from "./own-patterns.js";
import type { Size } from "./walk.js";

export const CONFIG = {
  mode: { type: "string", enum: ["monitor", "block", "sanitize"], default: "monitor" },
  checks: { type: "string", default: "sql command path prompt" },
  max_chars: { type: "number", default: 100_000 },
  max_depth: { type: "number", default: 64 },
  max_values: { type: "number", default: 10_000 },
  patterns: { type: "json", default: [] },
  except: { type: "json", default: [] },
} as const satisfies ConfigSpec;

export type Config = ConfigOf<typeof CONFIG>;

export interface Settings {
  readonly mode: "monitor" | "block" | "sanitize";
  readonly rules: readonly Rule[];
  readonly size: Size;
  /** Checks that are left out for texts of some tools and agents. */
  readonly except: readonly Exception[];
}

export interface Exception {
  readonly names: readonly string[];
  readonly at: readonly string[];
  readonly checks: ReadonlySet<Check>;
}

const BUILT_IN: readonly Rule[] = [...SQL_RULES, ...COMMAND_RULES, ...PATH_RULES, ...PROMPT_RULES];

/** The input of a shell is a command: its shapes say nothing there. A guard that parses commands is for these. */
const SHELLS: Exception = {
  names: ["bash", "Bash", "*:bash", "shell", "*:shell", "run_command", "execute_command", "terminal"],
  at: ["/tool_input/command", "/tool_input/cmd", "/tool_input/script"],
  checks: new Set<Check>(["command", "path", "sql"]),
};

const MOST_EXCEPTIONS = 100;

/** Checks every value. Throws an ExtensionError that names the key, and the entry where there are several. */
export function readSettings(config: Config): Settings {
  const checks = new Set<Check>(words(config.checks).map((word) => checkNamed(word, "config key 'checks'")));
  return {
    mode: config.mode,
    rules: [...BUILT_IN.filter(({ check }) => checks.has(check)), ...ownPatterns(config.patterns)],
    size: {
      chars: whole("max_chars", config.max_chars, 1, 1_000_000),
      depth: whole("max_depth", config.max_depth, 1, 512),
      values: whole("max_values", config.max_values, 1, 1_000_000),
    },
    except: [SHELLS, ...exceptions(config.except)],
  };
}

function exceptions(sent: JsonValue): Exception[] {
  if (!Array.isArray(sent) || sent.length > MOST_EXCEPTIONS)
    throw new ExtensionError(
      `config key 'except' must be a JSON list of at most ${MOST_EXCEPTIONS} entries as {"names": "write_file", "at": "/tool_input/content", "checks": "sql command"}`,
    );
  return sent.map((entry, index) => {
    const place = `config key 'except', entry ${index + 1}`;
    const isObject = typeof entry === "object" && entry !== null && !Array.isArray(entry);
    const { names, at = "*", checks, ...rest } = isObject ? entry : {};
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined)
      throw new ExtensionError(
        `${place}: unknown member '${unknown.slice(0, 40)}'; known are names, at, checks`,
      );
    if (
      typeof names !== "string" ||
      typeof at !== "string" ||
      typeof checks !== "string" ||
      words(names).length === 0
    )
      throw new ExtensionError(`${place}: 'names' and 'checks' must be texts, and 'at' one if it is there`);
    const found = words(checks).map((word) => checkNamed(word, place));
    return { names: words(names), at: words(at), checks: new Set(found) };
  });
}

function checkNamed(word: string, place: string): Check {
  const found = [...CHECKS, "pattern" as const].find((check) => check === word);
  if (found !== undefined) return found;
  throw new ExtensionError(
    `${place}: there is no check '${word.slice(0, 40)}'; there are ${CHECKS.join(", ")} and pattern`,
  );
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

function whole(key: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new ExtensionError(
    `config key '${key}' must be a whole number from ${least} to ${most}, not ${value}`,
  );
}
