import { describe, expect, test } from "vitest";
import { findSecrets } from "../../../packages/guards/src/secrets/find.js";
import { RULES } from "../../../packages/guards/src/secrets/rules/index.js";
import type { Rule } from "../../../packages/guards/src/secrets/rules/rule.js";

const LENGTH = 16 * 1024;

/** Work at `LENGTH` that is not looked into. Reading on to the end of the text from every twentieth place takes 5 times as long. */
const FLOOR_MS = 1.5;

/** Work at `LENGTH` of which a quarter of the length gives enough to compare; below it a longer text is compared with this one. */
const ENOUGH_MS = 20;

/** Quadratic work would grow by 16 where the text grows by 4, linear work by 4. */
const MOST_GROWTH = 10;

/** What is compared runs as often as it needs to take this long, at first and when the first look was bad. */
const LOOKS_MS = [3, 20, 40, 80] as const;

/** What a pattern may eat, over and over, or look for in vain. */
const TAILS = ["a", "-", " ", "\n", ".", "://a:", "eyJaaaaaaaaaa-", "a=", "a:"];

/** Patterns that begin with their literals go on from there alone. */
const LITERAL_START = /^\(\?:[^()]*\)\(\?<=/;

/** A text of the length asked for. */
type Attack = (length: number) => string;

/** Texts that invite backtracking: a rule's own words, over and over, glued to what its pattern eats. */
function attacksOn(rule: Rule): Attack[] {
  return startsOf(rule).flatMap((start) => [
    repeated(start),
    ...TAILS.flatMap((tail): Attack[] => [
      repeated(start + tail),
      (length) => start + tail.repeat(Math.ceil(length / tail.length)),
    ]),
  ]);
}

/**
 * Words in the forms that differ in kind for this rule, and no more, because all attacks on all rules take minutes. A rule
 * that scans goes another way for each of its words, a pattern the same for most of them.
 */
function startsOf(rule: Rule): string[] {
  const words = wordsOf(rule);
  if (!("pattern" in rule)) return [...words, `${words[0] ?? ""}=`, `${words[0] ?? ""}: "`];
  if (LITERAL_START.test(rule.pattern.source)) return words.flatMap((word) => [word, `${word}=`]);
  return words.flatMap((word) => [word, `${word}=`, `${word}: "`, `${word}${"a1".repeat(20)}.`]);
}

/** Words as the pattern spells them: those that call the rule, and the first literal of the pattern. */
function wordsOf(rule: Rule): string[] {
  if (!("pattern" in rule)) return [...rule.keywords];
  const source = rule.pattern.source.replaceAll("\\", "");
  const literal = /[A-Za-z0-9_-]{3,}/.exec(rule.pattern.source.replace(/^\(\?<=.*?m\)/, ""))?.[0];
  const words = [rule.keywords[0], rule.keywords.at(-1), literal].map((word = "a") => {
    const at = source.toLowerCase().indexOf(word.toLowerCase());
    return at === -1 ? word : source.slice(at, at + word.length);
  });
  return [...new Set(words)];
}

function repeated(unit: string): Attack {
  return (length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

/** Compares work on two lengths of each attack that is above the floor, in texts as short as can be told apart. */
function expectLinear(rules: readonly Rule[], attacks: readonly Attack[]): void {
  for (const attack of attacks) {
    const spent = Math.min(wallOf(rules, attack), wallOf(rules, attack));
    if (spent < FLOOR_MS) continue;
    const longest = spent < ENOUGH_MS ? 4 * LENGTH : LENGTH;
    const [short, long] = [attack(longest / 4), attack(longest)];
    let growth = Infinity;
    // A busy machine can only make the growth look worse, so that one of the looks has to be good.
    for (const least of LOOKS_MS)
      if (growth >= MOST_GROWTH) growth = timeOf(rules, long, least) / timeOf(rules, short, least);
    expect(growth, JSON.stringify(short.slice(0, 60))).toBeLessThan(MOST_GROWTH);
  }
}

/** Milliseconds of one run, where no clock of processor time is fine enough. The first run compiles the pattern. */
function wallOf(rules: readonly Rule[], attack: Attack): number {
  const text = attack(LENGTH);
  const before = performance.now();
  find(rules, text);
  return performance.now() - before;
}

/** Milliseconds of processor time per run, without that of the system, which hands out memory. The clock of some machines ticks every 10 ms: the runs go on until it has moved. */
function timeOf(rules: readonly Rule[], text: string, leastMs: number): number {
  const before = process.cpuUsage();
  for (let runs = 1; ; runs += 1) {
    find(rules, text);
    const spent = process.cpuUsage(before).user / 1_000;
    if (spent >= leastMs) return spent / runs;
  }
}

function find(rules: readonly Rule[], text: string): void {
  findSecrets(text, { rules, entropy: 2.8, isAllowed: () => false });
}

describe("no rule needs more than linear time", () => {
  test.each(RULES.map((rule) => [rule.id, rule] as const))("%s", { timeout: 120_000 }, (_, rule) => {
    expectLinear([rule], attacksOn(rule));
  });
});

/** One for each way a pattern may go over the same text again: from each place, and from each of its long literals. */
test.each([/[a-z]*!/g, /persona_production_[a-z_]*!/g])(
  "a pattern that is not linear is found: %s",
  { timeout: 120_000 },
  (pattern) => {
    const keywords = ["persona_production_"];
    const planted: Rule = {
      id: "planted",
      description: "Reads on to the end",
      keywords,
      pattern,
      source: "None",
    };
    expect(() => {
      expectLinear([planted], attacksOn(planted));
    }).toThrow(/to be less than/);
  },
);
