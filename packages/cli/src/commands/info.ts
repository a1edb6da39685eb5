import { didYouMean } from "@synaps/sdk/protocol";
import { everyCatalog, type CatalogFlags } from "../catalogs.js";
import { findingText } from "../diagnostics.js";
import { EXIT } from "../exit-codes.js";
import { extensionInfo } from "../extension-info.js";
import { infoText } from "../info-text.js";
import type { Io } from "../io.js";
import { inventoryOf, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { withHost } from "../started-host.js";
import { jsonDocument } from "../text.js";

export interface InfoFlags extends PlaceFlags, CatalogFlags {
  json?: boolean;
}

/** Starts one extension, if it may run, and shows everything about it. */
export async function info(io: Io, id: string, flags: InfoFlags): Promise<number> {
  const entries = await inventoryOf(flags);
  const entry = entries.find((one) => one.id === id);
  if (!entry) {
    const known = entries.map((one) => one.id);
    throw errors.extensionNotFound(id, known, didYouMean(id, known));
  }
  const isReady = entry.status === "ready";
  if (!isReady)
    await io.stderr.write(entry.diagnostics.map((finding) => findingText(finding, io.stderr)).join(""));
  // The consent was checked with the inventory: a folder that is named needs none.
  const only = { ...flags, extensionsDir: isReady ? [entry.root] : [] };
  return withHost(io, only, { catalogs: await everyCatalog(flags) }, async (host) => {
    const { isWell, ...document } = await extensionInfo(host, entry);
    await io.stdout.write(
      flags.json ? jsonDocument({ schemaVersion: 1, ...document }) : infoText(document, io.stdout),
    );
    return isWell ? EXIT.ok : EXIT.failed;
  });
}
