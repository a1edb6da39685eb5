import { entropyOf } from "./entropy.js";
import { Keywords } from "./keywords.js";
import { isPlaceholder } from "./placeholder.js";
import type { PatternRule, Rule } from "./rules/rule.js";

/** A secret in a text: half-open range, and the place of its rule in the table. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly rule: Rule;
  readonly rank: number;
}

export interface FindOptions {
  readonly rules: readonly Rule[];
  /** Bits per character asked of assigned values. */
  readonly entropy: number;
  readonly isAllowed: (value: string) => boolean;
}

const DEFAULT_ENTROPY = 2.5;

/** Longer refused values are not looked at again from their beginning. */
const LONGEST_RESCAN = 512;

/** Second looks per rule and text. Real output needs a handful; without a limit an adversary buys seconds of work. */
const MOST_RESCANS = 2_000;

/** All matches of all rules in `text`, unsorted and possibly overlapping. */
export function findSecrets(text: string, options: FindOptions): Finding[] {
  const lower = text.toLowerCase();
  const found: Finding[] = [];
  const { keywords, owners, always } = wordsOf(options.rules);
  const isWanted = always.slice();
  // A text full of secrets falls into thousands of short parts, for each of which these lists are gone through.
  const present = keywords.in(lower);
  for (let index = present.indexOf(1); index !== -1; index = present.indexOf(1, index + 1))
    for (const rank of owners[index] ?? []) isWanted[rank] = 1;
  for (let rank = isWanted.indexOf(1); rank !== -1; rank = isWanted.indexOf(1, rank + 1)) {
    // Most texts hold none of a rule's words: looking for them is far cheaper than running its pattern.
    const rule = options.rules[rank];
    if (rule === undefined) break;
    if ("pattern" in rule) findByPattern(text, rule, rank, options, found);
    else {
      for (const { start, end } of rule.scan(text, options.entropy))
        if (!options.isAllowed(text.slice(start, end))) found.push({ start, end, rule, rank });
    }
  }
  return found;
}

interface Words {
  readonly keywords: Keywords;
  /** For each word, the places in the table of the rules that have it. */
  readonly owners: readonly (readonly number[])[];
  /** One byte for each rule: 1 if it is tried on every text. */
  readonly always: Uint8Array;
}

/** The words of a table of rules are put in order once. */
const known = new WeakMap<readonly Rule[], Words>();

function wordsOf(rules: readonly Rule[]): Words {
  const before = known.get(rules);
  if (before) return before;
  const byWord = new Map<string, number[]>();
  rules.forEach((rule, rank) => {
    for (const word of rule.keywords) byWord.set(word, [...(byWord.get(word) ?? []), rank]);
  });
  const words = {
    keywords: new Keywords([...byWord.keys()]),
    owners: [...byWord.values()],
    always: Uint8Array.from(rules, (rule) => (rule.keywords.length === 0 ? 1 : 0)),
  };
  known.set(rules, words);
  return words;
}

function findByPattern(
  text: string,
  rule: PatternRule,
  rank: number,
  options: FindOptions,
  found: Finding[],
): void {
  rule.pattern.lastIndex = 0;
  let rescans = 0;
  for (let match = rule.pattern.exec(text); match !== null; match = rule.pattern.exec(text)) {
    if (match[0] === "") rule.pattern.lastIndex += 1;
    const [start, end] = spanOf(rule, match, text);
    if (end > start && isSecret(text, start, end, match, rule, options)) {
      found.push({ start, end, rule, rank });
      rule.pattern.lastIndex = Math.max(rule.pattern.lastIndex, end);
    } else if (match.length > 1 && end - start <= LONGEST_RESCAN && rescans < MOST_RESCANS) {
      rescans += 1;
      // What was refused may itself hold a name and a value, as in `token_url=https://host/?client_secret=…`.
      rule.pattern.lastIndex = Math.max(match.index + 1, Math.min(start, rule.pattern.lastIndex));
    }
  }
}

function spanOf(rule: PatternRule, match: RegExpExecArray, text: string): readonly [number, number] {
  const matchEnd = match.index + match[0].length;
  if (rule.end !== undefined) return [match.index, rule.end(text, matchEnd)];
  const indices = match.indices;
  if (indices === undefined || indices.length === 1) return [match.index, matchEnd];
  const { name, tail, ...values } = indices.groups ?? {};
  const named = Object.values(values).find((span) => span !== undefined);
  if (name !== undefined || tail !== undefined || named !== undefined) return named ?? [0, 0];
  return indices.slice(1).find((span) => span !== undefined) ?? [match.index, matchEnd];
}

function isSecret(
  text: string,
  start: number,
  end: number,
  match: RegExpExecArray,
  rule: PatternRule,
  options: FindOptions,
): boolean {
  const value = text.slice(start, end);
  if (options.isAllowed(value)) return false;
  if (rule.end !== undefined) return true;
  if (rule.check === undefined && isPlaceholder(value)) return false;
  const least = rule.entropy ?? DEFAULT_ENTROPY;
  if (least > 0 && entropyOf(value) < least) return false;
  return rule.check?.({ value, text, start, end, match, entropy: options.entropy }) ?? true;
}
