import { readDeferred } from "@synaps/sdk/manifest";
import type { Permission } from "@synaps/sdk/protocol";
import { LiveConfig } from "../../../../packages/host/src/loading/config/live-config.js";
import type { InventoryEntry } from "../../../../packages/host/src/loading/inventory/inventory.js";
import type { LoadedExtension } from "../../../../packages/host/src/loading/manifest/loaded.js";
import { parse, section } from "../../../helpers/manifests.js";

/** A loaded extension of the id `x` without files. Changes of its section, and of what was made of it. */
export function loadedExtension(
  change: Record<string, unknown> = {},
  more: Partial<Omit<LoadedExtension, "config">> & { file?: Record<string, string> } = {},
): LoadedExtension {
  const { file = {}, ...others } = more;
  const id = others.id ?? "x";
  const parsed = parse(section(change), id);
  if (parsed.kind !== "extension") throw new Error(`no valid manifest: ${JSON.stringify(parsed)}`);
  const { manifest, extension } = parsed;
  const liveConfig = new LiveConfig({
    id,
    entries: extension.config,
    sources: { env: {}, global: new Map(), projectRoot: undefined },
    file: new Map(Object.entries(file)),
    typed: false,
  });
  return {
    id,
    root: "/",
    manifestPath: `/${id}/plugin.json`,
    version: "1.2.3",
    protocol: extension.protocol_version as LoadedExtension["protocol"],
    manifest,
    section: extension,
    deferred: readDeferred(extension).declarations,
    activation: "eager",
    permissions: new Set(extension.permissions as Permission[]),
    command: "/none/main",
    args: [],
    config: liveConfig.values,
    liveConfig,
    ...others,
  };
}

/** The entry of an extension that may run, or of one that may not. */
export function inventoryEntry(id: string, more: Partial<InventoryEntry> = {}): InventoryEntry {
  return {
    id,
    root: `/${id}`,
    manifestPath: `/${id}/plugin.json`,
    origin: "named",
    status: "ready",
    extension: undefined,
    diagnostics: [],
    ...more,
  };
}
