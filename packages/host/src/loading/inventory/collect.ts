import { join } from "node:path";
import { ownEnvironment } from "@synaps/sdk/manifest";
import type { Catalog } from "@synaps/sdk/protocol";
import { findProjectExtensions, findProjectRoot } from "../config/project-root.js";
import { HostError, messageOf } from "../../errors.js";
import type { Logger } from "../../logger.js";
import { errorDiagnostic } from "../manifest/diagnostic.js";
import { discover, type Candidate, type Origin } from "../manifest/discover.js";
import { loadExtension, type LoadContext } from "../manifest/load.js";
import { tidyUp } from "../install/folder/leftovers.js";
import { applyConsent } from "./consent.js";
import { readEcosystemState, type EcosystemState } from "./ecosystem-state.js";
import { misplacedIn } from "./misplaced.js";
import { resolveDuplicates } from "./duplicates.js";
import { byId, type InventoryEntry } from "./inventory.js";

/**
 * Places to look in and what counts there. `settingsOf` makes most of it from the options of a host; `nowMs` is the
 * time since the epoch that new records carry.
 */
export interface CollectOptions {
  /** Folders named by the embedder; undefined reads the user's and the project's. */
  folders: readonly string[] | undefined;
  baseDir: string;
  projectDir: string;
  projectExtensions: boolean;
  catalogs: readonly Catalog[];
  env: Readonly<Record<string, string | undefined>>;
  nowMs: number;
  /** False starts every extension with the host, also a lazy one. Default true. */
  lazy?: boolean;
  /** Only extensions of this id. Default: all. */
  only?: string;
  /** True approves and records a folder that is new among the user's. Default true. */
  recordNew?: boolean;
  /** Told of work that failed and that the result does not show. Default: nobody. */
  logger?: Logger;
}

/**
 * Finds, reads and checks all extensions, in load order, and decides which of them may run. Starts nothing.
 * Writes only the record of newly dropped folders. Throws a HostError when a named folder cannot be read.
 */
export async function collect(options: CollectOptions): Promise<InventoryEntry[]> {
  // A folder that cannot be tidied up is read as it is.
  if (!options.folders)
    await tidyUp(options.baseDir, options.nowMs).catch((error: unknown) =>
      options.logger?.warn("what an earlier program left half installed could not be tidied up", {
        folder: join(options.baseDir, "plugins"),
        reason: messageOf(error),
      }),
    );
  const state = await readEcosystemState(options.baseDir);
  const context = loadContext(options, state);
  const found: InventoryEntry[] = [];
  const candidates = await findCandidates(options);
  const ids = candidates.map(({ id }) => id);
  for (const candidate of candidates) {
    if (options.only !== undefined && candidate.id !== options.only) continue;
    found.push(await examine(candidate, contextFor(candidate.id, ids, context), state));
  }
  const { baseDir, nowMs, recordNew = true } = options;
  await applyConsent(found, { baseDir, nowMs, recordNew, strict: state.consentStrict });
  // A plugin without an extension is nobody's concern, unless it was approved as a guard.
  const entries = found.filter(({ declaresNone: isNone, standIn }) => !isNone || standIn !== undefined);
  const misplaced = (await Promise.all(ownFolders(options).map((own) => misplacedIn(...own)))).flatMap(
    (entry) => (entry && (options.only ?? entry.id) === entry.id ? [entry] : []),
  );
  return [...resolveDuplicates(entries), ...misplaced].sort(byId);
}

/** Makes the context in which manifests are read. */
export function loadContext(options: CollectOptions, { globalConfig }: EcosystemState): LoadContext {
  return {
    catalogs: options.catalogs,
    baseDir: options.baseDir,
    lazy: options.lazy ?? true,
    sources: {
      env: options.env,
      global: globalConfig,
      projectRoot: findProjectRoot(options.projectDir),
    },
  };
}

/** The context of one extension, which sees no variable that overrides the configuration of another one of these. */
export function contextFor(id: string, ids: readonly string[], context: LoadContext): LoadContext {
  const { sources } = context;
  return { ...context, sources: { ...sources, env: ownEnvironment(sources.env, id, ids) } };
}

/** Finds all candidates, in no order. Throws a HostError when a named folder cannot be read. */
export async function findCandidates(options: CollectOptions): Promise<Candidate[]> {
  const { folders } = options;
  if (folders) {
    const found = await Promise.all(folders.map((folder) => discover(folder, "named", false)));
    // The same folder named twice, or named beside its parent, is one extension.
    return [...new Map(found.flat().map((one) => [one.root, one])).values()];
  }
  const found = await Promise.all(
    ownFolders(options).map(([folder, origin]) => discover(folder, origin, true)),
  );
  return found.flat();
}

/** The user's and the project's folder of extensions; none when the program names its folders. */
function ownFolders({
  folders,
  baseDir,
  projectDir,
  projectExtensions,
}: CollectOptions): [folder: string, origin: Origin][] {
  if (folders) return [];
  const user: [string, Origin] = [join(baseDir, "plugins"), "user"];
  return projectExtensions ? [user, [findProjectExtensions(projectDir), "project"]] : [user];
}

async function examine(
  candidate: Candidate,
  context: LoadContext,
  state: EcosystemState,
): Promise<InventoryEntry> {
  const { id } = candidate;
  const base = { ...candidate, extension: undefined };
  if (candidate.origin !== "named" && state.disabled.has(id)) {
    return { ...base, status: "disabled", diagnostics: [] };
  }
  if (candidate.origin === "user" && state.setupFailed.has(id)) {
    const failed = new HostError(
      "SETUP_FAILED",
      `The setup of extension '${id}' failed when it was installed`,
      {
        hint: `Run it again: synaps-ext setup ${id}`,
      },
    );
    return { ...base, status: "invalid", diagnostics: [errorDiagnostic(id, candidate.manifestPath, failed)] };
  }
  const result = await loadExtension(candidate, context);
  switch (result.kind) {
    case "no_extension": {
      const diagnostics = [errorDiagnostic(id, candidate.manifestPath, declaresNone(id))];
      return { ...base, status: "invalid", declaresNone: true, diagnostics };
    }
    case "invalid":
      return { ...base, status: "invalid", ...result.declared, diagnostics: result.diagnostics };
    case "loaded": {
      const { extension, warnings } = result;
      const { section, version } = extension;
      return { ...base, status: "ready", extension, section, version, diagnostics: warnings };
    }
  }
}

function declaresNone(id: string): HostError {
  return new HostError(
    "MANIFEST_INVALID",
    `'${id}' was approved as an extension, and its manifest declares none`,
    {
      hint: "Put the section 'extension' back.",
    },
  );
}
