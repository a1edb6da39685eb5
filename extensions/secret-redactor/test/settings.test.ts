import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createRedactor, RULES } from "@synaps/guards/secrets";
import { CONFIG, DEFAULTS, readSettings } from "../src/settings.js";
import { TOKENS } from "./support/fake-secrets.js";
import { seeded } from "./support/random.js";

type Config = Parameters<typeof readSettings>[0];
const redactWith = (config: Partial<Config>, text: string) =>
  createRedactor(readSettings({ ...DEFAULTS, ...config })).redact(text).text;
const github = TOKENS["github"]?.(seeded("settings")) ?? "";

test("the defaults switch every rule on", () => {
  expect(readSettings(DEFAULTS)).toMatchObject({
    rules: RULES,
    truncated: "withhold",
    entropy: 2.8,
    warnMessages: true,
    askAboutMarks: true,
    problems: [],
  });
});

test("the manifest declares the same keys and defaults", () => {
  const manifest = JSON.parse(
    readFileSync(new URL("../.synaps-plugin/plugin.json", import.meta.url), "utf8"),
  ) as { extension: { config: { key: string; default?: unknown }[] } };
  const declared = manifest.extension.config;
  expect(declared.map((entry) => entry.key)).toEqual(Object.keys(CONFIG));
  for (const { key, default: value } of declared) {
    if (value !== undefined) expect(CONFIG[key as keyof typeof CONFIG].default).toEqual(value);
  }
});

describe("what is set", () => {
  test("off_rules", () => {
    expect(redactWith({ off_rules: "github-token, jwt" }, github)).toBe(github);
  });

  test("allow: literal values and patterns", () => {
    expect(redactWith({ allow: JSON.stringify([github]) }, github)).toBe(github);
    expect(redactWith({ allow: '["/^ghp_/i"]' }, `${github} ${github}`)).toBe(`${github} ${github}`);
    expect(redactWith({ allow: '["ghp_"]' }, github)).toBe("[redacted:github-token#1]");
  });

  test("extra_patterns: the whole match, or the first group", () => {
    const extra_patterns = JSON.stringify([
      { id: "ticket", pattern: "ACME-\\d{4}" },
      { id: "badge", pattern: "badge (\\d+)", flags: "i" },
    ]);
    expect(redactWith({ extra_patterns }, "ACME-1234 Badge 77")).toBe(
      "[redacted:ticket#1] Badge [redacted:badge#1]",
    );
  });

  test("entropy", () => {
    const text = "password=Dragon2031!";
    expect(redactWith({}, text)).toBe("password=[redacted:assigned-secret-line#1]".replace("-line", ""));
    expect(redactWith({ entropy: "6" }, "api_key=aaaabbbb1111aaaa")).toBe("api_key=aaaabbbb1111aaaa");
  });
});

describe("a mistake is named, and the defaults count", () => {
  const rule = (id: string, pattern: string, flags?: string) => ({ id, pattern, flags });
  const extra = (...rules: object[]) => ({ extra_patterns: JSON.stringify(rules) });

  test.each([
    [{ truncated: "maybe" }, "config key 'truncated' must be 'withhold' or 'pass', not 'maybe'"],
    [{ entropy: "9" }, "config key 'entropy' must be a number between 0 and 6; 2.8 counts"],
    [{ entropy: "high" }, "config key 'entropy' must be a number"],
    [{ warn_messages: "maybe" }, "config key 'warn_messages' must be true or false"],
    [{ ask_about_marks: "never" }, "config key 'ask_about_marks' must be true or false"],
    [{ off_rules: "git-hub" }, "config key 'off_rules': there is no rule 'git-hub'"],
    [{ allow: "x" }, "config key 'allow' must hold JSON"],
    [{ allow: "{}" }, "config key 'allow' must be a JSON list of strings"],
    [{ allow: '["a", 1]' }, "config key 'allow', entry 2: must be a non-empty string"],
    [{ allow: '["/(/"]' }, "config key 'allow', entry 1: "],
    [{ allow: '["/.*/"]' }, "config key 'allow', entry 1: the pattern matches the empty string"],
    [{ allow: '["/a(?=b)/"]' }, "config key 'allow', entry 1: "],
    [{ extra_patterns: "{}" }, "config key 'extra_patterns' must be a JSON list"],
    [{ extra_patterns: "[" }, "config key 'extra_patterns' must hold JSON"],
    [extra(rule("a", "b"), rule("c", "(")), "config key 'extra_patterns', entry 2: "],
    [extra(rule("a", "(b)\\1")), "config key 'extra_patterns', entry 1: "],
    [extra(rule("A b", "b")), "config key 'extra_patterns', entry 1: 'id' must be"],
    [extra(rule("a", "b*")), "entry 1: ('a') the pattern matches the empty string"],
    [extra(rule("a", "b", "k")), "entry 1: 'flags' may hold"],
    [extra(rule("jwt", "b")), "entry 1: the id 'jwt' is already in use"],
    [extra({ ...rule("a", "b"), patern: "x" }), "entry 1: unknown member 'patern'"],
    [extra(rule("a", "x{0,500}y")), "entry 1: the pattern is too large"],
    [
      extra(...Array.from({ length: 60 }, (_, n) => rule(`r${n}`, "abc"))),
      "entry 51: at most 50 rules count",
    ],
  ] satisfies [Partial<Config>, string][])("%j", (config, message) => {
    const settings = readSettings({ ...DEFAULTS, ...config });
    expect(settings.problems.join("\n")).toContain(message);
    expect(createRedactor(settings).redact(github).text).toBe("[redacted:github-token#1]");
    expect(settings).toMatchObject({ truncated: "withhold", entropy: 2.8, askAboutMarks: true });
  });

  test("the other entries of a list still count", () => {
    const config = extra(rule("bad", "("), rule("ticket", "ACME-\\d{4}"));
    expect(redactWith(config, "ACME-1234")).toBe("[redacted:ticket#1]");
  });
});

test("a pattern that would take an engine with backtracking for ever ends", () => {
  const text = `${"a".repeat(200_000)}!`;
  expect(redactWith({ extra_patterns: '[{"id":"slow","pattern":"(a+)+$"}]' }, text)).toBe(text);
  expect(redactWith({ allow: '["/(a+)+b$/"]' }, `${text} ${github}`)).toBe(
    `${text} [redacted:github-token#1]`,
  );
});
