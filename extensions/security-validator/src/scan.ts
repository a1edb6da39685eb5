import type { JsonValue } from "@synaps/sdk";
import { globMatches } from "@synaps/sdk/protocol";
import type { Check, Rule } from "./checks/check.js";
import type { Settings } from "./settings.js";
import { walk, withTexts, type Text } from "./walk.js";

/** What was found at one place. Never holds the text itself. */
export type Finding = {
  readonly check: Check;
  readonly rule: string;
  /** JSON pointer in the event. */
  readonly at: string;
};

export interface Scanned {
  readonly findings: readonly Finding[];
  /** The input without what was found; undefined where that is impossible. */
  readonly clean: (() => JsonValue | undefined) | undefined;
}

/** Findings of one event that are told; there may be more. */
const MOST_FINDINGS = 100;

/**
 * Steps of the patterns on all texts of an event: 25 ns each on a slow machine. What would take more is refused unchecked,
 * so that the time is bounded whatever patterns and inputs are.
 */
const MOST_STEPS = 5_000_000;

/** Taking a part out may leave a new one; more than a handful in a chain is made on purpose. */
const MOST_PASSES = 8;

/** Looks at all texts of an input. `name`: that of the tool or agent, for exceptions. */
export function scan(input: JsonValue, at: string, name: string, settings: Settings): Scanned {
  const walked = walk(input, at, settings.size);
  if ("why" in walked)
    return { findings: [{ check: "size", rule: walked.why, at: walked.at }], clean: undefined };
  const work = new Work();
  const findings: Finding[] = [];
  const dirty: { text: Text; rules: readonly Rule[] }[] = [];
  for (const text of walked.texts) {
    const rules = rulesFor(text, name, settings);
    const found = rules.filter((rule) => work.find(rule, text.text, 0) !== undefined);
    if (found.length > 0) dirty.push({ text, rules });
    for (const { check, id } of found)
      if (findings.length < MOST_FINDINGS) findings.push({ check, rule: id, at: text.at });
    if (work.isOver) {
      findings.push({ check: "unchecked", rule: "too much work", at: text.at });
      return { findings, clean: undefined };
    }
  }
  const canClean = dirty.every(({ text }) => !text.isName);
  return { findings, clean: canClean ? () => cleaned(input, at, dirty, work) : undefined };
}

function rulesFor({ at }: Text, name: string, { rules, except }: Settings): readonly Rule[] {
  const spared = except.filter(
    (one) =>
      one.names.some((pattern) => globMatches(pattern, name)) &&
      one.at.some((pattern) => globMatches(pattern, at)),
  );
  if (spared.length === 0) return rules;
  return rules.filter(({ check }) => !spared.some(({ checks }) => checks.has(check)));
}

function cleaned(
  input: JsonValue,
  at: string,
  dirty: readonly { text: Text; rules: readonly Rule[] }[],
  work: Work,
): JsonValue | undefined {
  const texts = new Map<string, string>();
  for (const { text, rules } of dirty) {
    const clean = cleanText(text.text, rules, work);
    if (clean === undefined) return undefined;
    texts.set(text.at, clean);
  }
  return withTexts(input, at, texts);
}

/** Undefined when something is left after all passes, or the work has no end. */
function cleanText(text: string, rules: readonly Rule[], work: Work): string | undefined {
  let current = text;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const before = current;
    for (const rule of rules) current = withoutParts(current, rule, work);
    if (work.isOver) return undefined;
    if (current === before) return current;
  }
  return rules.some((rule) => work.find(rule, current, 0) !== undefined) || work.isOver ? undefined : current;
}

function withoutParts(text: string, rule: Rule, work: Work): string {
  let out = "";
  let at = 0;
  for (let part = work.find(rule, text, 0); part !== undefined; part = work.find(rule, text, at)) {
    if (part.end <= part.start) break;
    out += text.slice(at, part.start) + rule.instead;
    at = part.end;
  }
  return out + text.slice(at);
}

/** Counts the steps of all looks at the texts of an event. */
class Work {
  #steps = 0;

  get isOver(): boolean {
    return this.#steps > MOST_STEPS;
  }

  find(rule: Rule, text: string, from: number): ReturnType<Rule["find"]> {
    this.#steps += rule.stepsPerChar * (text.length - from + 1);
    return this.isOver ? undefined : rule.find(text, from);
  }
}
