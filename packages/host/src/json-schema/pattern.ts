import { createContext, Script, type Context } from "node:vm";

/** Longest regular expression that is used. */
const MAX_PATTERN_LENGTH = 4_096;
/**
 * Time for one match, and for a second try, because a busy machine may cut the first try short. An honest match takes
 * microseconds; the engine ends a match that backtracks for ever.
 */
const MATCH_MS = [20, 100] as const;
/** Expressions given up, after which no other expression of the schema is used: each costs the host time. */
const MAX_GIVEN_UP = 2;

const script = new Script("pattern.test(text)");
let context: Context | undefined;

/**
 * The regular expressions of one schema. Extensions write them, and some expressions take years on some texts: the engine
 * keeps a time limit for each match, and an expression that reached the limit is not used again.
 */
export class Patterns {
  readonly #compiled = new Map<string, RegExp | undefined>();
  #givenUp = 0;

  /** Returns true for a match; undefined when the pattern is no regular expression, or a slow one. */
  test(pattern: string, text: string): boolean | undefined {
    const compiled = this.#compile(pattern);
    if (!compiled || this.#givenUp >= MAX_GIVEN_UP) return undefined;
    for (const ms of MATCH_MS) {
      const matched = matchWithin(compiled, text, ms);
      if (matched !== undefined) return matched;
    }
    this.#compiled.set(pattern, undefined);
    this.#givenUp += 1;
    return undefined;
  }

  #compile(pattern: string): RegExp | undefined {
    if (!this.#compiled.has(pattern)) this.#compiled.set(pattern, compile(pattern));
    return this.#compiled.get(pattern);
  }
}

function matchWithin(pattern: RegExp, text: string, timeout: number): boolean | undefined {
  context ??= createContext(Object.create(null) as object);
  Object.assign(context, { pattern, text });
  try {
    return script.runInContext(context, { timeout }) === true;
  } catch {
    return undefined;
  } finally {
    Object.assign(context, { pattern: undefined, text: undefined });
  }
}

function compile(pattern: string): RegExp | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) return undefined;
  try {
    return new RegExp(pattern, "u");
  } catch {
    // Many schemas escape more than the strict syntax allows.
    try {
      return new RegExp(pattern);
    } catch {
      return undefined;
    }
  }
}
