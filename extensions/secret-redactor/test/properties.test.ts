import fc from "fast-check";
import { expect, test } from "vitest";
import { answerOutput } from "../src/answer-output.js";
import { createRedactor, RULES } from "@synaps/guards/secrets";
import { leaksOf } from "./support/corpus.js";
import { CONTEXTUAL, TOKENS } from "./support/fake-secrets.js";
import { seeded } from "./support/random.js";

const redactor = createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });
const withhold = { truncated: "withhold" } as const;
const BLOCKS = ["pem_rsa", "pem_ec", "pem_pkcs8", "pem_one_line", "ssh", "pgp"];

const secrets = fc
  .tuple(fc.constantFrom(...Object.keys(TOKENS), ...BLOCKS), fc.integer())
  .map(([kind, seed]) => (TOKENS[kind] ?? CONTEXTUAL[kind])?.(seeded(`${kind}${seed}`)) ?? "");
const breaks = fc.constantFrom(
  " ",
  "\n",
  "\t",
  '"',
  "'",
  "=",
  ":",
  ",",
  "(",
  "\\n",
  "\u001b[1m",
  "%20",
  "/",
  ">",
);
/** Ordinary text, and text made of what the rules look for. */
const words = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "password=",
    "token: ",
    "-----BEGIN PRIVATE KEY-----",
    "eyJ",
    "://",
    "[redacted:jwt#1]",
    "Cookie: a=",
    "kind: Secret\n",
  ),
);
const texts = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(" "));

test("redacting twice is redacting once, and nothing throws", () => {
  const mixed = fc.array(fc.oneof(texts, secrets, breaks), { maxLength: 10 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(mixed, (text) => {
      const once = redactor.redact(text).text;
      expect(redactor.redact(once).text).toBe(once);
      expect(once.split("\n").length).toBe(text.split("\n").length);
    }),
    { numRuns: 600 },
  );
});

test("a planted secret never survives, wherever it stands", () => {
  fc.assert(
    fc.property(texts, breaks, secrets, breaks, texts, (before, left, secret, right, after) => {
      const { text } = redactor.redact(before + left + secret + right + after);
      expect(leaksOf(secret, text)).toEqual([]);
    }),
    { numRuns: 600 },
  );
});

test("a secret that the edge of the preview cuts never survives", () => {
  const place = fc.tuple(texts, breaks, secrets, fc.double({ min: 0.05, max: 1, noNaN: true }));
  fc.assert(
    fc.property(place, ([before, left, secret, share]) => {
      const seen = before + left + secret.slice(0, Math.ceil(secret.length * share));
      const verdict = answerOutput(
        { tool_output: `${seen}…[truncated, 999999 total bytes]` },
        redactor,
        withhold,
      );
      expect(verdict.action).toBe("replace");
      expect(leaksOf(secret, verdict.action === "replace" ? verdict.output : "")).toEqual([]);
    }),
    { numRuns: 600 },
  );
});
