import type { LoadedExtension } from "../manifest/loaded.js";
import { loadExtension, type LoadResult } from "../manifest/load.js";
import { collect, contextFor, findCandidates, loadContext, type CollectOptions } from "./collect.js";
import { readEcosystemState } from "./ecosystem-state.js";
import type { InventoryEntry } from "./inventory.js";

/** Reads manifest and configuration of a known extension once more, without a check of consent. */
export async function reread(
  { id, root, manifestPath }: LoadedExtension,
  options: CollectOptions,
): Promise<LoadResult> {
  const state = await readEcosystemState(options.baseDir);
  const ids = (await findCandidates(options)).map((one) => one.id);
  // The origin makes no difference to the content of a manifest.
  const candidate = { id, root, manifestPath, origin: "named" } as const;
  return loadExtension(candidate, contextFor(id, ids, loadContext(options, state)));
}

/** Checks a known extension as a start does, consent included. Undefined for an extension that may not run any more. */
export async function recheck(
  { id, root }: LoadedExtension,
  options: CollectOptions,
): Promise<InventoryEntry | undefined> {
  const entries = await collect({ ...options, only: id, recordNew: false });
  return entries.find((entry) => entry.root === root && entry.status === "ready");
}
