import { setDisabled } from "@synaps/host/tooling";
import { didYouMean } from "@synaps/sdk/protocol";
import { EXIT } from "../exit-codes.js";
import { baseDirFlag } from "../hosts.js";
import type { Io } from "../io.js";
import { inventoryOf, placesOf, type PlaceFlags } from "../places.js";
import { errors } from "../present-error.js";
import { jsonDocument, plain } from "../text.js";

export interface DisableFlags extends Pick<PlaceFlags, "baseDir"> {
  json?: boolean;
}

/** Switches an extension off in the user's configuration. */
export function disable(io: Io, id: string, flags: DisableFlags): Promise<number> {
  return change(io, id, true, flags);
}

/** Switches an extension on again, also one that is not there any more. */
export function enable(io: Io, id: string, flags: DisableFlags): Promise<number> {
  return change(io, id, false, flags);
}

async function change({ stdout }: Io, id: string, off: boolean, flags: DisableFlags): Promise<number> {
  const { baseDir } = placesOf(flags);
  const known = [...new Set((await inventoryOf(flags)).map((entry) => entry.id))];
  const isKnown = known.includes(id);
  if (off && !isKnown) throw errors.extensionNotFound(id, known, didYouMean(id, known));
  const { path, changed } = await setDisabled(baseDir, id, off);
  if (!changed && !isKnown) throw errors.extensionNotFound(id, known, didYouMean(id, known));
  if (flags.json) {
    await stdout.write(jsonDocument({ schemaVersion: 1, id, disabled: off, changed, file: path }));
    return EXIT.ok;
  }
  const word = off ? "off" : "on";
  const hosts = off
    ? "Hosts that run keep it until they are restarted."
    : `Hosts that run need: synaps-ext reload ${id}${baseDirFlag(baseDir)}`;
  const lines = changed
    ? [`Switched ${id} ${word}: 'disabled_plugins' in ${path}`, hosts]
    : [`${id} is switched ${word} already: 'disabled_plugins' in ${path}`];
  await stdout.write(lines.map((line) => `${plain(line)}\n`).join(""));
  return EXIT.ok;
}
