import { DEFERRED_REASONS, readDeferred, type DeferredReason } from "@synaps/sdk/manifest";
import { describe, expect, it } from "vitest";
import { complaints, parse, section } from "../../helpers/manifests.js";
import { verifies } from "../../requirements/verifies.js";

type Change = Record<string, unknown>;

const TOOL = { name: "echo", description: "Says it again", input_schema: { type: "object" } };
const MODEL = { id: "small" };
const PROVIDER = { id: "local", display_name: "Local", description: "Here", models: [MODEL] };
const CONTEXT = { id: "notes", capability: "notes.search", description: "Notes", schema_version: 1 };
const ALL = ["tools.register", "providers.register", "context_providers.register", "tools.intercept"];
const LARGE = { text: "x".repeat(64 * 1024) };
const at = (list: string, more = ""): string => `/extension/deferred/${list}${more}`;
const many = (one: Change, count: number, key: string): Change[] =>
  Array.from({ length: count }, (_, index) => ({ ...one, [key]: `n${index}` }));

const tool = (change: Change): Change => ({ tools: [{ ...TOOL, ...change }] });
const provider = (change: Change): Change => ({ providers: [{ ...PROVIDER, ...change }] });
const model = (change: Change): Change => provider({ models: [{ ...MODEL, ...change }] });
const context = (change: Change): Change => ({ context_providers: [{ ...CONTEXT, ...change }] });

/** What each bound refuses, where, and by which token. */
const REFUSED: readonly [DeferredReason, string, Change][] = [
  ["invalid_deferred_block", at("tools"), { tools: {} }],
  ["invalid_deferred_block", at("tools", "/0"), { tools: ["echo"] }],
  ["invalid_lifecycle", at("lifecycle"), { lifecycle: "event" }],
  ["too_many_declared_tools", at("tools"), { tools: many(TOOL, 257, "name") }],
  ["invalid_declared_tool_name", at("tools", "/0/name"), tool({ name: "" })],
  ["invalid_declared_tool_name", at("tools", "/0/name"), tool({ name: 7 })],
  ["invalid_declared_tool_name", at("tools", "/0/name"), tool({ name: "a:b" })],
  ["invalid_declared_tool_name", at("tools", "/0/name"), tool({ name: "a\u001b[31m" })],
  ["invalid_declared_tool_name", at("tools", "/0/name"), tool({ name: "é".repeat(65) })],
  ["duplicate_declared_tool_name", at("tools", "/1/name"), { tools: [TOOL, TOOL] }],
  ["invalid_declared_tool_description", at("tools", "/0/description"), tool({ description: " \t" })],
  [
    "invalid_declared_tool_description",
    at("tools", "/0/description"),
    tool({ description: "x".repeat(1025) }),
  ],
  ["invalid_declared_tool_schema", at("tools", "/0/input_schema"), tool({ input_schema: [] })],
  ["invalid_declared_tool_schema", at("tools", "/0/input_schema"), tool({ input_schema: undefined })],
  ["declared_tool_schema_too_large", at("tools", "/0/input_schema"), tool({ input_schema: LARGE })],
  ["too_many_declared_providers", at("providers"), { providers: many(PROVIDER, 17, "id") }],
  ["invalid_declared_provider_id", at("providers", "/0/id"), provider({ id: "a:b" })],
  ["invalid_declared_provider_id", at("providers", "/0/id"), provider({ id: "x".repeat(129) })],
  ["duplicate_declared_provider_id", at("providers", "/1/id"), { providers: [PROVIDER, PROVIDER] }],
  [
    "invalid_declared_provider_display_name",
    at("providers", "/0/display_name"),
    provider({ display_name: "" }),
  ],
  [
    "invalid_declared_provider_display_name",
    at("providers", "/0/display_name"),
    provider({ display_name: "x".repeat(257) }),
  ],
  [
    "invalid_declared_provider_display_name",
    at("providers", "/0/display_name"),
    provider({ display_name: "a\u0007" }),
  ],
  ["invalid_declared_provider_description", at("providers", "/0/description"), provider({ description: "" })],
  ["invalid_declared_model_count", at("providers", "/0/models"), provider({ models: [] })],
  ["invalid_declared_model_count", at("providers", "/0/models"), provider({ models: many(MODEL, 65, "id") })],
  ["invalid_declared_model_id", at("providers", "/0/models/0/id"), model({ id: "" })],
  ["duplicate_declared_model_id", at("providers", "/0/models/1/id"), provider({ models: [MODEL, MODEL] })],
  [
    "invalid_declared_model_display_name",
    at("providers", "/0/models/0/display_name"),
    model({ display_name: "a\nb" }),
  ],
  [
    "invalid_declared_model_capabilities",
    at("providers", "/0/models/0/capabilities"),
    model({ capabilities: { tools: "yes" } }),
  ],
  [
    "invalid_declared_model_capabilities",
    at("providers", "/0/models/0/capabilities"),
    model({ capabilities: [true] }),
  ],
  [
    "invalid_declared_model_context_window",
    at("providers", "/0/models/0/context_window"),
    model({ context_window: 0 }),
  ],
  [
    "invalid_declared_provider_config_schema",
    at("providers", "/0/config_schema"),
    provider({ config_schema: "x" }),
  ],
  [
    "declared_provider_config_schema_too_large",
    at("providers", "/0/config_schema"),
    provider({ config_schema: LARGE }),
  ],
  [
    "too_many_declared_context_providers",
    at("context_providers"),
    { context_providers: many(CONTEXT, 9, "id") },
  ],
  ["invalid_declared_context_provider_id", at("context_providers", "/0/id"), context({ id: "nötes" })],
  ["invalid_declared_context_provider_id", at("context_providers", "/0/id"), context({ id: "a:b" })],
  [
    "duplicate_declared_context_provider_id",
    at("context_providers", "/1/id"),
    { context_providers: [CONTEXT, CONTEXT] },
  ],
  [
    "invalid_declared_context_provider_capability",
    at("context_providers", "/0/capability"),
    context({ capability: "" }),
  ],
  [
    "invalid_declared_context_provider_description",
    at("context_providers", "/0/description"),
    context({ description: " " }),
  ],
  [
    "invalid_declared_context_provider_schema_version",
    at("context_providers", "/0/schema_version"),
    context({ schema_version: 0 }),
  ],
  [
    "user_lifecycle_conflicts_with_active_capabilities",
    at("lifecycle"),
    { lifecycle: "user", tools: [TOOL] },
  ],
  [
    "user_lifecycle_conflicts_with_active_capabilities",
    at("lifecycle"),
    { lifecycle: "user", providers: [PROVIDER] },
  ],
];

