import { describe, expect, test } from "vitest";
import { createRedactor } from "../../../packages/guards/src/secrets/redact.js";
import { RULES } from "../../../packages/guards/src/secrets/rules/index.js";
import { TOKENS } from "../../../extensions/secret-redactor/test/support/fake-secrets.js";
import { seeded } from "../../../extensions/secret-redactor/test/support/random.js";

const redactor = createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });

describe("the rule table", () => {
  test("has unique kebab-case ids, a description and a source for each rule", () => {
    expect(new Set(RULES.map((rule) => rule.id)).size).toBe(RULES.length);
    for (const rule of RULES) {
      expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(rule.description.length).toBeGreaterThan(10);
      expect(rule.source.length).toBeGreaterThan(5);
    }
  });

  test("has lower-case keywords, because they are looked up in lower-cased text", () => {
    for (const { keywords } of RULES) for (const word of keywords) expect(word).toBe(word.toLowerCase());
  });

  test.each(RULES.flatMap((rule) => ("pattern" in rule ? [[rule.id, rule] as const] : [])))(
    "%s is global and knows where its group is",
    (_, rule) => {
      const groups = new RegExp(`${rule.pattern.source}|`, rule.pattern.flags).exec("")?.length ?? 1;
      expect(rule.pattern.global).toBe(true);
      expect(rule.pattern.hasIndices).toBe(groups > 1);
    },
  );
});

describe("every kind of token", () => {
  test.each(Object.entries(TOKENS))("%s is replaced whole", (kind, make) => {
    const secret = make(seeded(kind));
    const { text, redactions } = redactor.redact(`before ${secret} after`);
    expect(text).toMatch(/^before \[redacted:[a-z0-9-]+#1\] after$/);
    expect(redactions).toHaveLength(1);
  });
});
