import type { ConfigEntry } from "@synaps/sdk/manifest";
import { forbiddenEnvName, overrideName, ownEnvironment } from "@synaps/sdk/manifest";
import { parseConfigText } from "../../../../packages/host/src/loading/config/config-file.js";
import { findProjectRoot } from "../../../../packages/host/src/loading/config/project-root.js";
import {
  redacted,
  resolveConfig,
  type ConfigSources,
} from "../../../../packages/host/src/loading/config/resolve.js";
import { typedValue } from "../../../../packages/host/src/loading/config/typed-value.js";
import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempDir } from "../../../helpers/temp.js";
import { verifies } from "../../../requirements/verifies.js";

const NONE: ConfigSources = { env: {}, file: new Map(), global: new Map(), projectRoot: undefined };

/** The answer of every source at once; a test takes away the first of them one by one. */
const ALL: ConfigSources = {
  env: { SYNAPS_EXTENSION_MY_EXT_API_KEY: "from override", MY_SECRET: "from secret" },
  file: new Map([["api-key", "from file"]]),
  global: new Map([["extension.my-ext.api-key", "from global"]]),
  projectRoot: "/from/host",
};

const entry = (more: Partial<ConfigEntry> = {}): ConfigEntry => ({
  key: "api-key",
  required: false,
  ...more,
});

function value(wanted: ConfigEntry, sources: ConfigSources): [unknown, unknown] {
  const { values, sources: from } = resolveConfig("my-ext", [wanted], sources);
  return [from["api-key"], values["api-key"]];
}

it(
  verifies("CFG-001") + "the sources come in the reference's order, the first that has a value counts",
  () => {
    const wanted = entry({ secret_env: "MY_SECRET", default: 5 });
    const without = { ...ALL };
    expect(value(entry({ host_context: "project_root", default: "d" }), without)).toEqual([
      "host_context",
      "/from/host",
    ]);
    expect(value(wanted, without)).toEqual(["env_override", "from override"]);
    without.env = { MY_SECRET: "from secret" };
    expect(value(wanted, without)).toEqual(["secret_env", "from secret"]);
    without.env = {};
    expect(value(wanted, without)).toEqual(["plugin_config", "from file"]);
    without.file = new Map();
    expect(value(wanted, without)).toEqual(["legacy_config_key", "from global"]);
    without.global = new Map();
    expect(value(wanted, without)).toEqual(["default", 5]);
    expect(value(entry({ secret_env: "MY_SECRET" }), without)).toEqual(["missing", undefined]);
  },
);

it(
  verifies("CFG-002") +
    "host_context takes its value from the host, else its default, and nothing in between",
  () => {
    const wanted = entry({ host_context: "project_root", default: "/default" });
    expect(value(wanted, { ...ALL, projectRoot: undefined })).toEqual(["default", "/default"]);
    expect(value(entry({ host_context: "project_root" }), { ...ALL, projectRoot: undefined })).toEqual([
      "missing",
      undefined,
    ]);
  },
);

it(verifies("CFG-003") + "only a default may be something else than text, and it keeps its type", () => {
  for (const fallback of [5, false, 0, "", [1], { a: 1 }]) {
    expect(value(entry({ default: fallback, type: "string" }), NONE)).toEqual(["default", fallback]);
  }
  expect(value(entry({ type: "number" }), { ...NONE, file: new Map([["api-key", "7"]]) })).toEqual([
    "plugin_config",
    "7",
  ]);
});

it(verifies("CFG-004") + "an empty value is a value", () => {
  const wanted = entry({ default: "d" });
  expect(value(wanted, { ...NONE, env: { SYNAPS_EXTENSION_MY_EXT_API_KEY: "" } })).toEqual([
    "env_override",
    "",
  ]);
  expect(value(wanted, { ...NONE, file: new Map([["api-key", ""]]) })).toEqual(["plugin_config", ""]);
});

it(verifies("CFG-005") + "a required key without a value is named with what could supply it", () => {
  const wanted = [entry({ key: "a" }), entry({ required: true, secret_env: "MY_SECRET" })];
  const { missing } = resolveConfig("my-ext", wanted, NONE);
  expect(missing).toEqual([
    {
      key: "api-key",
      index: 1,
      hint: "Set MY_SECRET or SYNAPS_EXTENSION_MY_EXT_API_KEY in the environment, or 'api-key = ...' in the extension's config file.",
    },
  ]);
});

it(verifies("CFG-006") + "in the name of an override only '-' becomes '_', then all is upper case", () => {
  expect(overrideName("my-ext", "api-key")).toBe("SYNAPS_EXTENSION_MY_EXT_API_KEY");
  expect(overrideName("my.ext", "key")).toBe("SYNAPS_EXTENSION_MY.EXT_KEY");
});

const CREDENTIALS = [
  "ANTHROPIC_API_KEY",
  "OPENAI_API_KEY",
  "GEMINI_API_KEY",
  "GOOGLE_API_KEY",
  "XAI_API_KEY",
  "GROQ_API_KEY",
  "OPENROUTER_API_KEY",
  "DEEPSEEK_API_KEY",
  "MISTRAL_API_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
];

