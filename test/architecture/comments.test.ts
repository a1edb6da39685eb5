import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";
import { tempDir } from "../helpers/temp.js";

const WORDS = ["What", "Who", "Whose", "Whether", "Why", "How", "That", "Those", "Which"];

/** What the rule says of these texts, each as "file:line: complaint", and whether the command failed. */
function check(...texts: readonly string[]): { failed: boolean; complaints: string[] } {
  const folder = tempDir();
  for (const [at, text] of texts.entries()) writeFileSync(join(folder, `${at}.ts`), text);
  const script = repo("scripts/check-comments.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
  const complaints = stderr.split("\n").filter((line) => /^\S+\.ts:\d+: /.test(line));
  return { failed: status === 1, complaints: complaints.map((line) => basename(line)) };
}

const opening = (at: number, line: number, word: string): string =>
  `${at}.ts:${line}: opens with a bare "${word}": name the subject`;

describe("the lint rule for comments", () => {
  it.each(WORDS)("refuses a comment that opens with %s, wherever comments stand", (word) => {
    const clause = `${word} it is stands here.`;
    const forms = [
      `// ${clause}`,
      `/* ${clause} */`,
      `/** ${clause} */`,
      `/**\n * ${clause}\n */`,
      `const a = 1; // ${clause}`,
    ];
    const complaints = forms.map((_, at) => opening(at, 1, word));
    expect(check(...forms)).toEqual({ failed: true, complaints });
  });

  it("accepts sentences with a subject, and such words further inside", () => {
    const plain = [
      "/** The registry knows which extension runs. */",
      "// Whatever fits is sent. What is left waits.",
      "// The frame is kept:\n// what it holds is read later.",
      "/** Thatched and Howling are names. */",
    ];
    expect(check(...plain)).toEqual({ failed: false, complaints: [] });
  });

  it("allows two lines of comment inside code, and not three", () => {
    const texts = [
      "// One line.\n// Two lines.\nlet a;",
      "let a;\n  // One.\n  // Two.\n  // Three.\n  // Four.",
      "// One.\n// Two.\n\n// Three.\nlet a; // Four.\nlet b; // Five.",
    ];
    const complaints = ["1.ts:4: more than 2 lines of comment in a row inside code"];
    expect(check(...texts)).toEqual({ failed: true, complaints });
  });

  it("reads comments only: no strings, templates or regular expressions", () => {
    const source = [
      'const a = "// Why";',
      "const b = `// How ${`/* Who */` /* What one */} // That`;",
      "const c = /\\/\\/ Why [/]/.test(a) / 2; // Whether it divides",
      "const d = 'it\\'s // Who'; /* fine */",
      "const e = { f: { g: `${{ h: 1 }}// That` } }; // Why not",
    ].join("\n");
    const complaints = [opening(0, 2, "What"), opening(0, 3, "Whether"), opening(0, 5, "Why")];
    expect(check(source)).toEqual({ failed: true, complaints });
  });
});
