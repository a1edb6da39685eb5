import { join } from "node:path";
import type { Catalog } from "@synaps/sdk/protocol";
import { findProjectExtensions, findProjectRoot } from "../config/project-root.js";
import { HostError, messageOf } from "../../errors.js";
import { errorDiagnostic, type Diagnostic } from "../manifest/diagnostic.js";
import { discover, type Candidate, type Origin } from "../manifest/discover.js";
import { loadExtension, type LoadContext } from "../manifest/load.js";
import { tidyUp } from "../install/folder/leftovers.js";
import { consentRecord, ConsentStore, type ConsentRecord } from "../records/consent-store.js";
import { evaluateConsent } from "../permission/evaluate.js";
import { hashTree } from "../permission/tree-hash.js";
import { readEcosystemState, type EcosystemState } from "./ecosystem-state.js";
import { misplacedIn } from "./misplaced.js";
import { byId, type InventoryEntry, type InventoryStatus } from "./inventory.js";

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
}

/**
 * Finds, reads and checks all extensions, in load order, and decides which of them may run. Starts nothing.
 * Writes only the record of newly dropped folders. Throws a HostError when a named folder cannot be read.
 */
export async function collect(options: CollectOptions): Promise<InventoryEntry[]> {
  // A folder that cannot be tidied up is read as it is.
  if (!options.folders) await tidyUp(options.baseDir, options.nowMs).catch(() => {});
  const state = await readEcosystemState(options.baseDir);
  const context = loadContext(options, state);
  const entries: InventoryEntry[] = [];
  for (const candidate of await findCandidates(options)) {
    if (options.only !== undefined && candidate.id !== options.only) continue;
    const entry = await examine(candidate, context, state);
    if (entry) entries.push(entry);
  }
  await applyConsent(entries, options);
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
): Promise<InventoryEntry | undefined> {
  const { id } = candidate;
  const base = { ...candidate, extension: undefined, hash: undefined };
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
    case "no_extension":
      return undefined;
    case "invalid":
      return { ...base, status: "invalid", diagnostics: result.diagnostics };
    case "loaded":
      return { ...base, status: "ready", extension: result.extension, diagnostics: result.warnings };
  }
}

/** Holds back extensions without approval, except in folders that the embedder named. */
async function applyConsent(
  entries: InventoryEntry[],
  { baseDir, nowMs, recordNew = true }: CollectOptions,
): Promise<void> {
  const concerned = entries.filter(({ origin, extension }) => origin !== "named" && extension);
  if (concerned.length === 0) return;
  const store = new ConsentStore(baseDir);
  let records: Map<string, ConsentRecord>;
  try {
    records = await store.read();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    for (const entry of concerned) hold(entry, "pending_consent", error);
    return;
  }
  const added = new Map<string, ConsentRecord>();
  for (const entry of concerned) {
    const { extension, root, origin, id } = entry;
    if (!extension) continue;
    try {
      entry.hash = await hashTree(root);
    } catch (error) {
      hold(
        entry,
        "pending_consent",
        new HostError("MANIFEST_UNREADABLE", `The code of '${id}' cannot be read: ${messageOf(error)}`, {
          hint: "Check the rights of its files.",
        }),
      );
      continue;
    }
    const decision = evaluateConsent(origin, records.get(root), entry.hash);
    if (decision.type === "pending") {
      hold(entry, "pending_consent", pendingError(id, decision.why));
    } else if (decision.type === "run_and_record" && !recordNew) {
      hold(entry, "pending_consent", pendingError(id, "unrecorded"));
    } else if (decision.type === "run_and_record") {
      added.set(root, consentRecord(extension, entry.hash, nowMs));
    }
  }
  if (added.size === 0) return;
  try {
    await store.write(added);
  } catch (error) {
    // The extensions run all the same: the user put them there. But a later change will not be noticed.
    for (const entry of concerned)
      if (entry.status === "ready")
        entry.diagnostics = [...entry.diagnostics, notRecorded(entry, store.path, error)];
  }
}

function notRecorded({ id, manifestPath: file }: InventoryEntry, path: string, error: unknown): Diagnostic {
  const message = `The approval of '${id}' could not be recorded in '${path}': ${messageOf(error)}`;
  const hint = "Make it writable: until then, changes of the extension's code go unnoticed.";
  return {
    severity: "warning",
    code: "CONSENT_NOT_RECORDED",
    extension: id,
    file,
    pointer: "",
    message,
    hint,
  };
}

const PENDING = {
  new: (id: string) => `Extension '${id}' comes with this project and was not approved`,
  changed: (id: string) => `The code of extension '${id}' changed since it was approved`,
  unrecorded: (id: string) => `Extension '${id}' is new in the user's folder and was not approved`,
} as const;

function pendingError(id: string, why: keyof typeof PENDING): HostError {
  return new HostError("CONSENT_PENDING", PENDING[why](id), {
    hint: `Read its code, then run: synaps-ext approve ${id}`,
  });
}

/** Keeps one extension per id: a project's replaces the user's once it may run; otherwise the first one found stays. */
function resolveDuplicates(entries: readonly InventoryEntry[]): InventoryEntry[] {
  const owner = new Map<string, InventoryEntry>();
  for (const entry of entries) {
    const first = owner.get(entry.id);
    if (!first) {
      owner.set(entry.id, entry);
    } else if (entry.origin === "project" && first.origin === "user") {
      if (entry.status === "ready") owner.set(entry.id, entry);
    } else {
      const message = `Extension '${entry.id}' is already loaded from '${first.root}'`;
      const duplicate = new HostError("MANIFEST_DUPLICATE_ID", message, {
        hint: "Rename or remove one of the two folders: the folder's name is the id.",
      });
      hold(entry, "invalid", duplicate);
    }
  }
  // A project's extension that must wait is still shown, beside the user's one that runs meanwhile.
  return entries.filter((entry) => owner.get(entry.id) === entry || entry.status !== "ready");
}

function hold(entry: InventoryEntry, status: InventoryStatus, error: HostError): void {
  entry.status = status;
  entry.diagnostics = [...entry.diagnostics, errorDiagnostic(entry.id, entry.manifestPath, error)];
}
