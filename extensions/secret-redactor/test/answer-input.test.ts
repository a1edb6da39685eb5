import { describe, expect, test } from "vitest";
import { answerInput } from "../src/answer-input.js";

const mark = "[redacted:github-token#1]";
const ask = (tool_input: unknown, tool_name = "bash", askAboutMarks = true) =>
  answerInput({ tool_input, tool_name } as never, { askAboutMarks }).action;

describe("an input that holds a mark is asked about", () => {
  test.each([
    ["a command that writes", { command: `echo "TOKEN=${mark}" > .env` }],
    ["a pattern with backslashes", { command: String.raw`sed -i 's/\[redacted:jwt#12\]/x/' .env` }],
    ["a file written whole", { path: ".env", content: `A=1\nTOKEN=${mark}\n` }],
    ["an edit", { edits: [{ old_string: "a", new_string: mark }] }],
    ["a patch", { command: `*** Begin Patch\n+TOKEN=${mark}\n*** End Patch` }],
    ["a name of a member", { env: { [mark]: "x" } }],
    ["a text as the input", mark],
    ["typed into a terminal", { chars: `export T=${mark}\n` }],
    ["a search whose output is written", { command: `grep -c '${mark}' a > b` }],
    ["a search and another command", { command: `grep '${mark}' a; echo ${mark} >> a` }],
    ["a search in a substitution", { command: `grep "$(echo '${mark}' | tee a)" b` }],
  ])("%s", (_, input) => {
    expect(ask(input)).toBe("confirm");
  });

  test("and says what would be lost and what to do instead", () => {
    const verdict = answerInput(
      { tool_name: "write_file", tool_input: { content: mark } },
      { askAboutMarks: true },
    );
    const message = verdict.action === "confirm" ? verdict.message : "";
    expect(message).toContain(mark);
    expect(message).toContain("would be lost");
    expect(message).toContain("edit around the line");
  });
});

describe("these pass", () => {
  test.each([
    ["no mark", "bash", { command: "cat .env" }],
    ["a mention of marks", "bash", { command: "echo '[redacted:' | wc -c" }],
    ["a search", "bash", { command: `grep -rn '${mark}' src` }],
    ["a search with git", "bash", { command: `git grep -n "redacted:github-token#1]"` }],
    ["a tool that only searches", "Grep", { pattern: mark }],
    ["nothing", "bash", null],
  ])("%s", (_, tool, input) => {
    expect(ask(input, tool)).toBe("continue");
  });

  test("all, where the question is switched off", () => {
    expect(ask({ content: mark }, "write_file", false)).toBe("continue");
  });
});

describe("deep, large and strange inputs", () => {
  test("a mark below 20,000 levels is found", () => {
    let input: unknown = mark;
    for (let depth = 0; depth < 20_000; depth += 1) input = [input];
    expect(ask(input)).toBe("confirm");
  });

  test("an input too large to be looked through is asked about", () => {
    expect(ask(Array.from({ length: 200_000 }, () => 1))).toBe("confirm");
  });

  test("lone surrogates, NUL and cut marks are no mark", () => {
    expect(ask({ a: "\ud800", b: "\u0000", c: "[redacted:jwt#", d: "[redacted:jwt#1234567]" })).toBe(
      "continue",
    );
  });
});
