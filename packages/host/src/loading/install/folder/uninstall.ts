import { lstat, rename, rm, unlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { forgetCode } from "../../inventory/approval.js";
import type { InstallSettings } from "../settings.js";
import { carryState, passingName, tidyUp, whileNobodyInstalls } from "./leftovers.js";

/**
 * Removes an extension from the user's folder and forgets its approval. The folder is renamed first, so that no host
 * finds a part of it. Returns the paths of what stays: configuration, and data that the extension wrote beside its code.
 * Of a link, only the link is removed.
 */
export async function uninstallFolder(
  id: string,
  { baseDir, clock }: Pick<InstallSettings, "baseDir" | "clock">,
): Promise<string[]> {
  const plugins = resolve(baseDir, "plugins");
  const target = join(plugins, id);
  await tidyUp(baseDir, clock.wallMs());
  if ((await lstat(target)).isSymbolicLink()) {
    await unlink(target);
    await forgetCode(baseDir, target);
    return [];
  }
  const removed = join(plugins, passingName(id, "removed"));
  const stays = await whileNobodyInstalls(baseDir, async () => {
    await rename(target, removed);
    return carryState(removed, target);
  });
  await forgetCode(baseDir, target);
  await rm(removed, { recursive: true, force: true });
  return stays.map((name) => join(target, name));
}
