import fc from "fast-check";
import { expect, test } from "vitest";
import { excerpt } from "../src/message.js";
import { judge } from "./corpus-files.js";

const FRAGMENTS = [
  "rm",
  "-rf",
  "/",
  "~",
  "$X",
  "$(",
  ")",
  "`",
  "'",
  '"',
  "<<EOF\n",
  "EOF",
  "|",
  "&",
  ";",
  "{",
  "}",
  "sh",
  "-c",
  "base64 -d",
  "for i in",
  "do",
  "done",
  "f()",
  "${",
  ":0:1}",
  "\\",
  "\n",
  "xargs",
  "find . -exec",
  "eval",
  "alias a=",
  "[[",
  "<(",
  "sudo",
  "=",
  "*",
  "\0",
];

test("decides about any text without throwing", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 40 }).map((parts) => parts.join(" ")),
      ),
      (text) => {
        expect(["continue", "confirm", "block"]).toContain(judge(text).verdict);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("quoting every word does not change what a delete is worth", () => {
  const quoted = fc.constantFrom<(word: string) => string>(
    (word) => `'${word}'`,
    (word) => `"${word}"`,
    (word) => `${word[0]}''${word.slice(1)}`,
    (word) => `\\${word}`,
  );
  fc.assert(
    fc.property(
      quoted,
      quoted,
      fc.constantFrom("/", "/etc", "/home/me", "/usr/lib"),
      (first, second, path) => {
        expect(judge(`${first("rm")} ${second("-rf")} ${path}`).verdict).toBe("block");
      },
    ),
  );
});

test("harmless commands around a dangerous one do not hide it", () => {
  const around = fc.array(fc.constantFrom("ls", "echo 'a b'", "cd src", "X=1", "npm test", "true"), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(around, fc.constantFrom("; ", " && ", "\n", " || "), (parts, separator) => {
      expect(judge([...parts, "rm -rf /", ...parts].join(separator)).verdict).toBe("block");
    }),
  );
});

test("an excerpt is one short line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      expect([...excerpt(text)].length).toBeLessThanOrEqual(120);
      expect(excerpt(text)).not.toMatch(/\p{Cc}/u);
    }),
  );
});
