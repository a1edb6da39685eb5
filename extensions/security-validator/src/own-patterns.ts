import { ExtensionError, type JsonValue } from "@synaps/sdk";
import { RE2JS } from "re2js";
import { REMOVED, type Rule } from "./checks/check.js";

const MOST_PATTERNS = 50;
const LONGEST_PATTERN = 1_000;
/** Instructions of one pattern: what a look at one character can cost. */
const MOST_STEPS = 1_000;

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/**
 * The user's own patterns. They run in an engine whose time grows with the text alone, whatever the pattern. Throws an
 * ExtensionError that names the entry, so that a pattern never goes missing silently.
 */
export function ownPatterns(sent: JsonValue): Rule[] {
  if (!Array.isArray(sent) || sent.length > MOST_PATTERNS)
    throw new ExtensionError(`config key 'patterns' must be a JSON list of at most ${MOST_PATTERNS} entries`);
  const ids = new Set<string>();
  return sent.map((entry, index) => {
    const rule = readEntry(entry, `config key 'patterns', entry ${index + 1}`);
    if (ids.has(rule.id))
      throw new ExtensionError(`config key 'patterns', entry ${index + 1}: the id '${rule.id}' is in use`);
    ids.add(rule.id);
    return rule;
  });
}

function readEntry(entry: JsonValue, place: string): Rule {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry))
    throw new ExtensionError(`${place}: must be an object with 'id' and 'pattern'`);
  const { id, pattern, flags = "", instead = REMOVED, ...rest } = entry;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new ExtensionError(
      `${place}: unknown member '${unknown.slice(0, 40)}'; known are id, pattern, flags, instead`,
    );
  if (typeof id !== "string" || !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
    throw new ExtensionError(`${place}: 'id' must be lower-case letters, digits and dashes`);
  if (typeof pattern !== "string" || pattern === "" || pattern.length > LONGEST_PATTERN)
    throw new ExtensionError(
      `${place} ('${id}'): 'pattern' must be a text of 1 to ${LONGEST_PATTERN} characters`,
    );
  if (typeof flags !== "string" || !/^[ims]{0,3}$/.test(flags))
    throw new ExtensionError(`${place} ('${id}'): 'flags' may hold i, m and s`);
  if (typeof instead !== "string" || instead.length > 100)
    throw new ExtensionError(`${place} ('${id}'): 'instead' must be a text of at most 100 characters`);
  const compiled = compile(pattern, flags, `${place} ('${id}')`);
  return {
    check: "pattern",
    id,
    instead,
    stepsPerChar: compiled.programSize(),
    find(text, from) {
      const matcher = compiled.matcher(text);
      return matcher.find(from) ? { start: matcher.start(), end: matcher.end() } : undefined;
    },
  };
}

function compile(pattern: string, flags: string, place: string): RE2JS {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(
      pattern,
      [...flags].reduce((all, flag) => all | (FLAGS[flag] ?? 0), 0),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // RE2 has no back references and no look-around: neither can be matched in linear time.
    throw new ExtensionError(`${place}: ${reason.slice(0, 200)}`, { cause: error });
  }
  const steps = compiled.programSize();
  if (steps > MOST_STEPS)
    throw new ExtensionError(
      `${place}: the pattern is too large (${steps} steps of ${MOST_STEPS}): write smaller repetitions`,
    );
  if (compiled.test("")) throw new ExtensionError(`${place}: the pattern matches the empty text`);
  return compiled;
}
