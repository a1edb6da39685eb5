import { join, resolve } from "node:path";
import type { HostOptions } from "@synaps/host";
import {
  collectInventory,
  ConsentStore,
  type CollectOptions,
  findProjectExtensions,
  settingsOf,
  type Settings,
  type InventoryEntry,
} from "@synaps/host/tooling";
import { everyCatalog, type CatalogFlags } from "./catalogs.js";

/** The flags that say where extensions and state stand. */
export interface PlaceFlags {
  extensionsDir?: string[];
  baseDir?: string;
}

export function hostOptionsOf({ extensionsDir, baseDir }: PlaceFlags): HostOptions {
  return {
    ...(extensionsDir === undefined ? {} : { folders: extensionsDir }),
    ...(baseDir === undefined ? {} : { baseDir: resolve(baseDir) }),
  };
}

/** All paths that the host uses, whether they exist or not. */
export interface Places {
  baseDir: string;
  /** Where extensions are looked for. */
  folders: string[];
  userExtensions: string;
  /** Null when `SYNAPS_DISABLE_PROJECT_PLUGINS` switches it off. */
  projectExtensions: string | null;
  lockFile: string;
  globalConfig: string;
}

export function placesOf(flags: PlaceFlags): Places {
  const { baseDir, projectDir, projectExtensions: projectOn } = settingsOf(hostOptionsOf(flags));
  const userExtensions = join(baseDir, "plugins");
  const projectExtensions = projectOn ? findProjectExtensions(projectDir) : null;
  return {
    baseDir,
    folders: flags.extensionsDir ?? [
      userExtensions,
      ...(projectExtensions === null ? [] : [projectExtensions]),
    ],
    userExtensions,
    projectExtensions,
    lockFile: new ConsentStore(baseDir).path,
    globalConfig: join(baseDir, "config"),
  };
}

/** The settings of commands that start nothing: an extension counts if a host with some catalog would take it. */
export async function toolSettings(flags: PlaceFlags & CatalogFlags): Promise<Settings> {
  return { ...settingsOf(hostOptionsOf(flags)), catalogs: await everyCatalog(flags) };
}

/** Everything that is found there, checked, and nothing started. Records what is new or changed, unless told not to. */
export async function inventoryOf(
  flags: PlaceFlags & CatalogFlags,
  more: Pick<CollectOptions, "recordNew"> = {},
): Promise<InventoryEntry[]> {
  return collectInventory({ ...(await toolSettings(flags)), ...more, nowMs: Date.now() });
}
