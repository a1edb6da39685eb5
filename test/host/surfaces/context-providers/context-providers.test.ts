import { expect, it } from "vitest";
import { ContextProviders } from "../../../../packages/host/src/surfaces/context-providers/context-providers.js";
import type { Extension } from "../../../../packages/host/src/supervision/extension.js";
import { statusOf } from "../../../e2e/host/support/fixture.js";
import { verifies } from "../../../requirements/verifies.js";
import { offering } from "../commands/support.js";

const declared = { id: "notes", capability: "recall", description: "Finds notes", schema_version: 2 };

it(
  verifies("CTX-001", "CTX-002") + "one is found by its exact address, and no process is started for it",
  async () => {
    const { host } = await offering({
      extension: {
        permissions: ["context_providers.register"],
        deferred: { context_providers: [declared] },
      },
    });
    const address = "extension:offers-commands:notes";
    const provider = {
      address,
      extension: "offers-commands",
      id: "notes",
      capability: "recall",
      description: "Finds notes",
      schemaVersion: 2,
    };
    expect(host.contextProviders.list()).toEqual([provider]);
    expect(host.contextProviders.find(address)).toEqual({ status: "found", provider });
    for (const near of [
      "notes",
      "offers-commands:notes",
      address.toUpperCase(),
      `${address} `,
      `${address}:x`,
      "",
    ]) {
      expect(host.contextProviders.find(near)).toEqual({ status: "unknown" });
    }
    expect(statusOf(host, "offers-commands").process?.pid).toBeUndefined();
  },
);

it(verifies("CTX-001") + "two with one address are neither", () => {
  const twin = { id: "a", loaded: { deferred: { context_providers: [declared] } } } as unknown as Extension;
  const providers = new ContextProviders({ extensions: () => [twin, twin] });
  expect(providers.find("extension:a:notes")).toEqual({ status: "ambiguous" });
});
