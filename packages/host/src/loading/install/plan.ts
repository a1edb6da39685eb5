import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, sep } from "node:path";
import { HostError } from "../../errors.js";
import { readEcosystemState } from "../inventory/ecosystem-state.js";
import { loadContext } from "../inventory/collect.js";
import { candidate } from "../manifest/discover.js";
import { loadExtension } from "../manifest/load.js";
import type { LoadedExtension } from "../manifest/loaded.js";
import { archiveKind, type ArchiveKind } from "./archive/unpack.js";
import { checkUrl } from "./download.js";
import type { InstallOptions } from "./settings.js";

/** An archive with the program for one machine, as the manifest names it. Naming it fetches nothing. */
export interface PrebuiltAsset {
  /** Machine for which the asset was built, as `linux-x86_64`. */
  key: string;
  url: string;
  sha256: string;
  kind: ArchiveKind;
}

/** Work that has to be done before an extension can be started. */
export interface SetupPlan {
  extension: LoadedExtension;
  /** Absolute path of the script, inside the extension's folder. */
  script: string | undefined;
  /** Asset for this machine, if there is one. It is used instead of the script. */
  asset: PrebuiltAsset | undefined;
}

/** Reads the setup that a manifest declares, and does nothing. Throws a HostError for a setup that is not allowed. */
export async function planSetup(root: string, options: InstallOptions): Promise<SetupPlan> {
  const { settings } = options;
  const state = await readEcosystemState(settings.baseDir);
  const context = loadContext({ ...settings, folders: [], projectExtensions: false, nowMs: 0 }, state);
  const loaded = await loadExtension(candidate(root, "named"), context);
  if (loaded.kind === "no_extension")
    throw new HostError("MANIFEST_NOT_FOUND", `There is no extension in '${root}'`, {
      hint: "Its manifest has no 'extension' section.",
    });
  if (loaded.kind === "invalid") {
    const [wrong] = loaded.diagnostics;
    throw new HostError(wrong?.code ?? "MANIFEST_INVALID", wrong?.message ?? "its manifest is not valid", {
      hint: wrong?.hint ?? "Correct its manifest.",
    });
  }
  const { extension } = loaded;
  const { section, manifest } = extension;
  const declared = section.setup ?? manifest.provides?.sidecar?.setup ?? undefined;
  const script = declared === undefined ? undefined : await scriptIn(extension, declared);
  return { extension, script, asset: assetOf(extension, options) };
}

/** Returns the real path of the script, which must be a file inside the extension's folder. */
async function scriptIn({ id, root }: LoadedExtension, declared: string): Promise<string> {
  const shown = declared.slice(0, 200).replace(/\p{Cc}/gu, "?");
  const refuse = (why: string): HostError =>
    new HostError("SETUP_INVALID", `The setup script '${shown}' of extension '${id}' ${why}`, {
      hint: "Name a file inside the extension's folder, by a path relative to it.",
    });
  if (declared.trim() === "" || isAbsolute(declared) || /^[a-z]:/i.test(declared) || declared.includes("\0"))
    throw refuse("is not a relative path");
  if (declared.split(/[/\\]/).includes("..")) throw refuse("leads outside of its folder");
  let real: string;
  try {
    real = await realpath(join(root, declared));
  } catch {
    throw refuse("does not exist");
  }
  if (!real.startsWith((await realpath(root)) + sep)) throw refuse("leads outside of its folder");
  if (!(await stat(real)).isFile()) throw refuse("is no file");
  return real;
}

function assetOf(
  { id, section }: LoadedExtension,
  { platform = process.platform, arch = process.arch }: InstallOptions,
): PrebuiltAsset | undefined {
  const key = machineKey(platform, arch);
  const declared = key === undefined ? undefined : section.prebuilt[key];
  if (key === undefined || !declared) return undefined;
  const { url, sha256 } = declared;
  checkUrl(url);
  if (!/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new HostError("SETUP_INVALID", `The asset '${key}' of extension '${id}' has no valid sha256`, {
      hint: "It is 64 hexadecimal digits: the output of sha256sum.",
    });
  }
  const kind = archiveKind(new URL(url).pathname);
  if (!kind) {
    throw new HostError("SETUP_INVALID", `The asset '${key}' of extension '${id}' is of an unknown kind`, {
      hint: "Its address must end in .tar.gz, .tgz or .zip.",
    });
  }
  return { key, url, sha256, kind };
}

/** Returns the manifest's word for a machine; undefined for a machine without such a word. */
export function machineKey(platform: string, arch: string): string | undefined {
  const system = { linux: "linux", darwin: "darwin", win32: "windows" }[platform];
  const machine = { x64: "x86_64", arm64: "arm64" }[arch];
  return system === undefined || machine === undefined ? undefined : `${system}-${machine}`;
}
