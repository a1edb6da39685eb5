import { expect, test } from "vitest";
import type { HookEvent } from "@synaps/sdk/protocol";
import { mergeInputs, viewInput } from "../src/event/input-view.js";
import { matches } from "../src/match/matcher.js";
import { fitsRule, ruleProblem } from "../src/match/rule.js";
import { simpleCommands } from "../src/match/simple-commands.js";
import { toolNames } from "../src/match/tool-names.js";
import { wordsOf } from "../src/consent/words.js";
import { sent } from "./support/project.js";

test.each([
  ["", "Bash", true],
  ["*", "Bash", true],
  ["Bash", "Bash", true],
  ["bash", "Bash", false],
  ["ash", "Bash", false],
  ["Edit|Write", "Write", true],
  ["Edit, Write", "Write", true],
  ["Edit|Write", "NotebookEdit", false],
  ["my-tool", "my-tool", true],
  ["my-tool", "my-tool-2", false],
  ["B.s", "Bash", true],
  ["^Ba", "Bash", true],
  ["mcp__.*__write", "mcp__memory__write_note", true],
  ["[Bash", "Bash", false],
])("the matcher %j and the tool %s: %s", (matcher, name, expected) => {
  expect(matches(matcher, { known: [name], others: [] }, true)).toBe(expected);
});

test.each([
  [{ tool_name: "bash", tool_runtime_name: "run_shell_command" }, "Bash", ["run_shell_command"]],
  [{ tool_name: "bash" }, "Bash", []],
  [{ tool_name: "bash", tool_runtime_name: "Bash" }, "Bash", []],
  [{ tool_name: "write_file" }, "Write", ["write_file"]],
  [{ tool_name: "apply_patch" }, "Edit", ["apply_patch"]],
  [{ tool_name: "read" }, "Read", ["read"]],
  [{ tool_name: "constructor" }, "constructor", []],
  [{ tool_name: "mcp__a__b" }, "mcp__a__b", []],
])("the tool %j is %s", (names, claude, others) => {
  const event = sent({ kind: "before_tool_call", ...names }) as HookEvent;
  expect(toolNames(event)).toMatchObject({ claude, others });
});

test.each([
  ["Bash(git *)", { command: "git push" }, true],
  ["Bash(git *)", { command: "git" }, true],
  ["Bash(git *)", { command: "gitk" }, false],
  ["Bash(git:*)", { command: "git push" }, true],
  ["Bash(git push:*)", { command: "A=1 git push x" }, true],
  ["Bash(git *)", { command: "ls; git push" }, true],
  ["Bash(git *)", { command: "ls 'a; git push'" }, false],
  ["Bash(git *)", { command: "ls $(git push)" }, true],
  ["Bash(git *)", { command: "ls 2>&1" }, false],
  ["Bash(* --force)", { command: "git push --force" }, true],
  ["Bash(npm test)", { command: "npm test x" }, false],
  ["Bash", { command: "ls" }, true],
  ["Edit(*.ts)", { command: "ls" }, false],
  ["no rule at all", { command: "ls" }, true],
])("the rule %j and %j: %s", (rule, input, expected) => {
  expect(fitsRule(rule, { names: ["Bash"], input, folder: "/p" })).toBe(expected);
});

test.each([
  ["Edit(*.ts)", "/p/src/a.ts", true],
  ["Edit(*.ts)", "/p/src/a.js", false],
  ["Edit(src/**)", "/p/src/deep/a.js", true],
  ["Edit(src/*)", "/p/src/deep/a.js", false],
  ["Edit(/src/**/*.js)", "src/a/b.js", true],
  ["Edit(//etc/**)", "/etc/passwd", true],
  ["Edit(src/**)", "/q/src/a.js", false],
])("the rule %j and the file %s: %s", (rule, file_path, expected) => {
  expect(fitsRule(rule, { names: ["Edit"], input: { file_path }, folder: "/p" })).toBe(expected);
});

