import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { synapsCatalog } from "@synaps/sdk/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidate } from "../../../../packages/host/src/loading/manifest/discover.js";
import { loadExtension, type LoadResult } from "../../../../packages/host/src/loading/manifest/load.js";
import { tempDir, writeExtension } from "../../../helpers/temp.js";
import { parse, problem, VALID } from "./support.js";

const context = (baseDir: string) => ({
  catalogs: [synapsCatalog],
  baseDir,
  sources: { env: {}, global: new Map<string, string>(), projectRoot: undefined },
});

/** Loads an extension in whose manifest's or configuration's place something else was put. */
function loadWith(place: "manifest" | "config", put: (path: string) => void): Promise<LoadResult> {
  const base = tempDir();
  const config = [{ key: "size", default: 1 }];
  const root = writeExtension(`${base}/plugins`, "x", { ...VALID, config });
  const path = place === "manifest" ? candidate(root, "named").manifestPath : `${base}/plugins/x/config`;
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  put(path);
  return loadExtension(candidate(root, "named"), context(base));
}

describe.each(["manifest", "config"] as const)(
  "a %s that is no ordinary file is named: a manifest is refused, for a config the defaults count",
  (place) => {
    it.each([
      ["a pipe that nobody writes to", "not a file", (path: string) => void execFileSync("mkfifo", [path])],
      ["a folder", "not a file", (path: string) => void mkdirSync(path)],
      ["a device without an end", "not a file", (path: string) => symlinkSync("/dev/zero", path)],
      ["a link to itself", "ELOOP", (path: string) => symlinkSync(path, path)],
      [
        "a file of five megabytes",
        "larger than",
        (path: string) => writeFileSync(path, " ".repeat(5_000_000)),
      ],
    ])("%s", async (_, message, put) => {
      const told = { message: expect.stringContaining(message) };
      expect(await loadWith(place, put)).toMatchObject(
        place === "manifest"
          ? { kind: "invalid", diagnostics: [{ code: "MANIFEST_UNREADABLE", ...told }] }
          : {
              kind: "loaded",
              extension: { config: { size: 1 } },
              warnings: [{ code: "CONFIG_UNREADABLE", severity: "warning", ...told }],
            },
      );
    });
  },
);

const CLOSED = {
  config: [{ key: "size", default: 1 }],
  permissions: ["tools.intercept", "hooks.fail_closed"],
  hooks: [{ hook: "before_tool_call", on_failure: "closed" }],
};
it.each([
  ["needs a value", { config: [{ key: "address", required: true }] }],
  ["fails closed", CLOSED],
])("a config that is no ordinary file is refused where the extension %s", async (_, section) => {
  const base = tempDir();
  const root = writeExtension(`${base}/plugins`, "x", { ...VALID, ...section });
  mkdirSync(`${base}/plugins/x/config`);
  expect(await loadExtension(candidate(root, "named"), context(base))).toMatchObject({
    kind: "invalid",
    diagnostics: [{ code: "CONFIG_UNREADABLE", severity: "error" }],
  });
});

it("a manifest that nests too deep is refused, however deep", () => {
  for (const levels of [129, 10_000, 1_000_000]) {
    const deep = `{"name":"x","extension":${"[".repeat(levels)}${"]".repeat(levels)}}`;
    expect(parse(deep)).toMatchObject({ kind: "invalid", problems: [{ code: "MANIFEST_NOT_JSON" }] });
  }
});

it("any JSON in any place of the section is loaded or refused, and never throws", async () => {
  const keys = ["runtime", "command", "args", "permissions", "hooks", "config", "env", "tools", "commands"];
  const more = ["keybinds", "protocol_version", "prebuilt", "setup", "providers", "activation", "sandbox"];
  const odd = fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "",
    "\0",
    "a".repeat(10_000),
    -0,
    1e308,
  );
  const value = fc.oneof(fc.jsonValue(), odd, fc.array(odd), fc.dictionary(fc.string(), odd));
  const patch = fc.dictionary(fc.constantFrom(...keys, ...more, "__proto__"), value, {
    noNullPrototype: true,
  });
  const base = tempDir();
  await fc.assert(
    fc.asyncProperty(patch, async (change) => {
      const root = writeExtension(base, "x", { ...VALID, ...change });
      const loaded = await loadExtension(candidate(root, "named"), context(base));
      if (loaded.kind === "invalid") expect(loaded.diagnostics.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

describe("a number whose digits JSON does not keep", () => {
  const INEXACT = { pointer: expect.any(String), message: expect.stringContaining("more digits") };

  it.each([
    [
      "the default of a configuration value",
      "/extension/config/0/default",
      '"config":[{"key":"id","default":725653563933458433}]',
    ],
    [
      "what a filter compares",
      "/extension/hooks/0/match/input_equals/id",
      '"hooks":[{"hook":"before_tool_call","match":{"input_equals":{"id":18446744073709551615}}}]',
    ],
  ])("is refused as %s", (_, pointer, member) => {
    const section = JSON.stringify(VALID)
      .replace(/"hooks".*/, "")
      .replace(/^\{/, "");
    const hooks = member.startsWith('"hooks"') ? "" : ',"hooks":[{"hook":"before_tool_call"}]';
    const parsed = parse(`{"name":"x","extension":{${section}${member}${hooks}}}`);
    expect(parsed).toMatchObject({ kind: "invalid", problems: [{ ...INEXACT, pointer }] });
  });

  it("is nobody's business elsewhere", () => {
    const text = JSON.stringify({ name: "x", extension: { ...VALID }, stars: 1 }).replace(
      '"stars":1',
      '"stars":725653563933458433',
    );
    expect(parse(text)).toMatchObject({ kind: "extension", warnings: [] });
    expect(problem({ runtime: "x" }).pointer).toBe("/extension/runtime");
  });
});
