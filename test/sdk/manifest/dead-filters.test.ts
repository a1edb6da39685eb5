import { parseManifest } from "@synaps/sdk/manifest";
import { synapsCatalog } from "@synaps/sdk/protocol";
import { describe, expect, it } from "vitest";
import { verifies } from "../../requirements/verifies.js";

interface Found {
  code: string;
  pointer: string;
  hint: string | undefined;
}

/** The warnings about a manifest with this hook, or with more members of the section. */
function warningsOf(hook: object, section: object = {}): Found[] {
  const extension = {
    protocol_version: 3,
    runtime: "process",
    command: "node",
    permissions: ["tools.intercept", "privacy.llm_content"],
    hooks: [{ hook: "before_tool_call", ...hook }],
    ...section,
  };
  const parsed = parseManifest(JSON.stringify({ name: "x", extension }), {
    id: "x",
    catalogs: [synapsCatalog],
  });
  if (parsed.kind !== "extension") throw new Error(JSON.stringify(parsed));
  return parsed.warnings.map(({ code, pointer, hint }) => ({ code, pointer, hint }));
}

describe("filters that no event can pass", () => {
  it.each([
    [{ tool: "" }, "/tool"],
    [{ tool: "*" }, "/tool"],
    [{ tool: "mcp__*" }, "/tool"],
    [{ tool: "bash|write" }, "/tool"],
    [{ tool: "bash(rm *)" }, "/tool"],
    [{ tool: " bash" }, "/tool"],
    [{ tools: [] }, "/tools"],
    [{ tools: ["bash", "a|b"] }, "/tools/1"],
    [{ tools: ["^bash$"] }, "/tools/0"],
    [{ tools: ["mcp__.*"] }, "/tools/0"],
    [{ tools: ["bash,write"] }, "/tools/0"],
    [{ tools: ["ba[sz]h"] }, "/tools/0"],
    [{ match: { input_contains: '"command": "rm' } }, "/match/input_contains"],
    [{ match: { input_contains: 'echo "hi"' } }, "/match/input_contains"],
    [{ match: { input_contains: "a\nb" } }, "/match/input_contains"],
    [{ hook: "before_message", match: { input_contains: "x" } }, "/match"],
  ])(verifies("TRUST-010") + "%j", (hook, at) => {
    expect(warningsOf(hook)).toMatchObject([
      { code: "MANIFEST_DEAD_FILTER", pointer: `/extension/hooks/0${at}` },
    ]);
  });

  it.each([
    {},
    { tool: "bash" },
    { tool: "ext:do-it" },
    { tools: ["bash", "mcp__*", "file.read", "ext:*"] },
    { match: { input_contains: "rm -rf" } },
    { match: { input_contains: '"command":"rm' } },
    { match: { input_contains: '{"a":"x","b":[1,"y"]}' } },
    { match: { input_contains: 'echo \\"hi\\"' } },
    { match: { input_equals: { a: 1 } } },
  ])("not %j", (hook) => {
    expect(warningsOf(hook)).toEqual([]);
  });
});

describe("unknown keys that look like safety settings", () => {
  it.each([
    [{ fail_closed: true }, "fail_closed", "Did you mean 'on_failure'?"],
    [{ onFailure: "closed" }, "onFailure", "Did you mean 'on_failure'?"],
    [{ required: true }, "required", "Did you mean 'on_failure'?"],
    [{ timeout: 5 }, "timeout", "Did you mean 'timeout_ms'?"],
    [{ matcher: "Bash" }, "matcher", "Did you mean 'tools'?"],
    [{ if: "x" }, "if", "Did you mean 'match'?"],
  ])(verifies("TRUST-010") + "in a hook: %j", (hook, key, hint) => {
    expect(warningsOf(hook)).toEqual([
      { code: "MANIFEST_UNKNOWN_KEY", pointer: `/extension/hooks/0/${key}`, hint },
    ]);
  });

  it(verifies("TRUST-010") + "in a place where they have no effect", () => {
    expect(warningsOf({}, { on_failure: "closed" })).toEqual([
      {
        code: "MANIFEST_UNKNOWN_KEY",
        pointer: "/extension/on_failure",
        hint: "It looks like a safety setting and has no effect here: 'on_failure' stands in an entry of /extension/hooks.",
      },
    ]);
  });

  it("not keys of other programs", () => {
    expect(warningsOf({ description: "x", "x-vendor": 1 }, { homepage: "x", author: "y" })).toEqual([]);
  });
});
