import { gatewayCatalog, messagingCatalog } from "@synaps/sdk/catalogs";
import { parseManifest, type ParsedManifest } from "@synaps/sdk/manifest";
import { synapsCatalog, type Catalog } from "@synaps/sdk/protocol";
import { expect, it } from "vitest";
import { problemsOf, section } from "../../helpers/manifests.js";

const BOTH = {
  protocol_version: 3,
  permissions: ["messaging.metadata", "hooks.fail_closed", "gateway.events", "gateway.gate"],
  hooks: [
    { hook: "messaging.auth" },
    { hook: "gateway.auth_failure", on_failure: "closed", where: { method: "totp" } },
  ],
  optional_catalogs: ["gateway", "messaging"],
};

function parsed(change: Record<string, unknown>, ...catalogs: readonly Catalog[]): ParsedManifest {
  return parseManifest(JSON.stringify({ extension: section({ ...BOTH, ...change }) }), { id: "x", catalogs });
}

function told(result: ParsedManifest): string[] {
  return problemsOf(result).map(({ severity, pointer, message }) => `${severity} ${pointer}: ${message}`);
}

const AT = "/extension/optional_catalogs";

it("leaves the hooks and permissions of a catalog out that the host does not have, and says so", () => {
  const result = parsed({}, synapsCatalog, gatewayCatalog);
  expect(told(result)).toEqual([`warning ${AT}: this host does not have 'messaging': 1 hook is left out`]);
  expect(result).toMatchObject({
    kind: "extension",
    extension: {
      hooks: [{ hook: "gateway.auth_failure", on_failure: "closed" }],
      permissions: ["hooks.fail_closed", "gateway.events", "gateway.gate"],
    },
  });
});

it("leaves nothing out, and says nothing, where the host has all of them", () => {
  const result = parsed({}, gatewayCatalog, messagingCatalog);
  expect(told(result)).toEqual([]);
  expect(result).toMatchObject({ extension: { hooks: BOTH.hooks, permissions: BOTH.permissions } });
});

it("counts the hooks of the file in the pointers of other mistakes", () => {
  const hooks = [BOTH.hooks[0], { hook: "gateway.auth_failure", where: { methd: "totp" } }];
  expect(told(parsed({ hooks }, gatewayCatalog))).toEqual([
    expect.stringContaining("error /extension/hooks/1/where/methd"),
    expect.stringContaining(`warning ${AT}`),
  ]);
});

it("leaves hooks of the ecosystem's own kinds out by the name of their catalog", () => {
  const hooks = [{ hook: "before_tool_call" }, BOTH.hooks[0]];
  const change = {
    hooks,
    optional_catalogs: ["synaps"],
    permissions: ["tools.intercept", "messaging.metadata"],
  };
  expect(parsed(change, messagingCatalog)).toMatchObject({ extension: { hooks: [BOTH.hooks[0]] } });
});

it.each([
  [
    "no hook is left",
    {},
    `error ${AT}: this host has none of the extension's catalogs: 'gateway', 'messaging'`,
  ],
  [
    "a name is misspelt",
    {
      optional_catalogs: ["messaging", "gatway"],
      hooks: [BOTH.hooks[0]],
      permissions: ["messaging.metadata"],
    },
    `error ${AT}/1: no hook is of the catalog 'gatway'`,
  ],
  [
    "a catalog that is not optional is missing",
    { optional_catalogs: ["messaging"] },
    "error /extension/hooks/1/hook: unknown hook kind 'gateway.auth_failure'",
  ],
  [
    "the list is empty",
    { optional_catalogs: [] },
    expect.stringContaining(`error ${AT}: Failed to parse extension manifest`),
  ],
  [
    "an entry is no text",
    { optional_catalogs: [7] },
    expect.stringContaining(`error ${AT}/0: Failed to parse extension manifest`),
  ],
])("refuses the manifest when %s", (_when, change, complaint) => {
  const result = parsed(change, synapsCatalog);
  expect(result.kind).toBe("invalid");
  expect(told(result)).toContainEqual(complaint);
});

it("has no meaning before protocol 3, and refuses nothing there", () => {
  const change = {
    protocol_version: 1,
    permissions: ["tools.intercept"],
    hooks: [{ hook: "before_tool_call" }],
    optional_catalogs: ["gateway"],
  };
  expect(told(parsed(change, synapsCatalog))).toEqual([
    `warning ${AT}: 'optional_catalogs' has no meaning under protocol_version 1`,
  ]);
});