describe("bounds of the deferred block", () => {
  it.each(REFUSED)(
    verifies("LAZY-002", "LAZY-007", "LAZY-008") + "%s at %s refuses the whole manifest",
    (reason, pointer, deferred) => {
      expect(complaints({ permissions: ALL, deferred })).toEqual([
        `${pointer}: ${DEFERRED_REASONS[reason]} (${reason})`,
      ]);
      expect(parse(section({ permissions: ALL, deferred })).kind).toBe("invalid");
    },
  );

  it(verifies("LAZY-002") + "what is exactly at its bound is taken", () => {
    const deferred = {
      tools: [
        { name: "x".repeat(128), description: "d".repeat(1024), input_schema: { a: "y".repeat(65_528) } },
        ...many(TOOL, 255, "name"),
      ],
      providers: many({ ...PROVIDER, models: many(MODEL, 64, "id") }, 16, "id"),
      context_providers: many(CONTEXT, 8, "id"),
    };
    expect(complaints({ permissions: ALL, deferred })).toEqual([]);
    expect(complaints({ permissions: ALL, ...model({ capabilities: null, context_window: null }) })).toEqual(
      [],
    );
  });

  it.each([
    ["LAZY-011", { tools: [TOOL] }, "deferred_tools_require_tools_register_permission"],
    ["LAZY-012", { providers: [PROVIDER] }, "deferred_providers_require_providers_register_permission"],
    [
      "LAZY-012",
      { context_providers: [CONTEXT] },
      "deferred_context_providers_require_context_providers_register_permission",
    ],
  ] as const)("%s: declarations need their permission and no other: %j", (_, deferred, reason) => {
    const own = `${Object.keys(deferred).join()}.register`;
    const permissions = ALL.filter((one) => one !== own);
    expect(permissions).toHaveLength(ALL.length - 1);
    expect(complaints({ permissions, deferred })).toEqual([
      `/extension/permissions: ${DEFERRED_REASONS[reason]} (${reason})`,
    ]);
  });

  it(verifies("LAZY-013") + "the lifecycle 'hook' needs a hook", () => {
    const change = { permissions: ALL, hooks: [], deferred: { lifecycle: "hook" } };
    expect(complaints(change)[0]).toContain("(hook_lifecycle_requires_hook_subscriptions)");
    expect(complaints({ deferred: { lifecycle: "hook" } })).toEqual([]);
  });
});

describe("the legacy form", () => {
  const legacy = { permissions: ["tools.register"], hooks: [], activation: "deferred", tools: [TOOL] };

  it(verifies("LAZY-020") + "is folded into the block, with the same bounds", () => {
    const parsed = parse(section(legacy));
    if (parsed.kind !== "extension") throw new Error("it was refused");
    expect(readDeferred(parsed.extension)).toEqual({
      declarations: { tools: [TOOL], providers: [], context_providers: [] },
    });
    expect(complaints({ ...legacy, tools: [{ ...TOOL, name: "a:b" }] })[0]).toContain(
      "/extension/tools/0/name",
    );
  });

  it(verifies("LAZY-020") + "is refused beside the block, without tools, and with another word", () => {
    expect(complaints({ ...legacy, deferred: { tools: [TOOL] } })[0]).toContain(
      "(legacy_deferred_conflicts_with_deferred_block)",
    );
    expect(complaints({ ...legacy, tools: undefined })[0]).toContain("(legacy_deferred_requires_tools)");
    expect(complaints({ ...legacy, tools: [] })[0]).toContain("(legacy_deferred_requires_tools)");
    expect(complaints({ ...legacy, activation: "lazy" })[0]).toContain("/extension/activation");
  });
});