it(
  verifies("CFG-053") + "a variable that may be another extension's override is named by its own key only",
  () => {
    const name = "SYNAPS_EXTENSION_NOTES_PRO_TOKEN";
    expect(forbiddenEnvName(name, "notes")).toContain("another extension");
    expect(forbiddenEnvName(name, "notes", ["token", "pro"])).toContain("another extension");
    expect(forbiddenEnvName(name, "notes", ["pro-token"])).toBeUndefined();
    expect(forbiddenEnvName(name, "notes-pro")).toBeUndefined();
  },
);

it(verifies("CFG-053") + "an extension does not see overrides of one whose id begins like its own", () => {
  const env = {
    SYNAPS_EXTENSION_NOTES_TOKEN: "own",
    SYNAPS_EXTENSION_NOTES_PRO_TOKEN: "another's",
    synaps_extension_notes_pro_x: "another's",
    PATH: "/bin",
  };
  expect(ownEnvironment(env, "notes", ["notes", "notes-pro", "other"])).toEqual({
    SYNAPS_EXTENSION_NOTES_TOKEN: "own",
    PATH: "/bin",
  });
  expect(ownEnvironment(env, "notes-pro", ["notes", "notes-pro"])).toEqual(env);
  expect(ownEnvironment(env, "notes", ["notes"])).toBe(env);
});

it.each(CREDENTIALS)(verifies("CFG-007") + "%s is the host's, however it is written", (name) => {
  for (const spelled of [name, name.toLowerCase(), ` ${name} `, name[0] + name.slice(1).toLowerCase()]) {
    expect(forbiddenEnvName(spelled, "my-ext"), spelled).toContain("host credential");
  }
});

it(
  verifies("CFG-007") +
    "SYNAPS_* is the host's, but for the extension's own variables; an empty name is nothing",
  () => {
    for (const name of [
      "SYNAPS_BASE_DIR",
      "synaps_token",
      "SYNAPS_EXTENSION_OTHER_KEY",
      "SYNAPS_EXTENSION_MY_EX_KEY",
    ]) {
      expect(forbiddenEnvName(name, "my-ext"), name).toContain("host namespace");
    }
    expect(forbiddenEnvName("SYNAPS_EXTENSION_MY_EXT_KEY", "my-ext")).toBeUndefined();
    expect(forbiddenEnvName("synaps_extension_my_ext_key", "my-ext")).toBeUndefined();
    for (const name of ["", "  "]) expect(forbiddenEnvName(name, "my-ext")).toContain("empty");
    expect(forbiddenEnvName("MY_SECRET", "my-ext")).toBeUndefined();
  },
);

it(verifies("CFG-008") + "shown values keep their last characters at most", () => {
  expect(["", "a", "abc", "abcd", "abcdefg", "abcdefgh", "sk-1234567890"].map(redacted)).toEqual([
    "",
    "***",
    "***",
    "***cd",
    "***fg",
    "***efgh",
    "***7890",
  ]);
});

it(
  verifies("CFG-009") +
    "a configuration file holds 'key = value' lines; comments and blank lines do not count",
  () => {
    const text = "\uFEFF# comment\r\n a = 1 \n\nb=x = y\nnonsense\n= nothing\nc =\na = 2\n";
    expect([...parseConfigText(text)]).toEqual([
      ["a", "2"],
      ["b", "x = y"],
      ["c", ""],
    ]);
  },
);

it(
  verifies("CFG-010") +
    "the project root is the nearest folder above with .git or .synaps-project, links resolved",
  () => {
    const top = realpathSync(tempDir());
    mkdirSync(join(top, "repo", ".git"), { recursive: true });
    mkdirSync(join(top, "repo", "inner", ".synaps-project"), { recursive: true });
    mkdirSync(join(top, "repo", "inner", "deep"), { recursive: true });
    mkdirSync(join(top, "repo", "other"));
    symlinkSync(join(top, "repo", "other"), join(top, "link"));
    expect(findProjectRoot(join(top, "repo", "inner", "deep"))).toBe(join(top, "repo", "inner"));
    expect(findProjectRoot(join(top, "repo", "other"))).toBe(join(top, "repo"));
    expect(findProjectRoot(join(top, "link"))).toBe(join(top, "repo"));
    expect(findProjectRoot(join(top, "absent"))).toBeUndefined();
  },
);

it("a whole number beyond 2^53 is not handed on as another number", () => {
  const numbers = ["725653563933458433", "-9007199254740993", "1e999", "+9007199254740992"];
  for (const text of numbers) {
    const wanted = entry({ type: "number" });
    const { values, invalid } = resolveConfig(
      "my-ext",
      [wanted],
      { ...NONE, file: new Map([["api-key", text]]) },
      true,
    );
    const said = text === "1e999" ? "a number" : "a number of at most 15 digits, so that none is lost";
    expect([values, invalid[0]?.wanted], text).toEqual([{}, said]);
  }
  for (const [text, number] of [
    ["9007199254740991", 9007199254740991],
    ["+7", 7],
    ["1e21", 1e21],
    ["0.1", 0.1],
  ] as const)
    expect(typedValue("number", text)).toBe(number);
  const untyped = resolveConfig("my-ext", [entry({ type: "number" })], {
    ...NONE,
    file: new Map([["api-key", "725653563933458433"]]),
  });
  expect(untyped.values).toEqual({ "api-key": "725653563933458433" });
});
