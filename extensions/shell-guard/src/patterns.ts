import type { Invocation } from "./model.js";

/** A command pattern of the configuration, word by word. */
export interface Pattern {
  readonly source: string;
  /** The parts of each word between its stars. */
  readonly words: readonly (readonly string[])[];
  /** Ended by `**`: any further words may follow. */
  readonly open: boolean;
  /** A star also stands for a path with `..`. Not in what is allowed: there it could lead anywhere. */
  readonly climbs: boolean;
}

/** Patterns of one key, and characters of one of them. Longer lists are a mistake. */
const MAX_PATTERNS = 200;
const MAX_LENGTH = 500;

/** Reads `git push origin *; terraform apply **`: `*` stands for anything within one word. Tells `wrong` of patterns left out. */
export function parsePatterns(
  text: string | undefined,
  wrong: (problem: string) => void,
  { allows = false } = {},
): Pattern[] {
  const sources = (text ?? "").split(";").map((source) => source.trim());
  const given = sources.filter((source) => source !== "");
  if (given.length > MAX_PATTERNS) wrong(`only the first ${MAX_PATTERNS} patterns count`);
  return given.slice(0, MAX_PATTERNS).flatMap((source) => {
    const problem = problemOf(source, allows);
    if (problem !== undefined) {
      wrong(`the pattern '${source.slice(0, 60)}' is left out: ${problem}`);
      return [];
    }
    const words = source.split(/\s+/);
    const open = words[words.length - 1] === "**";
    return {
      source,
      open,
      climbs: !allows,
      words: (open ? words.slice(0, -1) : words).map((word) => word.split(/\*+/)),
    };
  });
}

function problemOf(source: string, allows: boolean): string | undefined {
  if (source.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  const words = source.split(/\s+/);
  if (words.slice(0, -1).includes("**")) return "'**' may only stand at its end";
  if (/["'`]/.test(source)) return "quotes do not join words; write '*' for a word with spaces";
  return allows && words.every((word) => /^\*+$/.test(word)) ? "it would allow every command" : undefined;
}

/** The first pattern that the whole command fits, word by word. */
export function findPattern(patterns: readonly Pattern[], invocation: Invocation): Pattern | undefined {
  if (patterns.length === 0) return undefined;
  const words = [invocation.name, ...invocation.args.map((arg) => arg.text)];
  return patterns.find((pattern) => {
    const count = pattern.words.length;
    if (pattern.open ? words.length < count : words.length !== count) return false;
    return pattern.words.every((parts, index) => fits(parts, words[index] ?? "", pattern.climbs));
  });
}

/** True if the parts stand in the word in their order, the first at its beginning and the last at its end. In linear time. */
export function fits(parts: readonly string[], word: string, climbs = true): boolean {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return word === first;
  if (!climbs && /(?:^|\/)\.\.(?:\/|$)/.test(word)) return false;
  if (!word.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = word.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return word.length - last.length >= at && word.endsWith(last);
}
