import { expect, test } from "vitest";
import { createRedactor } from "../../../packages/guards/src/secrets/redact.js";
import { RULES } from "../../../packages/guards/src/secrets/rules/index.js";
import { leaksOf } from "../../../extensions/secret-redactor/test/support/corpus.js";
import { CONTEXTUAL } from "../../../extensions/secret-redactor/test/support/fake-secrets.js";
import { seeded } from "../../../extensions/secret-redactor/test/support/random.js";

const { redact } = createRedactor({ rules: RULES, entropy: 2.8, isAllowed: () => false });
const key = CONTEXTUAL["pem_rsa"]?.(seeded("armor")) ?? "";
const lines = key.split("\n");

test.each([
  ["whole", key],
  ["with CRLF", key.replaceAll("\n", "\r\n")],
  ["added in a diff", lines.map((line) => `+${line}`).join("\n")],
  ["removed in a diff", lines.map((line) => `-${line}`).join("\n")],
  ["numbered", lines.map((line, index) => `${String(index + 1).padStart(6)}\t${line}`).join("\n")],
  ["indented", lines.map((line) => `    ${line}`).join("\n")],
  ["quoted in JSON", JSON.stringify({ key })],
  ["escaped twice", JSON.stringify(JSON.stringify({ key }))],
  ["without its end", lines.slice(0, 9).join("\n")],
  [
    "without its end, added in a diff",
    lines
      .slice(0, 9)
      .map((line) => `+${line}`)
      .join("\n"),
  ],
  ["without its end, in JSON", JSON.stringify({ key }).slice(0, 700)],
  ["encrypted, with headers", key.replace("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n")],
  ["a cut one before a whole one", `${lines.slice(0, 5).join("\n")}\n${key}`],
])("a private key %s does not get through", (_, text) => {
  const out = redact(`before\n${text}\nafter\n`).text;
  expect(leaksOf(key, out)).toEqual([]);
  expect(out).toContain("before\n");
  expect(out).toContain("after\n");
});

test("a public key and a certificate do", () => {
  const text =
    key.replaceAll("RSA PRIVATE KEY", "PUBLIC KEY") + key.replaceAll("RSA PRIVATE KEY", "CERTIFICATE");
  expect(redact(text).text).toBe(text);
});
