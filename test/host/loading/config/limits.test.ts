import { brokenLimit, parseManifest, type ConfigEntry } from "@synaps/sdk/manifest";
import { synapsCatalog, type JsonValue } from "@synaps/sdk/protocol";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkedText } from "../../../../packages/host/src/loading/config/check.js";
import { LiveConfig } from "../../../../packages/host/src/loading/config/live-config.js";
import { resolveConfig, type ConfigSources } from "../../../../packages/host/src/loading/config/resolve.js";
import { repo } from "../../../helpers/paths.js";
import { verifies } from "../../../requirements/verifies.js";

const MODE: ConfigEntry = {
  key: "mode",
  type: "string",
  required: false,
  enum: ["enforce", "ask", "log"],
  default: "enforce",
};
const LEVEL: ConfigEntry = { key: "level", type: "number", required: true, min: 0, max: 6 };
const from = (file: Record<string, string>): ConfigSources => ({
  env: {},
  file: new Map(Object.entries(file)),
  global: new Map(),
  projectRoot: undefined,
});

it.each<[Partial<ConfigEntry>, JsonValue, string | undefined]>([
  [{ enum: ["a", "b"] }, "a", undefined],
  [{ enum: ["alpha", "beta"] }, "alpa", "one of alpha, beta (did you mean 'alpha'?)"],
  [{ enum: ["alpha", "beta"] }, "secret", "one of alpha, beta"],
  [{ enum: [1, 2] }, 2, undefined],
  [{ enum: [1, 2] }, "2", "one of 1, 2 (did you mean '2'?)"],
  [{ min: 1 }, 0.5, "a number of at least 1"],
  [{ max: 1 }, 2, "a number of at most 1"],
  [{ min: 1, max: 3 }, 4, "a number from 1 to 3"],
  [{ min: 1, max: 3 }, 1, undefined],
  [{ max_length: 2 }, "abc", "text of at most 2 characters"],
  [{ max_length: 2 }, "😀😀", undefined],
  [{}, "anything", undefined],
])("%j and %j", (limits, value, wanted) => {
  expect(brokenLimit(limits, value)).toBe(wanted);
});

it("a suggestion and a list are bounded", () => {
  const long = "x".repeat(5_000);
  expect(brokenLimit({ enum: [long] }, "y")?.length).toBeLessThan(200);
  expect(brokenLimit({ enum: [long] }, long.slice(1))?.length).toBeLessThan(200);
});

describe(verifies("CFG-071") + "a value outside of the limits", () => {
  it("gives way to the default in protocol 3, and is named", () => {
    const resolved = resolveConfig("mine", [MODE], from({ mode: "lgo" }), true);
    expect(resolved).toEqual({
      values: { mode: "enforce" },
      sources: { mode: "default" },
      missing: [],
      invalid: [
        {
          key: "mode",
          index: 0,
          wanted: "one of enforce, ask, log (did you mean 'log'?)",
          source: "plugin_config",
          defaulted: true,
        },
      ],
    });
  });

  it("is no value where there is no default, and stays as found in earlier protocols", () => {
    const three = resolveConfig("mine", [LEVEL], from({ level: "7" }), true);
    expect([three.values, three.missing]).toEqual([{}, []]);
    expect(three.invalid).toMatchObject([{ wanted: "a number from 0 to 6", defaulted: false }]);
    const one = resolveConfig("mine", [MODE, LEVEL], from({ mode: "lgo", level: "7" }));
    expect(one.values).toEqual({ mode: "lgo", level: "7" });
    expect(one.invalid.map(({ defaulted }) => defaulted)).toEqual([false, false]);
  });

  it("changes nothing while the extension runs", () => {
    const options = { id: "mine", entries: [MODE], sources: from({}), typed: true };
    const live = new LiveConfig({ ...options, file: new Map([["mode", "ask"]]) });
    const { changes, invalid } = live.update(new Map([["mode", "lgo"]]));
    expect([changes, live.values]).toEqual([[], { mode: "ask" }]);
    expect(invalid).toHaveLength(1);
  });
});

it.each([
  ["mode", "lgo", "'mode' must be one of enforce, ask, log (did you mean 'log'?)"],
  ["level", "7", "'level' must be a number from 0 to 6"],
  ["level", "much", "'level' must be a number"],
])(verifies("CFG-072") + "setting %s to %s is refused", (key, value, message) => {
  expect(() => checkedText([MODE, LEVEL], key, value, true)).toThrow(message);
  expect(checkedText([MODE, LEVEL], key, value, false)).toBe(value);
});

it(verifies("CFG-070") + "the samples of limits are read, and all contradictions are found", () => {
  const text = readFileSync(repo("manifests/valid/config-limits.json"), "utf8");
  const parsed = parseManifest(text, { id: "sample", catalogs: [synapsCatalog] });
  if (parsed.kind !== "extension") throw new Error("the sample was not accepted");
  expect(parsed.extension.config[0]).toMatchObject({ enum: ["enforce", "ask"] });
  const wrong = text
    .replace('"enforce"', "5")
    .replace('"max": 6', '"max": -6')
    .replace('"max_length": 20', '"max_length": 20, "min": 3');
  const both = parseManifest(wrong, { id: "sample", catalogs: [synapsCatalog] });
  expect(both.kind === "invalid" && both.problems.map(({ pointer }) => pointer)).toEqual([
    "/extension/config/0/enum/0",
    "/extension/config/2/min",
    "/extension/config/4/min",
  ]);
});
