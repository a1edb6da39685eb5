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

export interface Rule {
  /** Part of the replacement text, so kebab-case and stable. */
  readonly id: string;
  readonly description: string;
  /**
   * Lower-cased words of which one must occur in the lower-cased text before the pattern is tried.
   * An empty list means: always try.
   */
  readonly keywords: readonly string[];
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
  /** Which public document states the format. */
  readonly source: string;
}

/**
 * Where a token may begin: not in the middle of a word, but directly after an escaped line break of a JSON string,
 * a percent-encoded character or a terminal colour, all of which end in a letter.
 */
// oxlint-disable-next-line no-control-regex
const START = /(?<=^|[^A-Za-z0-9]|\\[nrt]|%[0-9A-Fa-f]{2}|\x1b\[[0-9;]{0,12}m)/.source;

/** A pattern that may begin only where a token may. */
export function token(body: RegExp): RegExp {
  const flags = new Set([...body.flags, "g"]);
  return new RegExp(START + body.source, [...flags].join(""));
}
