import type { LoadedExtension } from "../manifest/loaded.js";
import { loadExtension, type LoadResult } from "../manifest/load.js";
import { collect, loadContext, type CollectOptions } from "./collect.js";
import { readEcosystemState } from "./ecosystem-state.js";
import type { InventoryEntry } from "./inventory.js";

/** Reads manifest and configuration of a known extension once more. Says nothing of consent. */
export async function reread(
  { id, root, manifestPath }: LoadedExtension,
  options: CollectOptions,
): Promise<LoadResult> {
  const state = await readEcosystemState(options.baseDir);
  // Where it came from makes no difference to what stands in its manifest.
  return loadExtension({ id, root, manifestPath, origin: "named" }, loadContext(options, state));
}

/** Checks a known extension once more as a start does, consent included. Undefined when it may not run any more. */
export async function recheck(
  { id, root }: LoadedExtension,
  options: CollectOptions,
): Promise<InventoryEntry | undefined> {
  const entries = await collect({ ...options, only: id, recordNew: false });
  return entries.find((entry) => entry.root === root && entry.status === "ready");
}
