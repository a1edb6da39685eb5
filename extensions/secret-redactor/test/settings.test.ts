import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createRedactor, RULES } from "@synaps/guards/secrets";
import { CONFIG, readSettings } from "../src/settings.js";
import { TOKENS } from "./support/fake-secrets.js";
import { seeded } from "./support/random.js";

type Config = Parameters<typeof readSettings>[0];
const defaults: Config = {
  off_rules: "",
  extra_patterns: [],
  allow: [],
  truncated: "withhold",
  entropy: 2.8,
  warn_messages: true,
};
const redactWith = (config: Partial<Config>, text: string) =>
  createRedactor(readSettings({ ...defaults, ...config })).redact(text).text;
const github = TOKENS["github"]?.(seeded("settings")) ?? "";

test("the defaults switch every rule on", () => {
  expect(readSettings(defaults)).toMatchObject({
    rules: RULES,
    truncated: "withhold",
    entropy: 2.8,
    warnMessages: true,
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
    expect(redactWith({ allow: [github] }, github)).toBe(github);
    expect(redactWith({ allow: ["/^ghp_/i"] }, `${github} ${github}`)).toBe(`${github} ${github}`);
    expect(redactWith({ allow: ["ghp_"] }, github)).toBe("[redacted:github-token#1]");
  });

  test("extra_patterns: the whole match, or the first group", () => {
    const extra_patterns = [
      { id: "ticket", pattern: "ACME-\\d{4}" },
      { id: "badge", pattern: "badge (\\d+)", flags: "i" },
    ];
    expect(redactWith({ extra_patterns }, "ACME-1234 Badge 77")).toBe(
      "[redacted:ticket#1] Badge [redacted:badge#1]",
    );
  });

  test("entropy", () => {
    const text = "password=Dragon2031!";
    expect(redactWith({}, text)).toBe("password=[redacted:assigned-secret-line#1]".replace("-line", ""));
    expect(redactWith({ entropy: 6 }, "api_key=aaaabbbb1111aaaa")).toBe("api_key=aaaabbbb1111aaaa");
  });
});

describe("what refuses to start", () => {
  test.each([
    [{ truncated: "maybe" }, "config key 'truncated' must be 'withhold' or 'pass', not 'maybe'"],
    [{ entropy: 9 }, "config key 'entropy' must be between 0 and 6"],
    [{ off_rules: "git-hub" }, "config key 'off_rules': there is no rule 'git-hub'"],
    [{ allow: "x" }, "config key 'allow' must be a JSON list of strings"],
    [{ allow: ["a", 1] }, "config key 'allow', entry 2: must be a non-empty string"],
    [{ allow: ["/(/"] }, "config key 'allow', entry 1: Invalid regular expression"],
    [{ extra_patterns: {} }, "config key 'extra_patterns' must be a JSON list"],
    [
      {
        extra_patterns: [
          { id: "a", pattern: "b" },
          { id: "c", pattern: "(" },
        ],
      },
      "config key 'extra_patterns', entry 2 ('c'): Invalid regular expression",
    ],
    [{ extra_patterns: [{ id: "A b", pattern: "b" }] }, "config key 'extra_patterns', entry 1: 'id' must be"],
    [{ extra_patterns: [{ id: "a", pattern: "b*" }] }, "entry 1 ('a'): the pattern matches the empty string"],
    [{ extra_patterns: [{ id: "a", pattern: "b", flags: "y" }] }, "entry 1 ('a'): 'flags' may hold"],
    [{ extra_patterns: [{ id: "jwt", pattern: "b" }] }, "entry 1: the id 'jwt' is already in use"],
  ] satisfies [Partial<Config>, string][])("%j", (config, message) => {
    expect(() => readSettings({ ...defaults, ...config })).toThrow(message);
  });
});
