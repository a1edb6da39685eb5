import { expect, test } from "vitest";
import { createRedactor, RULES } from "@synaps/guards/secrets";
import { leaksOf, loadCorpus } from "./support/corpus.js";

const redactor = createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });

/** Counts what the README states: planted secrets that got through, and ordinary values that were replaced. */
function measure(file: string) {
  const documents = loadCorpus(file);
  const missed: string[] = [];
  let secrets = 0;
  let wrong = 0;
  let lines = 0;
  for (const { title, text, secrets: planted } of documents) {
    lines += text.split("\n").length - 1;
    secrets += planted.length;
    const out = redactor.redact(text);
    for (const { kind, value } of planted)
      if (leaksOf(value, out.text).length > 0) missed.push(`${title}: ${kind}`);
    if (planted.length === 0) wrong += out.redactions.length;
    expect(redactor.redact(out.text).text, title).toBe(out.text);
    expect(text, title).not.toMatch(/\{\{[a-z0-9_]+\}\}/);
  }
  return { documents: documents.length, lines, secrets, missed, wrong };
}

test.each([
  "secrets-matrix.txt",
  "secrets.txt",
  "secrets-held-out.txt",
  "secrets-held-out-2.txt",
  "clean.txt",
  "clean-held-out.txt",
])("%s", (file) => {
  expect(measure(file)).toMatchSnapshot();
});
