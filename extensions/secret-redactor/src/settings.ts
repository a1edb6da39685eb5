import type { ConfigOf, ConfigSpec, JsonValue } from "@synaps/sdk";
import { RULES, type Rule } from "@synaps/guards/secrets";
import { readExtraRules } from "./extra-rules.js";
import { ownPattern, type OwnPattern } from "./own-patterns.js";

/** All texts: a value that does not fit its type would keep the extension from starting, and output would pass. */
export const CONFIG = {
  off_rules: { type: "string", default: "" },
  extra_patterns: { type: "string", default: "[]" },
  allow: { type: "string", default: "[]" },
  truncated: { type: "string", default: "withhold" },
  entropy: { type: "string", default: "2.8" },
  warn_messages: { type: "string", default: "true" },
  ask_about_marks: { type: "string", default: "true" },
} as const satisfies ConfigSpec;

/** The configuration of a user who has set nothing. */
export const DEFAULTS = Object.fromEntries(
  Object.entries(CONFIG).map(([key, field]) => [key, field.default]),
) as ConfigOf<typeof CONFIG>;

export interface Settings {
  readonly rules: readonly Rule[];
  readonly isAllowed: (value: string) => boolean;
  readonly truncated: "withhold" | "pass";
  readonly entropy: number;
  readonly warnMessages: boolean;
  readonly askAboutMarks: boolean;
  /** Mistakes in the configuration, a sentence each. Where one stands, the default counts, which is never less strict. */
  readonly problems: readonly string[];
}

/** Longer values are never allowed: looking at them would cost more than they are worth. */
const LONGEST_ALLOWED = 4_096;
const MOST_ALLOWED = 500;

/** Turns the configuration into settings. Never throws: each mistake is named in `problems`. */
export function readSettings(config: ConfigOf<typeof CONFIG>): Settings {
  const problems: string[] = [];
  const report = (problem: string) => void problems.push(problem);
  const extra = readExtraRules(
    readJson("extra_patterns", config.extra_patterns, report),
    new Set(RULES.map((rule) => rule.id)),
    report,
  );
  return {
    rules: withoutOff([...RULES, ...extra], config.off_rules, report),
    isAllowed: readAllow(readJson("allow", config.allow, report), report),
    truncated: readTruncated(config.truncated, report),
    entropy: readEntropy(config.entropy, report),
    warnMessages: readSwitch("warn_messages", config.warn_messages, report),
    askAboutMarks: readSwitch("ask_about_marks", config.ask_about_marks, report),
    problems,
  };
}

type Report = (problem: string) => void;

function readJson(key: string, text: string, report: Report): JsonValue {
  try {
    return text.trim() === "" ? [] : (JSON.parse(text) as JsonValue);
  } catch {
    report(`config key '${key}' must hold JSON; nothing of it counts`);
    return [];
  }
}

function readTruncated(value: string, report: Report): "withhold" | "pass" {
  if (value === "pass" || value === "withhold") return value;
  report(
    `config key 'truncated' must be 'withhold' or 'pass', not '${value.slice(0, 40)}'; 'withhold' counts`,
  );
  return "withhold";
}

function readEntropy(value: string, report: Report): number {
  const number = value.trim() === "" ? NaN : Number(value);
  if (number >= 0 && number <= 6) return number;
  report(`config key 'entropy' must be a number between 0 and 6; ${CONFIG.entropy.default} counts`);
  return Number(CONFIG.entropy.default);
}

function readSwitch(key: string, value: string, report: Report): boolean {
  const word = value.trim().toLowerCase();
  if (["1", "true", "yes", "on"].includes(word)) return true;
  if (["0", "false", "no", "off"].includes(word)) return false;
  report(`config key '${key}' must be true or false; true counts`);
  return true;
}

function withoutOff(rules: readonly Rule[], list: string, report: Report): Rule[] {
  const off = new Set(list.split(/[\s,]+/).filter((id) => id !== ""));
  for (const id of off) {
    // A typing error here would leave the user believing that a rule is off.
    if (!rules.some((rule) => rule.id === id))
      report(`config key 'off_rules': there is no rule '${id.slice(0, 64)}'; no rule is off for it`);
  }
  return rules.filter((rule) => !off.has(rule.id));
}

function readAllow(sent: JsonValue, report: Report): (value: string) => boolean {
  if (!Array.isArray(sent)) {
    report("config key 'allow' must be a JSON list of strings; nothing is allowed by it");
    return () => false;
  }
  const literals = new Set<string>();
  const patterns: OwnPattern[] = [];
  sent.forEach((entry, index) => {
    try {
      if (index >= MOST_ALLOWED) throw new Error(`at most ${MOST_ALLOWED} entries count`);
      if (typeof entry !== "string" || entry === "") throw new Error("must be a non-empty string");
      const [, source, flags = ""] = /^\/(.+)\/([a-z]*)$/s.exec(entry) ?? [];
      if (source === undefined) literals.add(entry);
      else patterns.push(allowPattern(source, flags));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      report(`config key 'allow', entry ${index + 1}: ${reason.slice(0, 200)}; this entry does not count`);
    }
  });
  return (value) =>
    literals.has(value) ||
    (value.length <= LONGEST_ALLOWED && patterns.some((pattern) => pattern.test(value)));
}

function allowPattern(source: string, flags: string): OwnPattern {
  const pattern = ownPattern(source, flags);
  // It would allow every secret.
  if (pattern.test("")) throw new Error("the pattern matches the empty string, and so every value");
  return pattern;
}
