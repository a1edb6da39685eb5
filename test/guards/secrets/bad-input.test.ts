import { expect, test } from "vitest";
import { createRedactor } from "../../../packages/guards/src/secrets/redact.js";
import { RULES } from "../../../packages/guards/src/secrets/rules/index.js";
import { TOKENS } from "../../../extensions/secret-redactor/test/support/fake-secrets.js";
import { seeded } from "../../../extensions/secret-redactor/test/support/random.js";

const { redact } = createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });
const random = seeded("bad input");
const token = () => TOKENS["github"]?.(random) ?? "";

test.each([
  ["NUL around it", (secret: string) => `\0${secret}\0`],
  ["NUL between all characters, as in UTF-16", (secret: string) => [...secret].join("\0")],
  ["lone surrogates around it", (secret: string) => `\ud800${secret}\udc00`],
  ["in a line of 1 MB", (secret: string) => `${"a ".repeat(500_000)}${secret}${" b".repeat(500_000)}`],
  ["between marks of an earlier pass", (secret: string) => `[redacted:a#1]${secret}[redacted:a#2]`],
  ["inside brackets of a mark", (secret: string) => `[redacted:[redacted:${secret}#1]#1]`],
  ["in a colour", (secret: string) => `\u001b[1m${secret.slice(0, 9)}\u001b[0m${secret.slice(9)}`],
])("a token with %s is replaced", (_, around) => {
  const secret = token();
  const { text, complete } = redact(around(secret));
  expect(complete).toBe(true);
  expect(text.replaceAll("\0", "")).not.toContain(secret.slice(14));
});

test("10,000 secrets are all replaced, each by a mark of its own", () => {
  const secrets = Array.from({ length: 10_000 }, token);
  const { text, redactions } = redact(secrets.join("\n"));
  expect(redactions).toHaveLength(10_000);
  expect(text.split("\n").at(-1)).toBe("[redacted:github-token#10000]");
});

test.each([
  ["words behind a name that promises only a token", "token: swordfish-and-chips"],
  ["a value alone on its line", "hV3tsCcrNkH9qLz2"],
  ["what may be a digest", "3b18e512dba79e4c8300dd08aeb37f8e728b8dad"],
  ["base64 within base64", Buffer.from(Buffer.from(`x ${token()}`).toString("base64")).toString("base64")],
  ["a value whose name follows it", "hV3tsCcrNkH9qLz2 is the password"],
])("out of scope by design: %s", (_, text) => {
  expect(redact(text).text).toBe(text);
});
