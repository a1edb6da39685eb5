import { basename, dirname } from "node:path";
import type { GuardedPlaces } from "./guarded.js";

/**
 * The places that a guard knows from the folder it was started in: the host starts an extension in its folder, which is
 * `<base>/plugins/<id>` once it is installed. Elsewhere the base is unknown.
 */
export function ownPlaces(folder: string, home: string | null): GuardedPlaces {
  const parent = dirname(folder);
  return { home, own: folder, base: basename(parent) === "plugins" ? dirname(parent) : null };
}
