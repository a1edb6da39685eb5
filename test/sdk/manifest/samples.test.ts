import { readdirSync, readFileSync } from "node:fs";
import { parseManifest } from "@synaps/sdk/manifest";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { repo } from "../../helpers/paths.js";

const namesIn = (folder: string): string[] =>
  readdirSync(repo(`manifests/${folder}`))
    .filter((name) => !name.endsWith(".expected.json"))
    .map((name) => name.replace(/\.json$/, ""));
const read = (path: string): string => readFileSync(repo(`manifests/${path}.json`), "utf8");

describe("the samples in manifests/", () => {
  it.each(namesIn("valid"))("valid: %s", (name) => {
    const parsed = parseManifest(read(`valid/${name}`), { id: name, catalogs: [synapsCatalog] });
    expect(parsed).not.toHaveProperty("problems");
    const warnings = parsed.kind === "extension" ? parsed.warnings.map(({ code }) => code) : [];
    expect(warnings).toEqual(name.includes("only-warned") ? ["MANIFEST_NOT_ENFORCED"] : []);
  });

  it.each(namesIn("invalid"))("invalid: %s", (name) => {
    const { pointer, message } = JSON.parse(read(`invalid/${name}.expected`)) as Record<string, string>;
    const parsed = parseManifest(read(`invalid/${name}`), { id: name, catalogs: [synapsCatalog] });
    if (parsed.kind !== "invalid") throw new Error(`${name} was accepted`);
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems[0]).toMatchObject({
      severity: "error",
      pointer,
      message: expect.stringContaining(message ?? "") as string,
      hint: expect.stringMatching(/\S.*[.?]$/) as string,
    });
  });

  it.each(namesIn("reduced"))("valid without what is wrong: %s", (name) => {
    const { pointer, message } = JSON.parse(read(`reduced/${name}.expected`)) as Record<string, string>;
    const parsed = parseManifest(read(`reduced/${name}`), { id: name, catalogs: [synapsCatalog] });
    if (parsed.kind !== "extension") throw new Error(`${name} is ${parsed.kind}`);
    expect(parsed.warnings).toHaveLength(1);
    expect(parsed.warnings[0]).toMatchObject({
      severity: "warning",
      code: "MANIFEST_ENTRY_UNUSED",
      pointer,
      message: expect.stringContaining(message ?? "") as string,
      hint: expect.stringMatching(/\S.*[.?]$/) as string,
    });
  });

  it.each(["invalid", "reduced"])("has an expectation for each one in %s and no other", (folder) => {
    expect(readdirSync(repo(`manifests/${folder}`))).toHaveLength(2 * namesIn(folder).length);
  });
});
