import { parseManifest, type ManifestProblem, type ParsedManifest } from "@synaps/sdk/manifest";
import { synapsCatalog } from "@synaps/sdk/protocol";

/** A section that is in order, with changes; a change to undefined removes the key. */
export function section(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    protocol_version: 1,
    runtime: "process",
    command: "node",
    permissions: ["tools.intercept"],
    hooks: [{ hook: "before_tool_call" }],
    ...change,
  };
}

export function parse(extension: unknown, id = "sample"): ParsedManifest {
  return parseManifest(JSON.stringify({ name: id, extension }), { id, catalogs: [synapsCatalog] });
}

/** What is wrong, as errors and warnings alike. */
export function problemsOf(parsed: ParsedManifest): ManifestProblem[] {
  if (parsed.kind === "invalid") return parsed.problems;
  return parsed.kind === "extension" ? parsed.warnings : [];
}

/** Problems of a section as "pointer: message". */
export function complaints(change: Record<string, unknown>, id?: string): string[] {
  return problemsOf(parse(section(change), id)).map(({ pointer, message }) => `${pointer}: ${message}`);
}

/** Problems of a single hook of protocol 3, with all the permissions that it could need. */
export function hookComplaints(hook: Record<string, unknown>, permissions: readonly string[] = []): string[] {
  return complaints({
    protocol_version: 3,
    permissions: ["tools.intercept", "session.lifecycle", "privacy.llm_content", ...permissions],
    hooks: [{ hook: "before_tool_call", ...hook }],
  });
}
