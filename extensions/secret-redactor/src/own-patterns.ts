import { RE2JS } from "re2js";

const LONGEST_PATTERN = 1_000;
/** Instructions of one pattern, and of all patterns of a configuration: what a look at one character can cost. */
const MOST_STEPS = 300;
export const MOST_STEPS_IN_ALL = 600;
/** Matches of one pattern in one text. */
const MOST_MATCHES = 10_000;

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** A pattern of the user in an engine whose time grows with the text alone, whatever the pattern. */
export interface OwnPattern {
  /** Instructions, at most 300. */
  readonly steps: number;
  /** Whether the pattern occurs anywhere in the text. */
  test(text: string): boolean;
  /** The first group that took part in each match, or the whole match without groups. */
  find(text: string): { start: number; end: number }[];
}

/**
 * Compiles a pattern of the user. Throws an Error that says what to change: back references and look-around cannot be
 * matched in linear time. `g`, `d`, `u`, `v` and `y` say nothing here and are passed over.
 */
export function ownPattern(source: string, flags: string): OwnPattern {
  if (source === "" || source.length > LONGEST_PATTERN)
    throw new Error(`a pattern has 1 to ${LONGEST_PATTERN} characters`);
  if (!/^[dgimsuvy]*$/.test(flags)) throw new Error("'flags' may hold i, m and s");
  const bits = [...flags].reduce((all, flag) => all | (FLAGS[flag] ?? 0), 0);
  const compiled = RE2JS.compile(source, bits);
  const steps = compiled.programSize();
  if (steps > MOST_STEPS)
    throw new Error(`the pattern is too large (${steps} steps of ${MOST_STEPS}): write smaller repetitions`);
  return {
    steps,
    test: (text) => compiled.test(text),
    find: (text) => findAll(compiled, text),
  };
}

function findAll(compiled: RE2JS, text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const matcher = compiled.matcher(text);
  while (found.length < MOST_MATCHES && matcher.find()) {
    const groups = matcher.groupCount();
    let group = groups === 0 ? 0 : 1;
    while (group < groups && matcher.start(group) === -1) group += 1;
    const [start, end] = [matcher.start(group), matcher.end(group)];
    if (start !== -1 && end > start) found.push({ start, end });
  }
  return found;
}
