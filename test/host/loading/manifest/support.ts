import { parseManifest, type ManifestProblem } from "@synaps/sdk/manifest";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { expect } from "vitest";

/** The smallest valid `extension` section with a hook. */
export const VALID = {
  runtime: "process",
  command: "node",
  permissions: ["tools.intercept"],
  hooks: [{ hook: "before_tool_call" }],
};

/** Reads a manifest with this `extension` section, or this text. */
export function parse(extension: unknown, id = "my-ext"): ReturnType<typeof parseManifest> {
  const text = typeof extension === "string" ? extension : JSON.stringify({ name: id, extension });
  return parseManifest(text, { id, catalogs: [synapsCatalog] });
}

/** The one problem of a valid manifest with some keys replaced. */
export function problem(patch: Readonly<Record<string, unknown>>): ManifestProblem {
  const parsed = parse({ ...VALID, ...patch });
  if (parsed.kind !== "invalid") throw new Error(`it is ${parsed.kind}`);
  expect(parsed.problems).toHaveLength(1);
  const [only] = parsed.problems;
  if (!only) throw new Error("no problem");
  expect(only.hint, "every error says what to do").toBeTruthy();
  return only;
}
