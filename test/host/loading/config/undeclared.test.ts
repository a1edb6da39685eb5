import { parseManifest } from "@synaps/sdk/manifest";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadConfig } from "../../../../packages/host/src/loading/manifest/load-config.js";
import { tempDir } from "../../../helpers/temp.js";
import { writeFileSync, mkdirSync } from "node:fs";

/** Diagnostics of loading a file with these lines, where the manifest declares these keys. */
async function said(lines: string, keys: readonly string[]) {
  const baseDir = tempDir();
  mkdirSync(join(baseDir, "plugins", "mine"), { recursive: true });
  writeFileSync(join(baseDir, "plugins", "mine", "config"), lines);
  const section = {
    protocol_version: 3,
    runtime: "process",
    command: "node",
    permissions: ["tools.intercept"],
    hooks: [{ hook: "before_tool_call" }],
    config: keys.map((key) => ({ key, type: "string" })),
  };
  const text = JSON.stringify({ name: "mine", version: "1.0.0", extension: section });
  const parsed = parseManifest(text, { id: "mine", catalogs: [synapsCatalog] });
  if (parsed.kind !== "extension") throw new Error("the manifest was not accepted");
  const candidate = { id: "mine", manifestPath: "plugin.json", folder: baseDir };
  const sources = { env: {}, global: new Map<string, string>(), projectRoot: undefined };
  const { live, diagnostics } = await loadConfig(candidate as never, parsed.extension, {
    baseDir,
    sources,
  });
  expect(live).toBeDefined();
  return diagnostics.map(({ severity, code, message, hint }) => ({ severity, code, message, hint }));
}

it("names each key of the file that the manifest does not declare, as a warning, and suggests the one that was meant", async () => {
  const warning = { severity: "warning", code: "CONFIG_INVALID" };
  expect(await said("blok = x\nbeside = y\nmode = z\n", ["mode", "block"])).toMatchObject([
    {
      ...warning,
      message: expect.stringContaining("the key 'blok'") as string,
      hint: expect.stringContaining("'block'") as string,
    },
    { ...warning, message: expect.stringContaining("the key 'beside'") as string },
  ]);
});

it("is silent where every key is declared, and where the manifest declares none", async () => {
  expect(await said("mode = z\n", ["mode"])).toEqual([]);
  expect(await said("mode = z\n", [])).toEqual([]);
});

it("names ten keys at most, and no value", async () => {
  const lines = Array.from({ length: 40 }, (_, n) => `other${n} = a-private-value`).join("\n");
  const all = await said(lines, ["mode"]);
  expect(all).toHaveLength(10);
  expect(JSON.stringify(all)).not.toContain("a-private-value");
});
