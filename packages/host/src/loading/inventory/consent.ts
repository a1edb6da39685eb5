import { HostError, messageOf } from "../../errors.js";
import { errorDiagnostic, type Diagnostic } from "../manifest/diagnostic.js";
import { changesText, compareCoverage, type Change } from "../permission/compare.js";
import type { Coverage } from "../permission/coverage.js";
import { evaluateConsent } from "../permission/evaluate.js";
import { isLoadable } from "../permission/loadable.js";
import { consentRecord, ConsentStore, type ConsentRecord } from "../records/consent-store.js";
import { CoverageStore, type RecordedCoverage } from "../records/coverage-store.js";
import { coverageFor } from "./approval.js";
import { standInOfRecord, standInOfSection, type StandIn } from "./guard.js";
import { hold, type InventoryEntry } from "./inventory.js";

export interface ConsentOptions {
  baseDir: string;
  nowMs: number;
  /** True if the user's own folder waits for approval as a project's does. */
  strict: boolean;
  /** True approves and records what is new in the user's folder. */
  recordNew: boolean;
}

/** Stands for everything when it is not known what changed. */
const SOMETHING: Change = { name: "its files", what: "changed", loadable: true };

/**
 * Holds back extensions without approval, records what the user put or changed in the own folder, and finds what has to
 * stand in for closed guards. Folders that the embedder named need no approval.
 */
export async function applyConsent(
  entries: readonly InventoryEntry[],
  options: ConsentOptions,
): Promise<void> {
  const concerned = entries.filter(({ status }) => status !== "disabled");
  // Nothing to ask for and nothing to stand in for: a host with folders of its own reads and writes no record.
  if (
    concerned.every(
      ({ origin, status, section }) => origin === "named" && status === "ready" && !hasGuard(section),
    )
  )
    return;
  const store = new ConsentStore(options.baseDir);
  let records: ReadonlyMap<string, ConsentRecord> | HostError;
  try {
    records = await store.read();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    records = error;
  }
  const consent = new Consent(store, records, options);
  for (const entry of concerned) await consent.apply(entry);
  await consent.write(concerned);
}

function hasGuard(section: InventoryEntry["section"]): boolean {
  return section !== undefined && standInOfSection(section) !== undefined;
}

class Consent {
  readonly #store: ConsentStore;
  readonly #coverages: CoverageStore;
  readonly #records: ReadonlyMap<string, ConsentRecord>;
  readonly #unreadable: HostError | undefined;
  readonly #options: ConsentOptions;
  readonly #added = new Map<string, ConsentRecord>();
  /** Folders whose list of files could not be written, with the reason. */
  readonly #unlisted = new Map<string, unknown>();

  constructor(
    store: ConsentStore,
    records: ReadonlyMap<string, ConsentRecord> | HostError,
    options: ConsentOptions,
  ) {
    this.#store = store;
    this.#coverages = new CoverageStore(options.baseDir);
    this.#unreadable = records instanceof HostError ? records : undefined;
    this.#records = records instanceof HostError ? new Map() : records;
    this.#options = options;
  }

