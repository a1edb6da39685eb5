import { describe, expect, test } from "vitest";
import { walkCommand } from "../src/walk.js";

const namesOf = (command: string): string[] =>
  walkCommand(command, "/repo").invocations.map(({ name }) => name);
const linesOf = (command: string): string[] =>
  walkCommand(command, "/repo").invocations.map(({ name, args }) =>
    [name, ...args.map((arg) => arg.text)].join(" "),
  );

describe("commands inside the grammar", () => {
  test.each([
    ["a && b || c; d & e", ["a", "b", "c", "d", "e"]],
    ["if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]],
    ["while a; do b; done; until c; do d; done", ["a", "b", "c", "d"]],
    ["case x in x) a;; *) b;; esac", ["a", "b"]],
    ["(a; { b; }); ! c", ["a", "b", "c"]],
    ["[[ -f $(a) ]]; x=$(b); for ((i=0;i<1;i++)); do c; done", ["a", "b", "c"]],
    ["cat <(a) >(b)", ["a", "b", "cat"]],
    ["f() { a; }", ["a"]],
    ["f() { a; }; f; f", ["a", "a"]],
    ["cat <<EOF\n$(a)\nEOF", ["a", "cat"]],
    ["cat <<'EOF'\n$(a)\nEOF", ["cat"]],
  ])("%s", (command, names) => expect(namesOf(command)).toEqual(names));
});

describe("commands behind other programs", () => {
  test.each([
    ["sudo -u root env A=1 nice -n 5 rm x", ["sudo", "env", "nice", "rm"]],
    ["timeout -k 5 10 rm x", ["timeout", "rm"]],
    ["bash -c 'a; b'", ["bash", "a", "b"]],
    ["eval 'a | b'", ["eval", "a", "b"]],
    ["echo 'rm x' | sh", ["echo", "sh", "rm"]],
    ["echo cm0geAo= | base64 -d | sh", ["echo", "base64", "sh", "rm"]],
    ["bash <<< 'rm x'", ["bash", "rm"]],
    ["source <(echo rm x)", ["echo", "source", "rm"]],
    ["trap 'rm x' EXIT", ["trap", "rm"]],
    ["ssh host 'rm x'", ["ssh", "rm"]],
    ["git -c alias.z='!rm x' z", ["git", "rm"]],
    ["alias z='rm x'; z y", ["alias", "rm", "rm"]],
    [`python3 -c 'import os; os.system("rm x")'`, ["python3", "rm"]],
    ["command -v rm", ["command"]],
  ])("%s", (command, names) => expect(namesOf(command)).toEqual(names));

  test("xargs and find -exec get the words they would run", () => {
    expect(linesOf("echo / x | xargs -n1 rm -r").at(-1)).toBe("rm -r / x");
    expect(linesOf("printf / | xargs -I% rm %/y").at(-1)).toBe("rm //y");
    expect(linesOf("find /etc -name a -exec rm {} \\;").at(-1)).toBe("rm /etc/a");
    expect(linesOf("find /opt -size +9M | xargs rm").at(-1)).toBe("rm /opt/$item");
  });

  test("the folder follows cd, and a subshell keeps its own", () => {
    const folders = walkCommand("(cd /a; x); cd sub; y; cd; z", "/repo").invocations.map(
      ({ name, cwd }) => `${name} ${cwd}`,
    );
    expect(folders).toEqual(["cd /repo", "x /a", "cd /repo", "y /repo/sub", "cd /repo/sub", "z ~"]);
  });
});

test("a broken script is still walked as far as it goes", () => {
  const report = walkCommand("rm -rf / ; echo 'open", "/repo");
  expect(report.broken).toBe(true);
  expect(report.invocations[0]?.name).toBe("rm");
});

test.each([
  ["deep substitutions", `echo ${"$(".repeat(400)}x${")".repeat(400)}`],
  ["many commands", "ls;".repeat(3_000)],
  [
    "functions that double",
    `${Array.from({ length: 40 }, (_, index) => `f${index}(){ f${index + 1}; f${index + 1}; };`).join("")}f0`,
  ],
  ["nested loops", `${"for a in 1 2 3 4 5 6 7 8; do ".repeat(8)}x${"; done".repeat(8)}`],
])("%s end at a limit", (_, command) => {
  const report = walkCommand(command, "/repo");
  expect(report.exhausted).toBe(true);
  expect(report.invocations.length).toBeLessThan(1_000);
});
