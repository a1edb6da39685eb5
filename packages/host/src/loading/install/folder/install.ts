import { lstat, mkdir, realpath, rename, rm } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
import type { ExtensionSection, Manifest } from "@synaps/sdk/manifest";
import { HostError } from "../../../errors.js";
import { loadContext } from "../../inventory/collect.js";
import { readEcosystemState } from "../../inventory/ecosystem-state.js";
import { candidate, isInert } from "../../manifest/discover.js";
import { readManifest } from "../../manifest/load.js";
import { resolveArg, resolveCommand } from "../../manifest/resolve-command.js";
import { coverageOf } from "../../permission/coverage.js";
import { approveCode, coverageFor } from "../../inventory/approval.js";
import { consentRecord, ConsentStore, type ConsentRecord } from "../../records/consent-store.js";
import { noteSetup } from "../plugins-file.js";
import type { InstallSettings } from "../settings.js";
import { isNotCode } from "./left-out.js";
import { carryState, isThere, passingName, tidyUp, whileNobodyInstalls } from "./leftovers.js";
import { copyTree, DEFAULT_TREE_LIMITS, readTree, refused, type Tree, type TreeLimits } from "./tree.js";

/** All that is known of an extension before it is installed. Nothing was written yet. */
export interface FolderPlan {
  id: string;
  /** Folder that is copied. */
  source: string;
  /** Folder below `<base>/plugins` that the extension will have. */
  target: string;
  manifest: Manifest;
  section: ExtensionSection;
  version: string | null;
  /** Program and arguments, as they will be in the new place. */
  command: string;
  args: readonly string[];
  /** Approval that the installation will record. */
  record: ConsentRecord;
  /** Approval of the version that is replaced; its absence says nothing about the folder. */
  before: ConsentRecord | undefined;
  /** True when there is an extension of this id in the user's folder. */
  replaces: boolean;
  tree: Tree;
}

export interface FolderInstallOptions {
  settings: InstallSettings;
  limits?: Partial<TreeLimits>;
}

/**
 * Reads an extension's folder and checks that it may be installed. The folder's name becomes the id. Throws a HostError
 * for a folder without a valid extension, with links that lead outside, with special files, or beyond the bounds.
 */
export async function planFolder(folder: string, options: FolderInstallOptions): Promise<FolderPlan> {
  const { settings } = options;
  const named = resolve(folder);
  const source = await realpath(named);
  const id = basename(named);
  const plugins = resolve(settings.baseDir, "plugins");
  const target = join(plugins, id);
  if (isInert(id) || id === "")
    throw refused(named, `the name '${id}' marks a copy that was put aside; no host loads such a folder`);
  const base = await realpath(plugins).catch(() => plugins);
  if (source === base || `${base}${sep}`.startsWith(source + sep))
    throw refused(named, "it holds the folder that it would be copied to");
  if (source.startsWith(base + sep)) throw refused(named, "it stands among your extensions already");
  const tree = await readTree(source, limitsOf(options));
  const { manifest, section } = await readSection(id, source, settings);
  const version = manifest.version ?? null;
  const placed = (path: string): string =>
    path.startsWith(source + sep) ? target + path.slice(source.length) : path;
  const hash = await codeHash(source);
  return {
    id,
    source,
    target,
    manifest,
    section,
    version,
    command: placed(resolveCommand(section.command, source)),
    args: section.args.map((arg) => placed(resolveArg(arg, source))),
    record: consentRecord({ root: target, version, section }, hash, settings.clock.wallMs()),
    before: (await new ConsentStore(settings.baseDir).read()).get(target),
    replaces: await isExtension(target),
    tree,
  };
}

/**
 * Copies the extension beside its place, exchanges the two by renaming, and records the approval. A reader sees the old
 * version or the new one, whole. Configuration and data of an earlier version stay. Throws a HostError, and changes
 * nothing, when the folder is not what was planned any more.
 */
export async function installFolder(plan: FolderPlan, options: FolderInstallOptions): Promise<void> {
  const { id, source, target, tree } = plan;
  const { baseDir, clock } = options.settings;
  const plugins = resolve(baseDir, "plugins");
  await mkdir(plugins, { recursive: true, mode: 0o700 });
  await tidyUp(baseDir, clock.wallMs());
  if (await isLink(target)) throw refused(source, `'${target}' is a link: remove it first`);
  const staged = join(plugins, passingName(id, "new"));
  const replaced = join(plugins, passingName(id, "replaced"));
  try {
    await copyTree(tree, staged, limitsOf(options));
    await checkCopy(plan, staged, options.settings);
    await whileNobodyInstalls(baseDir, async () => {
      const isReplacing = await isThere(target);
      if (isReplacing) await rename(target, replaced);
      try {
        await rename(staged, target);
      } catch (error) {
        if (isReplacing) await rename(replaced, target);
        throw error;
      }
      if (isReplacing) await carryState(replaced, target);
    });
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
  // Data that the extension had written beside its code is there again: the record tells the folder as it is now.
  const coverage = await coverageFor({ root: target, origin: "user" });
  await approveCode(baseDir, { ...plan.record, hash: coverage.hash }, coverage);
  await noteSetup(baseDir, id, false);
  await rm(replaced, { recursive: true, force: true });
}

/** Throws unless the copy is what the user agreed to. */
async function checkCopy(plan: FolderPlan, staged: string, settings: InstallSettings): Promise<void> {
  const { section } = await readSection(plan.id, staged, settings);
  const { version, target, record } = plan;
  const copied = consentRecord({ root: target, version, section }, await codeHash(staged), 0);
  const same =
    JSON.stringify({ ...copied, granted_at: "" }) === JSON.stringify({ ...record, granted_at: "" });
  if (!same) throw refused(plan.source, "it changed while it was read");
}

/** Hash of what is installed of a folder: all but what host and extension write there. */
export async function codeHash(root: string): Promise<string> {
  const { hash } = await coverageOf(root, {
    except: ({ name, path }) => name === "__pycache__" || (path === name && isNotCode(name)),
  });
  return hash;
}

async function readSection(
  id: string,
  root: string,
  settings: InstallSettings,
): Promise<{ manifest: Manifest; section: ExtensionSection }> {
  const state = await readEcosystemState(settings.baseDir);
  const context = loadContext({ ...settings, folders: [], projectExtensions: false, nowMs: 0 }, state);
  const read = await readManifest({ ...candidate(root, "named"), id }, context);
  if (!("kind" in read)) return { manifest: read.manifest, section: read.extension };
  const [wrong] = read.kind === "invalid" ? read.diagnostics : [];
  throw new HostError(
    wrong?.code ?? "MANIFEST_NOT_FOUND",
    wrong?.message ?? `There is no extension in '${root}'`,
    {
      hint: wrong?.hint ?? "Its manifest has no 'extension' section.",
    },
  );
}

function isExtension(root: string): Promise<boolean> {
  return isThere(candidate(root, "user").manifestPath);
}

async function isLink(path: string): Promise<boolean> {
  return (await isThere(path)) && (await lstat(path)).isSymbolicLink();
}

function limitsOf({ limits }: FolderInstallOptions): TreeLimits {
  return { ...DEFAULT_TREE_LIMITS, ...limits };
}
