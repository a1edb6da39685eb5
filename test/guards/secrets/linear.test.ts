import { describe, expect, test } from "vitest";
import { findSecrets } from "../../../packages/guards/src/secrets/find.js";
import { RULES } from "../../../packages/guards/src/secrets/rules/index.js";
import type { Rule } from "../../../packages/guards/src/secrets/rules/rule.js";

const LENGTH = 32 * 1024;

/** Shorter runs are noise of the clock, which ticks every 4 to 10 ms on some machines. */
const NOISE_MS = 15;

/** What is compared runs as often as it needs to take this long, so that no side of a ratio is made of ticks. */
const MEASURED_MS = 60;

/** Texts that invite backtracking: a rule's own words, over and over, glued to what its pattern eats. */
function attacksOn(rule: Rule): string[] {
  const { keywords } = rule;
  const words = keywords.length === 0 ? ["a"] : [keywords[0] ?? "", keywords.at(-1) ?? ""];
  const source = "pattern" in rule ? rule.pattern.source.replace(/^\(\?<=.*?m\)/, "") : "";
  const literal = (/[A-Za-z0-9_-]{3,}/.exec(source) ?? ["a"])[0];
  const all = new Set([...words, ...words.map((word) => word.toUpperCase()), literal]);
  return [...all].flatMap((word) => [
    word,
    `${word}-`,
    `${word}=`,
    `${word}: "`,
    `${word}${"a1".repeat(20)}.`,
  ]);
}

const TAILS = ["a", "-", " ", "\n", ".", "://a:", "eyJaaaaaaaaaa-", "a=", "a:"];

describe("no rule needs more than linear time", () => {
  test.each(RULES.map((rule) => [rule.id, rule] as const))("%s", { timeout: 300_000 }, (_, rule) => {
    for (const attack of attacksOn(rule)) {
      expectLinear(rule, (length) => attack.repeat(Math.ceil(length / attack.length)).slice(0, length));
      for (const tail of TAILS) {
        const unit = attack + tail;
        expectLinear(rule, (length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length));
        expectLinear(rule, (length) => (attack + tail.repeat(length)).slice(0, length));
      }
    }
  });
});

/** Quadratic work would grow by 16 where the text grows by 4. */
function expectLinear(rule: Rule, text: (length: number) => string): void {
  if (workOf(rule, text(LENGTH)) < NOISE_MS) return;
  // A busy machine can only make a ratio look worse, so one of three tries has to hold.
  let ratio = Infinity;
  for (let tries = 0; tries < 3 && ratio >= 10; tries += 1)
    ratio = timeOf(rule, text(LENGTH)) / timeOf(rule, text(LENGTH / 4));
  expect(ratio, JSON.stringify(text(60))).toBeLessThan(10);
}

/** Milliseconds of processor time per run. Neither side may be nothing: the runs go on until the clock has moved. */
function timeOf(rule: Rule, text: string): number {
  let spent = 0;
  let runs = 0;
  for (; spent < MEASURED_MS; runs += 1) spent += workOf(rule, text);
  return spent / runs;
}

function workOf(rule: Rule, text: string): number {
  const before = process.cpuUsage();
  findSecrets(text, { rules: [rule], entropy: 2.8, isAllowed: () => false });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