test("rules that are not applied say so, and servers and addresses have their own", () => {
  expect(ruleProblem("Grep(x)")).toContain("'Grep' are not understood");
  expect(ruleProblem("a b")).toContain("no tool");
  expect(ruleProblem("Bash(git *)")).toBeUndefined();
  const server = { names: ["mcp__memory__read"], input: {}, folder: "/p" };
  expect(["mcp__memory", "mcp__memory__*", "mcp__mem"].map((rule) => fitsRule(rule, server))).toEqual([
    true,
    true,
    false,
  ]);
  const web = { names: ["WebFetch"], input: { url: "https://docs.example.com/a" }, folder: "/p" };
  const domains = ["example.com", "*.example.com", "example.org"];
  expect(domains.map((domain) => fitsRule(`WebFetch(domain:${domain})`, web))).toEqual([true, true, false]);
});

test("a row of simple commands is taken apart, and anything more involved is not", () => {
  expect(simpleCommands("A=1 B=2 make -j2 && cd x|grep 'a|b' ; ls & echo \"x;y\" 2>&1")).toEqual([
    "make -j2",
    "cd x",
    "grep 'a|b'",
    "ls",
    'echo "x;y" 2>&1',
  ]);
  for (const line of ["a `b`", "a $(b)", "(a)", "a <(b)", "a <<E", "a 'b", '"$(a)"', "a ${b}"])
    expect(simpleCommands(line), line).toBeUndefined();
});

test("the words of a command that may be files", () => {
  const words = (line: string) => wordsOf(line, { CLAUDE_PROJECT_DIR: "/p r" });
  expect(words(`"$CLAUDE_PROJECT_DIR"/a.sh 'x y' >> out 2> err < in`)).toEqual({
    isWhole: true,
    words: [
      { text: "/p r/a.sh", role: "run" },
      // A name with a space may be a line as well.
      { text: "/p", role: "run" },
      { text: "r/a.sh", role: "argument" },
      { text: "x y", role: "argument" },
      { text: "x", role: "run" },
      { text: "y", role: "argument" },
      { text: "out", role: "written" },
      { text: "2", role: "argument" },
      { text: "err", role: "written" },
      { text: "in", role: "argument" },
    ],
  });
  const texts = (line: string) =>
    words(line)
      .words.filter(({ role }) => role === "run")
      .map(({ text }) => text);
  expect(texts("cd x && FOO=./f python3.12 -u ./b.txt")).toEqual([
    "cd",
    "FOO=./f",
    "./f",
    "python3.12",
    "-u",
    "./b.txt",
  ]);
  expect(texts(`bash -c "node './c.md' && d"`)).toContain("./c.md");
  expect(words("sh $DIR/x.sh").isWhole).toBe(false);
});

test("the input as hooks know it, and the way back", () => {
  const write = viewInput("Write", { path: "a", content: "x", mode: 1 });
  expect(write.seen).toEqual({ path: "a", file_path: "a", content: "x", mode: 1 });
  expect(write.back({ ...write.seen, file_path: "b" })).toEqual({ path: "b", content: "x", mode: 1 });
  expect(write.back({ ...write.seen, path: "c" })).toEqual({ path: "c", content: "x", mode: 1 });
  expect(write.back({ file_path: "a", content: "y" })).toEqual({ path: "a", content: "y" });
  expect(viewInput("Read", "text").seen).toEqual({});
});

test("inputs merge in the order of declaration, by member", () => {
  const seen = { a: 1, b: 2, c: 3 };
  expect(
    mergeInputs(seen, [
      { a: 9, b: 2, c: 3 },
      { a: 1, b: 8 },
    ]),
  ).toEqual({ merged: { a: 9, b: 8 }, conflicts: [] });
  expect(
    mergeInputs(seen, [
      { ...seen, a: 5 },
      { ...seen, a: 6 },
    ]),
  ).toEqual({
    merged: { a: 6, b: 2, c: 3 },
    conflicts: ["a"],
  });
});