  async apply(entry: InventoryEntry): Promise<void> {
    if (entry.origin !== "named" && entry.section) await this.#decide(entry);
    else if (entry.origin === "named" && entry.section) this.#recordGuard(entry);
    if (entry.status === "ready") return;
    const record = this.#records.get(entry.root);
    const isTrusted = entry.origin === "named" || (entry.origin === "user" && !this.#options.strict);
    if (record) entry.standIn = standInOfRecord(record);
    else if (isTrusted && entry.section) entry.standIn = standInOfSection(entry.section);
    if (entry.standIn) warn(entry, absentGuard(entry, entry.standIn));
  }

  async write(entries: readonly InventoryEntry[]): Promise<void> {
    const failed = new Map(this.#unlisted);
    try {
      if (this.#added.size > 0 && !this.#unreadable) await this.#store.write(this.#added);
    } catch (error) {
      for (const root of this.#added.keys()) failed.set(root, error);
    }
    // The extensions run all the same: the user put or approved them. But a later change will not be noticed, or not by name.
    for (const entry of entries)
      if (failed.has(entry.root))
        warn(entry, notRecorded(entry.id, this.#store.path, failed.get(entry.root)));
  }

  async #decide(entry: InventoryEntry): Promise<void> {
    const { root, origin, id } = entry;
    const { recordNew } = this.#options;
    const strict = this.#options.strict || origin === "project";
    if (this.#unreadable && strict) return this.#hold(entry, this.#unreadable);
    if (this.#unreadable)
      warn(entry, { ...errorDiagnostic(id, undefined, this.#unreadable), severity: "warning" });
    const record = this.#records.get(root);
    const recorded = await this.#coverages.read(root);
    const coverage = await coverageFor(entry, recorded?.files);
    entry.coverage = coverage;
    entry.changes = record && changesSince(record, recorded, coverage);
    if (coverage.problems.length > 0) {
      const error = uncoverable(id, coverage.problems);
      if (strict) return this.#hold(entry, error);
      warn(entry, { ...errorDiagnostic(id, entry.manifestPath, error), severity: "warning" });
    }
    const decision = evaluateConsent({ origin, strict, changes: entry.changes });
    switch (decision.type) {
      case "pending":
        return this.#hold(entry, pendingError(id, why(decision.why, origin), entry.changes));
      case "run_and_record":
        if (!recordNew) {
          if (!record) this.#hold(entry, pendingError(id, "unrecorded", undefined));
          return;
        }
        await this.#record(entry, coverage, record, recorded);
        return;
      case "run":
        await this.#refresh(root, record, recorded, coverage);
    }
  }

  /** Records what runs now, and says what of it changed, once. */
  async #record(
    entry: InventoryEntry,
    coverage: Coverage,
    record: ConsentRecord | undefined,
    recorded: RecordedCoverage | undefined,
  ): Promise<void> {
    const { root, section, changes } = entry;
    const { nowMs } = this.#options;
    if (!section) return;
    const version = entry.version ?? null;
    this.#added.set(root, consentRecord({ root, version, section }, coverage.hash, nowMs));
    const last = changes ? { at: new Date(nowMs).toISOString(), changes } : recorded?.last;
    await this.#writeCoverage(root, coverage.hash, coverage.files, () => true, last);
    const told = changes?.filter(({ name }) => !isOwnData(name, coverage)) ?? [];
    if (told.some(({ loadable }) => loadable)) warn(entry, changedDiagnostic(entry, told, record));
  }

  /** Keeps the times of files that were read again and turned out to be the same. */
  async #refresh(
    root: string,
    record: ConsentRecord | undefined,
    recorded: RecordedCoverage | undefined,
    { read, files }: Coverage,
  ): Promise<void> {
    if (!record || read === 0) return;
    const before = recorded?.hash === record.hash ? recorded.files : undefined;
    await this.#writeCoverage(
      root,
      record.hash,
      files,
      (name) => before === undefined || before.get(name)?.approved === true,
      recorded?.last,
      true,
    );
  }

  async #writeCoverage(...args: Parameters<CoverageStore["write"]>): Promise<void> {
    // Without the list, the files are read again at the next start, and a change is told without names.
    await this.#coverages.write(...args).catch((error: unknown) => this.#unlisted.set(args[0], error));
  }

  /** A closed guard in a folder that the embedder named is trusted: it counts as approved from its first start on. */
  #recordGuard(entry: InventoryEntry): void {
    const { root, section } = entry;
    if (!section || !this.#options.recordNew) return;
    const record = this.#records.get(root);
    if (!hasGuard(section) && !record?.guards?.length) return;
    const now = consentRecord({ root, version: entry.version ?? null, section }, record?.hash ?? "", 0);
    const same = (one: ConsentRecord): string => JSON.stringify([one.guards ?? [], one.permissions]);
    if (record && same(record) === same(now)) return;
    this.#added.set(root, { ...now, granted_at: new Date(this.#options.nowMs).toISOString() });
  }

  #hold(entry: InventoryEntry, error: HostError): void {
    // A broken extension says so itself: an approval would not make it run.
    if (entry.status === "ready") hold(entry, "pending_consent", error);
    else warn(entry, { ...errorDiagnostic(entry.id, entry.manifestPath, error), severity: "warning" });
  }
}

function absentGuard({ id, manifestPath: file }: InventoryEntry, { hooks }: StandIn): Diagnostic {
  const kinds = [...new Set(hooks.map(({ hook }) => hook))].join(", ");
  const message = `Extension '${id}' is a guard that fails closed and cannot run: it blocks ${kinds}`;
  const hint = `Correct it; or switch it off, if you can do without it: synaps-ext disable ${id}`;
  return { severity: "warning", code: "GUARD_ABSENT", extension: id, file, pointer: "", message, hint };
}

/** The changes since an approval. Without the list of its files, only whether anything did. */
function changesSince(
  record: ConsentRecord,
  recorded: RecordedCoverage | undefined,
  coverage: Coverage,
): Change[] {
  if (recorded?.hash === record.hash) return compareCoverage(recorded.files, coverage.files);
  // Only here: the hash of thousands of files takes longer than looking at them.
  return record.hash === coverage.hash ? [] : [SOMETHING];
}

/** True for data in the folder that extensions keep their data in: it changes with each run, and it is no code. */
function isOwnData(name: string, { files }: Coverage): boolean {
  return name.startsWith("data/") && !(files.get(name)?.loadable ?? isLoadable(name, false));
}

function warn(entry: InventoryEntry, diagnostic: Diagnostic): void {
  entry.diagnostics = [...entry.diagnostics, diagnostic];
}

function uncoverable(id: string, problems: readonly string[]): HostError {
  const [first = "", ...more] = problems;
  const rest = more.length === 0 ? "" : ` (and ${more.length} more)`;
  return new HostError("CODE_UNREADABLE", `The code of '${id}' cannot be looked into: ${first}${rest}`, {
    hint: "Correct the rights or remove what cannot be read: only code that can be read can be approved.",
  });
}

function notRecorded(id: string, path: string, error: unknown): Diagnostic {
  const message = `The approval of '${id}' could not be recorded in '${path}': ${messageOf(error)}`;
  const hint = "Make it writable: until then, changes of the extension's code go unnoticed.";
  const at = { extension: id, file: path, pointer: "" };
  return { severity: "warning", code: "CONSENT_NOT_RECORDED", ...at, message, hint };
}

function changedDiagnostic(
  { id, manifestPath: file, section }: InventoryEntry,
  changes: readonly Change[],
  before: ConsentRecord | undefined,
): Diagnostic {
  const added = section?.permissions.filter((one) => !before?.permissions.includes(one)) ?? [];
  const more = added.length === 0 ? "" : `; it has new permissions: ${added.join(", ")}`;
  const message = `The code of extension '${id}' changed since its last start: ${changesText(changes)}${more}`;
  const hint = `It is in your own folder, so it runs. To see it again: synaps-ext diff ${id}`;
  return { severity: "warning", code: "CODE_CHANGED", extension: id, file, pointer: "", message, hint };
}

function why(decided: "new" | "changed", origin: InventoryEntry["origin"]): keyof typeof PENDING {
  return decided === "new" && origin === "user" ? "strict" : decided;
}

const PENDING = {
  new: (id: string) => `Extension '${id}' comes with this project and was not approved`,
  strict: (id: string) => `Extension '${id}' was not approved, which your 'consent = strict' asks for`,
  changed: (id: string) => `The code of extension '${id}' changed since it was approved`,
  unrecorded: (id: string) => `Extension '${id}' is new in the user's folder and was not approved`,
} as const;

function pendingError(
  id: string,
  why: keyof typeof PENDING,
  changes: readonly Change[] | undefined,
): HostError {
  const what = changes?.filter(({ loadable }) => loadable) ?? [];
  const detail = what.length === 0 || what.includes(SOMETHING) ? "" : `: ${changesText(what)}`;
  return new HostError("CONSENT_PENDING", PENDING[why](id) + detail, {
    hint:
      changes === undefined
        ? `Read its code, then run: synaps-ext approve ${id}`
        : `See what changed: synaps-ext diff ${id}. Then run: synaps-ext approve ${id}`,
  });
}
