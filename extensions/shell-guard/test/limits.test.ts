import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../src/decide.js";
import { fits, parsePatterns } from "../src/patterns.js";
import { readSettings } from "../src/settings.js";
import { judge } from "./corpus-files.js";

/** Inputs that grow: each is judged at this many levels, and at four times as many. */
const LEVELS = 10_000;

describe("the worst inputs end, and none of them passes", () => {
  const danger = "rm -rf /";
  test.each<[string, string]>([
    ["1 MB", `echo ${"a".repeat(1_000_000)}; ${danger}`],
    ["quotes in quotes", `${"'\"".repeat(LEVELS)}; ${danger}`],
    ["parentheses", `${"(".repeat(LEVELS)}${danger}${")".repeat(LEVELS)}`],
    ["substitutions", `echo ${"$(".repeat(LEVELS)}${danger}${")".repeat(LEVELS)}`],
    ["backticks", `echo ${"`".repeat(LEVELS)}${danger}${"`".repeat(LEVELS)}`],
    ["arithmetic", `echo $((${"(".repeat(LEVELS)}1${")".repeat(LEVELS)})); ${danger}`],
    ["braces", `echo ${"{a,".repeat(LEVELS)}b${"}".repeat(LEVELS)}; ${danger}`],
    ["brace groups", `${"{ ".repeat(LEVELS)}${danger}${"; }".repeat(LEVELS)}`],
    ["pipes", `${"ls | ".repeat(LEVELS - 1)}${danger}`],
    ["words for xargs", `echo ${"a ".repeat(100_000)} | xargs rm -rf /`],
    ["a heredoc", `bash <<EOF\n${"ls\n".repeat(LEVELS)}${danger}\nEOF`],
    ["wrappers", `${"nice ".repeat(LEVELS - 100)}${danger}`],
    ["shells in shells", `${"eval ".repeat(LEVELS - 100)}${danger}`],
    ["groups of find", `find / ${"\\( ".repeat(LEVELS)} -true ${"\\) ".repeat(LEVELS)} -delete`],
    ["exec clauses of find", `find / ${"-exec ls {} + ".repeat(2_000)} -delete`],
    ["programs that start programs", `${"timeout 1 ".repeat(3_000)}${danger}`],
    ["awk", `awk 'BEGIN { ${"x | ".repeat(5_000)} "${danger}" | getline }'`],
    ["assignments", `${"a=$a$a; ".repeat(4_000)}${danger}`],
    ["functions", `${"f() { ".repeat(3_000)}${danger}${"; }".repeat(3_000)}`],
  ])("%s", (_, command) => {
    expect(judge(command).verdict).not.toBe("continue");
  });
});

test("texts of any kind end with a verdict", () => {
  const parts = fc.constantFrom(
    "find . ", "xargs ", "-exec ", "{} ", "+ ", "\\; ", "docker run -v /:/h ", "ssh h ", "-- ", "awk '", "' ", "python -c '", "$((", "))",
    "cd x; ", "&& ", "| ", "<(", "parallel ::: ", "git -c alias.x='!", "tmux send-keys ", "env -S '", "> f; ", "./f ", "\u0000", "\ud800", "`",
  ); // prettier-ignore
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 60 }), (pieces) => {
      expect(["continue", "confirm", "block"]).toContain(judge(pieces.join("")).verdict);
    }),
    { numRuns: 500 },
  );
});

test("what is dangerous stays so behind any wrapper", () => {
  const wrapper = fc.constantFrom(
    "sudo -u root ", "env A=1 ", "timeout -k 5 10 ", "nice -n 5 ", "nohup ", "npx --yes -- ", "uv run ", "xargs -n1 ", "strace -f -o out ",
    "docker run --rm -v /:/ alpine ", "bash -c 'exec \"$@\"' _ ", "direnv exec . ", "find / -exec ", "setpriv --reuid 1 ", "poetry run ",
  ); // prettier-ignore
  fc.assert(
    fc.property(fc.array(wrapper, { maxLength: 3 }), (wrappers) => {
      expect(judge(`${wrappers.join("")}rm -rf /`).verdict).toBe("block");
    }),
    { numRuns: 300 },
  );
});

test("patterns of a user take linear time, and a star never stands for a way up in what is allowed", () => {
  const problems: string[] = [];
  const wrong = (problem: string): void => void problems.push(problem);
  const pattern = `echo ${"*a".repeat(200)}*b`;
  const settings = readSettings({ allow: pattern, block: pattern, confirm: pattern }, "/home/me");
  expect(settings.problems).toEqual([]);
  expect(decide(`echo ${"a".repeat(40_000)}`, settings).verdict).toBe("continue");
  const parts = ["a", "b", "c"];
  expect(["a1b2c", "abc", "a..b..c"].map((word) => fits(parts, word))).toEqual([true, true, true]);
  expect(["ab", "xabc", "acb"].map((word) => fits(parts, word))).toEqual([false, false, false]);
  expect(fits(["/data/", ""], "/data/../etc", false)).toBe(false);
  expect(parsePatterns("rm /data/*", wrong)[0]?.climbs).toBe(true);
  expect(problems).toEqual([]);
});
