import { didYouMean } from "@synaps/sdk/protocol";
import { EXIT } from "../exit-codes.js";
import { extensionInfo } from "../extension-info.js";
import { infoText } from "../info-text.js";
import type { Io } from "../io.js";
import { inventoryOf, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { withHost } from "../started-host.js";
import { jsonDocument } from "../text.js";

export interface InfoFlags extends PlaceFlags {
  json?: boolean;
}

/** Starts the extensions and shows everything about one of them. */
export async function info(io: Io, id: string, flags: InfoFlags): Promise<number> {
  const entries = await inventoryOf(flags);
  const entry = entries.find((one) => one.id === id);
  if (!entry) {
    const known = entries.map((one) => one.id);
    throw errors.extensionNotFound(id, known, didYouMean(id, known));
  }
  return withHost(io, flags, {}, async (host) => {
    const { isWell, ...document } = await extensionInfo(host, entry);
    await io.stdout.write(
      flags.json ? jsonDocument({ schemaVersion: 1, ...document }) : infoText(document, io.stdout),
    );
    return isWell ? EXIT.ok : EXIT.failed;
  });
}
