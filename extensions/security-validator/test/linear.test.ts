import { expect, test } from "vitest";
import { COMMAND_RULES } from "../src/checks/command.js";
import { PATH_RULES } from "../src/checks/path.js";
import { PROMPT_RULES } from "../src/checks/prompt.js";
import { SQL_RULES } from "../src/checks/sql.js";
import { ownPatterns } from "../src/own-patterns.js";
import { scan } from "../src/scan.js";
import { settings } from "./support/settings.js";

const RULES = [...SQL_RULES, ...COMMAND_RULES, ...PATH_RULES, ...PROMPT_RULES];
const LENGTH = 64 * 1024;
/** Shorter runs are noise of the clock. */
const NOISE_MS = 20;

/** Beginnings of what the rules look for, over and over. */
const ATTACKS = [
  ..."' \" ; & | ` $( <( - ../ ..\\ .... %2e%2e %2e a \u200b 1 = ( / # [ < \n".split(" "),
  "' or ",
  "' or 'a'",
  "or 1",
  "union ",
  "union/*",
  "union/**/all",
  "1;update ",
  "select if(",
  "sleep(1",
  "from ",
  "; sudo ",
  "$(id ",
  "/dev/tcp/",
  "nc -a ",
  "ignore the a ",
  "ignore previous a ",
  "you are now a ",
  "do not tell ",
  "reveal a b your system ",
  "\nnew ",
];

function workOf(find: (text: string) => void, text: string): number {
  const before = process.cpuUsage();
  find(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test.each(RULES.map((rule) => [rule.id, rule] as const))("%s needs linear time", (_, rule) => {
  // All parts, as sanitizing finds them.
  const find = (text: string): void => {
    for (let part = rule.find(text, 0); part !== undefined && part.end > part.start;)
      part = rule.find(text, part.end);
  };
  for (const attack of ATTACKS) {
    const text = (length: number): string =>
      attack.repeat(Math.ceil(length / attack.length)).slice(0, length);
    if (workOf(find, text(LENGTH)) < NOISE_MS) continue;
    // Quadratic work would grow by 16. A busy machine can only make a ratio look worse: one of three tries has to hold.
    let ratio = Infinity;
    for (let tries = 0; tries < 3 && ratio >= 10; tries += 1)
      ratio = workOf(find, text(LENGTH)) / Math.max(1, workOf(find, text(LENGTH / 4)));
    expect(ratio, JSON.stringify(attack)).toBeLessThan(10);
  }
});

test("promise: hostile patterns of the user cost a bounded number of steps, whatever the text", () => {
  const patterns = ["(a+)+$", "(a|aa)+$", "(a*)*b", "(.*a){20}$", "a(.*b)?", "(x+x+)+y"];
  const list = patterns.map((pattern, index) => ({ id: `p-${index}`, pattern }));
  const hostile = settings({ patterns: list, checks: "", max_chars: 1_000_000 });
  const text = "a".repeat(900_000);
  // Where the steps are used up, the input counts as unchecked, and is not passed as if nothing had been found.
  const { findings, clean } = scan(text, "/tool_input", "any", hostile);
  expect(findings.at(-1)).toEqual({ check: "unchecked", rule: "too much work", at: "/tool_input" });
  expect(clean).toBeUndefined();
  // The same patterns on a text as people write them leave room for hundreds of such texts.
  expect(
    scan("a".repeat(5_000), "/tool_input", "any", hostile).findings.map(({ check }) => check),
  ).not.toContain("unchecked");
});

test("taking all parts out is bounded too, where each look goes to the end of the text", () => {
  const hostile = settings({ patterns: [{ id: "p", pattern: "a(.*b)?" }], checks: "" });
  const { clean } = scan("a".repeat(90_000), "/tool_input", "any", hostile);
  expect(clean?.()).toBeUndefined();
});

test.each([
  [{ id: "p", pattern: "a{1,1000}b{1,1000}" }, /the pattern is too large/],
  [{ id: "p", pattern: "((a{100}){100}){100}" }, /invalid repeat count/],
  [{ id: "p", pattern: "(a)\\1" }, /invalid escape sequence/],
  [{ id: "p", pattern: "(?=a)" }, /\(\?=/],
  [{ id: "p", pattern: "[" }, /missing closing/],
  [{ id: "p", pattern: "a*" }, /matches the empty text/],
  [{ id: "p", pattern: "x".repeat(1_001) }, /1 to 1000 characters/],
  [{ id: "P", pattern: "x" }, /'id' must be/],
  [{ id: "p", pattern: "x", flags: "g" }, /'flags' may hold/],
  [{ id: "p", pattern: "x", replace: "" }, /unknown member 'replace'/],
  ["x", /must be an object/],
])("%j is refused, and the entry is named", (entry, message) => {
  expect(() => ownPatterns([{ id: "first", pattern: "ok" }, entry])).toThrow(
    /^config key 'patterns', entry 2/,
  );
  expect(() => ownPatterns([entry])).toThrow(message);
});
