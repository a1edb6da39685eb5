import { expect, test } from "vitest";
import { isSensitiveKey, maskText } from "@synaps/sdk/values";

test.each([
  "password",
  "DB_PASSWORD",
  "apiKey",
  "x-api-key",
  "authToken",
  "token",
  "Set-Cookie",
  "client_secret",
  "pwd",
])("the key %s is sensitive", (key) => expect(isSensitiveKey(key)).toBe(true));

test.each(["author", "max_tokens", "input_tokens", "key", "path", "command", "passage", "bypass_cache"])(
  "the key %s is not sensitive",
  (key) => expect(isSensitiveKey(key)).toBe(false),
);

// Put together here, so that no scanner takes this file for a leak.
const hex = "0123456789abcdef";
const pem = (kind: string): string => `-----${kind} RSA PRIVATE KEY-----`;
const jwt = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJl"].join(".");

test.each([
  [`git push https://me:hunter22@example.org/x`, "git push https://me:[masked]@example.org/x"],
  [`echo ghp_${hex}${hex}`, "echo [masked:github]"],
  [`export K=sk-ant-${hex}-${hex}`, "export K=[masked:sk]"],
  [`AKIA${"ABCDEFGH12345678"} is it`, "[masked:aws] is it"],
  [`xoxb-123456789012-${hex}`, "[masked:slack]"],
  [`id ${jwt} end`, "id [masked:jwt] end"],
  [`curl -H "Authorization: Bearer ${hex}" http://h`, 'curl -H "Authorization: [masked]" http://h'],
  [`fetch with bearer ${hex}`, "fetch with bearer [masked]"],
  [`curl -H 'Cookie: a=b; c=d' http://h`, "curl -H 'Cookie: [masked]' http://h"],
  [`DB_PASSWORD=hunter22 run --fast`, "DB_PASSWORD=[masked] run --fast"],
  [`{"api_key": "${hex}", "n": 1}`, '{"api_key": "[masked]", "n": 1}'],
  [`login --token ${hex} --verbose`, "login --token [masked] --verbose"],
  [`a\n${pem("BEGIN")}\nMIIE\n${pem("END")}\nb`, "a\n[masked:private-key]\nb"],
  [`cut off: ${pem("BEGIN")}\nMIIE`, "cut off: [masked:private-key]"],
])("masks the secret in %j", (text, masked) => expect(maskText(text)).toBe(masked));

test.each([
  "npm run build && git commit -m 'fix the parser'",
  "https://example.org/a?b=c@d",
  "the basic principles of task-oriented monkeys",
  "sort -k 2 --key-length 4",
])("leaves %j as it is", (text) => expect(maskText(text)).toBe(text));

test("no text makes masking slow", () => {
  const seeds = [
    "eyJ-",
    "eyJaaaaaa.",
    "://",
    "://a:",
    "-----BEGIN A ",
    "token",
    "token = ",
    "a-",
    "gh",
    "Bearer ",
    "sk-",
  ];
  const slowest = Math.max(
    ...seeds.map((seed) => {
      const text = seed.repeat(Math.ceil((512 * 1024) / seed.length));
      // Processor time: what others take from this process does not count.
      const before = process.cpuUsage();
      maskText(text);
      return process.cpuUsage(before).user / 1_000;
    }),
  );
  // Quadratic work on half a megabyte takes minutes; linear work some 50 ms.
  expect(slowest).toBeLessThan(3_000);
});
