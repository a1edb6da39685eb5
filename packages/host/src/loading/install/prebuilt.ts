import { lstat, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { HostError, messageOf } from "../../errors.js";
import { MANIFEST_FOLDER } from "../manifest/discover.js";
import { ArchiveRefusal } from "./archive/entry.js";
import { unpack } from "./archive/unpack.js";
import { download } from "./download.js";
import { placeFiles } from "./place-files.js";
import type { PrebuiltAsset, SetupPlan } from "./plan.js";
import { installLimits, type InstallOptions } from "./settings.js";

/**
 * Fetches the asset for this machine, checks its hash, and unpacks it into the extension's folder. The content is checked
 * in another folder before the first file of the extension changes. Throws a HostError, with the folder as it was.
 * Returns the paths that were written.
 */
export async function installPrebuilt(
  { extension }: SetupPlan,
  asset: PrebuiltAsset,
  options: InstallOptions,
): Promise<string[]> {
  const { settings, signal } = options;
  const parent = join(settings.baseDir, "extensions", "unpack");
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const stage = await mkdtemp(join(parent, "asset-"));
  try {
    const packed = join(stage, "packed");
    const request = { url: asset.url, sha256: asset.sha256, to: packed };
    const fetch = options.fetch ?? globalThis.fetch;
    await download(request, { fetch, clock: settings.clock, limits: installLimits(options), signal });
    const content = join(stage, "content");
    await mkdir(content);
    const paths = await unpack(packed, asset.kind, content);
    await checkPlaces(paths, extension.root);
    await placeFiles(paths, content, extension.root);
    return paths;
  } catch (error) {
    if (error instanceof HostError) throw error;
    if (!(error instanceof ArchiveRefusal))
      throw new HostError(
        "SETUP_FAILED",
        `The asset of extension '${extension.id}' could not be put in its place: ${messageOf(error)}`,
        {
          hint: "Make room on the disk and check the rights in its folder; the folder is as it was.",
          cause: error,
        },
      );
    throw new HostError(
      "PREBUILT_UNSAFE",
      `The asset of extension '${extension.id}' was not unpacked: ${messageOf(error)}`,
      { hint: "Tell its author; nothing of it was used." },
    );
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Refuses an asset that a link in the folder would lead elsewhere, or that would change the manifest. */
async function checkPlaces(paths: readonly string[], root: string): Promise<void> {
  const real = await realpath(root);
  for (const path of paths) {
    const parts = path.split("/");
    if (parts[0]?.toLowerCase() === MANIFEST_FOLDER)
      throw new ArchiveRefusal(`it would replace the manifest: ${path}`);
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const at = join(real, ...parts.slice(0, depth));
      const found = await lstat(at).catch(() => undefined);
      if (!found) break;
      const last = depth === parts.length;
      if (last ? found.isDirectory() : !found.isDirectory())
        throw new ArchiveRefusal(`something else stands in its place: ${path}`);
      if (!((await realpath(dirname(at))) + sep).startsWith(real + sep))
        throw new ArchiveRefusal(`a path in it leads outside: ${path}`);
    }
  }
}
