import type { Extension } from "./extension.js";
import type { ExtensionStatus } from "../host-types.js";
import type { InventoryEntry } from "../loading/inventory/inventory.js";

/** One extension as it is now, also when it has no process. */
export function statusOf(entry: InventoryEntry, extension: Extension | undefined): ExtensionStatus {
  const { id, root, status, diagnostics } = entry;
  return {
    id,
    version: entry.extension?.version ?? null,
    root,
    state: extension?.state ?? (status === "ready" ? "loaded" : status),
    hooks: entry.extension?.section.hooks.map(({ hook }) => hook) ?? [],
    diagnostics,
    process: extension?.snapshot(),
  };
}
