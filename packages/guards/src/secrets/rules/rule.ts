/** A place in the text that a rule's pattern matched, before it is known to be a secret. */
export interface Candidate {
  /** What would be replaced. */
  readonly value: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly match: RegExpExecArray;
  /** Bits per character that the user asks of assigned values. */
  readonly entropy: number;
}

/** A part of a text, half-open. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Rule = PatternRule | ScanRule;

interface RuleHead {
  /** Part of the replacement text, so kebab-case and stable. */
  readonly id: string;
  readonly description: string;
  /**
   * Lower-cased words of which one must occur in the lower-cased text before the pattern is tried.
   * An empty list means: always try.
   */
  readonly keywords: readonly string[];
  /** The public document that states the format. */
  readonly source: string;
}

/** A rule that reads a text as no pattern can: tables, objects, patterns of the user in an engine of their own. */
export interface ScanRule extends RuleHead {
  readonly scan: (text: string, entropy: number) => readonly Span[];
}

export interface PatternRule extends RuleHead {
  /**
   * Global. With capture groups (and then the flag `d`) the first group that took part is the secret; the groups
   * `name` and `tail` are for the check and never the secret.
   */
  readonly pattern: RegExp;
  /** Least Shannon entropy of the secret in bits per character. Default 2.5, which drops `xxxx…` and `0000…`. */
  readonly entropy?: number;
  /** Last word on whether the candidate is a secret. */
  readonly check?: (candidate: Candidate) => boolean;
  /** End of a secret whose extent no linear pattern can say; -1 when there is none after all. */
  readonly end?: (text: string, afterMatch: number) => number;
}

/**
 * Characters that may stand before a token: no part of a word, but an escaped line break of a JSON string, a percent-encoded
 * character or a terminal colour, all of which end in a letter.
 */
// oxlint-disable-next-line no-control-regex
const BEFORE = /(?:^|[^A-Za-z0-9]|\\[nrt]|%[0-9A-Fa-f]{2}|\x1b\[[0-9;]{0,12}m)/.source;

/** A pattern that may begin only where a token may. */
export function token(body: RegExp): RegExp {
  const flags = new Set([...body.flags, "g"]);
  return new RegExp(`(?<=${BEFORE})${body.source}`, [...flags].join(""));
}

/** The same for a token with a literal beginning, which is looked for first: that is several times faster. */
export function tokenAfter(beginning: string, rest: string, isShort = false): RegExp {
  // A short beginning also stands in the middle of base64 of the alphabet for URLs, after a dash or an underscore.
  // A beginning with such a sign cannot stand in the other alphabet, so that a slash before it parts a path.
  const signs = /^[^|]*[_-](?:\|[^|]*[_-])*$/.test(beginning) ? "_-" : "_+/-";
  const before = isShort ? `(?:${BEFORE})(?<![A-Za-z0-9+/][${signs}])` : BEFORE;
  return new RegExp(`(?:${beginning})(?<=${before}(?:${beginning}))${rest}`, "g");
}
