import type { JsonValue } from "@synaps/sdk";
import type { Rule } from "@synaps/guards/secrets";

/** Reads the user's own rules. Throws an Error that names the entry, so that a rule never goes missing silently. */
export function readExtraRules(sent: JsonValue, taken: ReadonlySet<string>): Rule[] {
  if (!Array.isArray(sent)) throw new Error("config key 'extra_patterns' must be a JSON list");
  const ids = new Set(taken);
  return sent.map((entry, index) => {
    const rule = readEntry(entry, index + 1);
    if (ids.has(rule.id)) throw new Error(`${placeOf(index + 1)}: the id '${rule.id}' is already in use`);
    ids.add(rule.id);
    return rule;
  });
}

function readEntry(entry: JsonValue, number: number): Rule {
  const place = placeOf(number);
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    throw new Error(`${place}: must be an object with 'id' and 'pattern'`);
  }
  const { id, pattern, flags = "" } = entry;
  if (typeof id !== "string" || !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) {
    throw new Error(`${place}: 'id' must be lower-case letters, digits and dashes`);
  }
  if (typeof pattern !== "string" || pattern === "")
    throw new Error(`${place} ('${id}'): 'pattern' must be a string`);
  if (typeof flags !== "string" || !/^[gdimsu]*$/.test(flags)) {
    throw new Error(`${place} ('${id}'): 'flags' may hold i, m, s and u`);
  }
  const compiled = compile(pattern, flags, `${place} ('${id}')`);
  // It would put a tag between all characters.
  if (compiled.test("")) throw new Error(`${place} ('${id}'): the pattern matches the empty string`);
  return {
    id,
    description: "Pattern of your configuration",
    keywords: [],
    pattern: compiled,
    entropy: 0,
    check: () => true,
    source: "Configuration",
  };
}

function compile(pattern: string, flags: string, place: string): RegExp {
  try {
    return new RegExp(pattern, [...new Set([...flags, "d", "g"])].join(""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${place}: ${reason}`, { cause: error });
  }
}

function placeOf(number: number): string {
  return `config key 'extra_patterns', entry ${number}`;
}
