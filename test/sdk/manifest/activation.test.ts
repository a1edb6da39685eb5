import {
  activationClass,
  activationTrigger,
  schemaDigest,
  type DeferredDeclarations,
} from "@synaps/sdk/manifest";
import { describe, expect, it } from "vitest";
import { complaints } from "../../helpers/manifests.js";
import { verifies } from "../../requirements/verifies.js";

const TOOL = { name: "echo", description: "Says it again", input_schema: { type: "object" } };
const PROVIDER = { id: "local", display_name: "Local", description: "Here", models: [{ id: "small" }] };
const CONTEXT = { id: "notes", capability: "notes.search", description: "Notes", schema_version: 1 };

describe("classes and triggers", () => {
  const none: DeferredDeclarations = { tools: [], providers: [], context_providers: [] };
  const [tools, providers, context_providers] = [[TOOL], [PROVIDER], [CONTEXT]] as const;
  const hooks = [{ hook: "before_tool_call" }];

  it.each([
    ["eager", "host_start", undefined, []],
    ["eager", "host_start", undefined, hooks],
    ["eager", "host_start", none, hooks],
    ["tool", "exact_tool_activation", { ...none, tools }, []],
    ["provider", "provider_selection", { ...none, providers }, []],
    ["context_provider", "user_action", { ...none, context_providers }, []],
    ["hook", "first_authorized_hook_event", { ...none, lifecycle: "hook" }, hooks],
    ["user", "user_action", { ...none, lifecycle: "user" }, []],
    ["mixed", "first_authorized_hook_event", { ...none, tools }, hooks],
    ["mixed", "first_authorized_hook_event", { ...none, tools, providers, lifecycle: "hook" }, hooks],
    ["mixed", "first_authorized_hook_event", { ...none, lifecycle: "user" }, hooks],
    ["mixed", "provider_selection", { ...none, tools, providers }, []],
    ["mixed", "exact_tool_activation", { ...none, tools, context_providers }, []],
    ["mixed", "user_action", { ...none, context_providers, lifecycle: "user" }, []],
  ] as const)(
    verifies("LAZY-001", "LAZY-006") + "%s starts at %s: %j with hooks %j",
    (kind, trigger, declared, with_) => {
      const own = { activation: undefined, hooks: with_ as never };
      expect(activationClass(own, declared as DeferredDeclarations)).toBe(kind);
      expect(activationTrigger(own, declared as DeferredDeclarations)).toBe(trigger);
    },
  );

  it(verifies("LAZY-001") + "first_event is a class of its own", () => {
    const own = { activation: "first_event" as const, hooks: [] };
    expect(activationClass(own, undefined)).toBe("first_event");
    expect(activationTrigger(own, undefined)).toBe("first_event_or_call");
    expect(complaints({ activation: "first_event" })).toEqual([]);
    expect(complaints({ activation: "first_event", deferred: {} })[0]).toContain("/extension/activation");
  });
});

it(verifies("LAZY-009") + "a digest does not depend on the order of keys, but on everything else", () => {
  const digest = schemaDigest({ type: "object", properties: { a: { type: "string" }, b: [1, 2] } });
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(schemaDigest({ properties: { b: [1, 2], a: { type: "string" } }, type: "object" })).toBe(digest);
  for (const other of [
    { type: "object", properties: { a: { type: "string" }, b: [2, 1] } },
    { type: "object", properties: { a: { type: "string" }, b: [1, 2] }, extra: null },
    { type: "object", properties: { a: { type: "number" }, b: [1, 2] } },
  ])
    expect(schemaDigest(other)).not.toBe(digest);
});
