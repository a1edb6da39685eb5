import type { ConfigOf, ConfigSpec, JsonValue } from "@synaps/sdk";
import { readExtraRules } from "./extra-rules.js";
import { RULES, type Rule } from "@synaps/guards/secrets";

export const CONFIG = {
  off_rules: { type: "string", default: "" },
  extra_patterns: { type: "json", default: [] },
  allow: { type: "json", default: [] },
  truncated: { type: "string", default: "withhold" },
  entropy: { type: "number", default: 2.8 },
  warn_messages: { type: "boolean", default: true },
} as const satisfies ConfigSpec;

export interface Settings {
  readonly rules: readonly Rule[];
  readonly isAllowed: (value: string) => boolean;
  readonly truncated: "withhold" | "pass";
  readonly entropy: number;
  readonly warnMessages: boolean;
}

/** Turns the configuration into settings. Throws an Error that names the key, and the entry where there are several. */
export function readSettings(config: ConfigOf<typeof CONFIG>): Settings {
  const { truncated, entropy } = config;
  if (truncated !== "withhold" && truncated !== "pass") {
    throw new Error(`config key 'truncated' must be 'withhold' or 'pass', not '${truncated}'`);
  }
  if (!(entropy >= 0 && entropy <= 6)) throw new Error("config key 'entropy' must be between 0 and 6");
  const extra = readExtraRules(config.extra_patterns, new Set(RULES.map((rule) => rule.id)));
  return {
    rules: withoutOff([...RULES, ...extra], config.off_rules),
    isAllowed: readAllow(config.allow),
    truncated,
    entropy,
    warnMessages: config.warn_messages,
  };
}

function withoutOff(rules: readonly Rule[], list: string): Rule[] {
  const off = new Set(list.split(/[\s,]+/).filter((id) => id !== ""));
  for (const id of off) {
    // A typing error here would leave the user believing that a rule is off, or that another one still guards.
    if (!rules.some((rule) => rule.id === id))
      throw new Error(`config key 'off_rules': there is no rule '${id}'`);
  }
  return rules.filter((rule) => !off.has(rule.id));
}

function readAllow(sent: JsonValue): (value: string) => boolean {
  if (!Array.isArray(sent)) throw new Error("config key 'allow' must be a JSON list of strings");
  const literals = new Set<string>();
  const patterns: RegExp[] = [];
  sent.forEach((entry, index) => {
    if (typeof entry !== "string" || entry === "") {
      throw new Error(`config key 'allow', entry ${index + 1}: must be a non-empty string`);
    }
    const [, source, flags = ""] = /^\/(.+)\/([a-z]*)$/s.exec(entry) ?? [];
    if (source === undefined) literals.add(entry);
    else patterns.push(compileAllow(source, flags, index));
  });
  return (value) => literals.has(value) || patterns.some((pattern) => pattern.test(value));
}

function compileAllow(source: string, flags: string, index: number): RegExp {
  try {
    // 'g' and 'y' make a test depend on the one before it.
    return new RegExp(source, flags.replace(/[gy]/g, ""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`config key 'allow', entry ${index + 1}: ${reason}`, { cause: error });
  }
}
