/** Names of a tool are short; an expression is never tried on more. */
const MAX_NAME = 256;
const MAX_MATCHER = 2_000;

/** Returns the reason why a matcher can never fire, or undefined. */
export function matcherProblem(matcher: string): string | undefined {
  if (isEverything(matcher) || isList(matcher)) return undefined;
  if (matcher.length > MAX_MATCHER) return `it is longer than ${MAX_MATCHER} characters`;
  try {
    new RegExp(matcher);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The names that a matcher is compared with. */
export interface Names {
  /** Names of the agent whose format this is; an expression is tried on these. */
  readonly known: readonly string[];
  /** Names of other agents, which a list may hold. */
  readonly others: readonly string[];
}

/**
 * True if the matcher means one of the names: nothing or `*` means all; letters, digits, `_`, `-`, spaces, `,` and `|` alone
 * are a list of whole names; anything else is an expression that may match anywhere. With `isTrusted` false, no expression
 * is tried, and each counts as a match: text that nobody approved may not cost time.
 */
export function matches(matcher: string, names: Names, isTrusted: boolean): boolean {
  if (isEverything(matcher)) return true;
  if (isList(matcher)) {
    const wanted = matcher.split(/[|,]/).map((name) => name.trim());
    return [...names.known, ...names.others].some((name) => wanted.includes(name));
  }
  if (!isTrusted) return true;
  if (matcherProblem(matcher) !== undefined) return false;
  const expression = new RegExp(matcher);
  return names.known.some((name) => expression.test(name.slice(0, MAX_NAME)));
}

function isEverything(matcher: string): boolean {
  return matcher === "" || matcher === "*";
}

function isList(matcher: string): boolean {
  return /^[\w\- ,|]+$/.test(matcher);
}
