import type { JsonValue } from "@synaps/sdk";
import type { Rule } from "@synaps/guards/secrets";
import { MOST_STEPS_IN_ALL, ownPattern } from "./own-patterns.js";

const MOST_RULES = 50;

/**
 * Reads the user's own rules. An entry that cannot be used is left out and named by `report`, so that the others and the
 * built-in rules still guard.
 */
export function readExtraRules(
  sent: JsonValue,
  taken: ReadonlySet<string>,
  report: (problem: string) => void,
): Rule[] {
  if (!Array.isArray(sent)) {
    report("config key 'extra_patterns' must be a JSON list; no own rule counts");
    return [];
  }
  const ids = new Set(taken);
  const rules: Rule[] = [];
  let left = MOST_STEPS_IN_ALL;
  sent.forEach((entry, index) => {
    const place = `config key 'extra_patterns', entry ${index + 1}`;
    try {
      if (index >= MOST_RULES) throw new Error(`at most ${MOST_RULES} rules count`);
      const { rule, steps } = readEntry(entry);
      if (ids.has(rule.id)) throw new Error(`the id '${rule.id}' is already in use`);
      if (steps > left) throw new Error(`all patterns together are too large (${MOST_STEPS_IN_ALL} steps)`);
      left -= steps;
      ids.add(rule.id);
      rules.push(rule);
    } catch (error) {
      report(`${place}: ${messageOf(error)}; this rule does not count`);
    }
  });
  return rules;
}

function readEntry(entry: JsonValue): { rule: Rule; steps: number } {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry))
    throw new Error("must be an object with 'id' and 'pattern'");
  const { id, pattern, flags = "", ...rest } = entry;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new Error(`unknown member '${unknown.slice(0, 40)}'; known are id, pattern and flags`);
  if (typeof id !== "string" || !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
    throw new Error("'id' must be lower-case letters, digits and dashes");
  if (typeof pattern !== "string") throw new Error(`('${id}') 'pattern' must be a string`);
  if (typeof flags !== "string") throw new Error(`('${id}') 'flags' may hold i, m and s`);
  const compiled = ownPattern(pattern, flags);
  // It would put a mark between all characters.
  if (compiled.find("").length > 0 || compiled.test(""))
    throw new Error(`('${id}') the pattern matches the empty string`);
  const rule: Rule = {
    id,
    description: "Pattern of your configuration",
    keywords: [],
    scan: compiled.find,
    source: "Configuration",
  };
  return { rule, steps: compiled.steps };
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
