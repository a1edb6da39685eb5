import pTimeout from "p-timeout";
import { HostError, messageOf } from "../errors.js";
import { Extension } from "./extension.js";
import { isLive, type ExtensionState } from "./states.js";
import { QuarantineStore, type QuarantineRecord } from "../loading/records/quarantine-store.js";
import type { ExtensionStatus } from "../host-types.js";
import type { Inbound } from "./inbound.js";
import { collect } from "../loading/inventory/collect.js";
import { byId, type InventoryEntry } from "../loading/inventory/inventory.js";
import { failureOf, LoadReport } from "./load-report.js";
import { MemberListeners, type MemberListener } from "./members.js";
import { quarantined } from "./quarantined.js";
import { startAll } from "./start-all.js";
import { statusOf } from "./status-of.js";
import { errorDiagnostic, type DiagnosticNote } from "../loading/manifest/diagnostic.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import type { ChildProcess, SpawnRequest } from "../transport/process/child.js";
import { Children } from "../transport/process/children.js";
import type { Activity } from "../time/activity.js";
import type { Work } from "./work.js";
import type { Settings } from "../settings.js";

/** Told after an extension moved from one state to another. */
export type StateListener = (extension: Extension, from: ExtensionState, to: ExtensionState) => void;

/** All extensions of one host: finds them, starts them a few at a time, exchanges them, and stops them together. */
export class ExtensionRegistry {
  readonly #settings: Settings;
  readonly #inbound: Inbound;
  readonly #attach: (extension: Extension) => Work;
  readonly #activity: Activity;
  readonly #quarantine: QuarantineStore;
  readonly #children: Children;
  readonly #extensions = new Map<InventoryEntry, Extension>();
  /** Those that are about to join, and those that left and still finish what they had begun. */
  readonly #apart = new Set<Extension>();
  readonly #listeners = new Set<StateListener>();
  readonly #members: MemberListeners;
  readonly #noted = new WeakSet<HostError>();
  readonly report: LoadReport;
  #inventory: InventoryEntry[] = [];
  #starting: Promise<unknown> = Promise.resolve();
  #stopping = false;
  readonly #killAll = (): void => {
    for (const extension of [...this.#extensions.values(), ...this.#apart]) extension.kill();
    this.#children.closeNow();
  };

  constructor(
    settings: Settings,
    inbound: Inbound,
    activity: Activity,
    attach: (extension: Extension) => Work,
  ) {
    this.#attach = attach;
    this.#activity = activity;
    this.#settings = settings;
    this.#inbound = inbound;
    this.#quarantine = new QuarantineStore(settings.baseDir);
    this.#children = new Children(settings);
    this.#members = new MemberListeners(settings.logger);
    this.report = new LoadReport(settings.logger);
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Reads everything; each extension that may run is a member from here on, before any of them is started. */
  async load(): Promise<void> {
    const settings = this.#settings;
    this.report.begin();
    const swept = this.#children.sweep();
    this.#inventory = await collect({ ...settings, nowMs: settings.clock.wallMs() });
    const unreadable = await this.#quarantine.load();
    if (unreadable) settings.logger.warn("the record of quarantines was not used", { reason: unreadable });
    for (const entry of this.#inventory) {
      const failure = failureOf(entry);
      if (failure) this.report.failed(failure);
      if (entry.status !== "ready" || !entry.extension) continue;
      const extension = this.#make(entry.extension, this.#quarantine.get(entry.root));
      this.#extensions.set(entry, extension);
      this.#members.tell({ type: "added", extension });
    }
    await swept;
  }

  /** Resolves when each extension runs, failed or is set aside, or after `startMs`; the rest goes on behind it. */
  async start(): Promise<void> {
    process.once("exit", this.#killAll);
    const starts = [...this.#extensions].map(([entry, extension]) => () => {
      // It may have left before its turn came.
      if (!this.#stopping && !extension.stopRequested) return this.#startOne(entry, extension);
      return undefined;
    });
    this.#starting = startAll(starts, this.#settings.limits).then(() => this.report.finish());
    const milliseconds = Math.max(1, this.#settings.limits.startMs);
    await pTimeout(this.#starting, { milliseconds, fallback: () => {} });
  }

  /** `beside` resolves when all processes are gone that belong to no extension of the registry. */
  async stop(beside: Promise<void>): Promise<void> {
    this.#stopping = true;
    const all = [...this.#extensions.values(), ...this.#apart];
    await Promise.all(all.map((extension) => extension.stop()));
    await Promise.all([this.#starting, beside]);
    // The program may end right after this.
    await Promise.all([this.#quarantine.settled(), this.#children.close()]);
    process.off("exit", this.#killAll);
  }

  /** Starts a process beside an extension's own. */
  spawn(extension: string, request: SpawnRequest): ChildProcess {
    return this.#children.spawn(extension, request);
  }

  get(id: string): Extension | undefined {
    for (const [entry, extension] of this.#extensions) if (entry.id === id) return extension;
    return undefined;
  }

  /** Calls the listener after each move of an extension. Returns how to stop that. */
  onState(listener: StateListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls the listener when an extension joins, is replaced or leaves. Returns how to stop that. */
  onMembers(listener: MemberListener): () => void {
    return this.#members.listen(listener);
  }

  /** All that may have a process, in load order. */
  all(): Extension[] {
    return [...this.#extensions.values()];
  }

  /** Adds a warning to an extension's status and tells it, the first time. */
  warn(extension: Extension, note: DiagnosticNote): void {
    for (const [entry, one] of this.#extensions) {
      if (one !== extension || entry.diagnostics.some(({ message }) => message === note.message)) continue;
      const { id, manifestPath: file } = entry;
      const warning = { severity: "warning", extension: id, file, pointer: "", ...note } as const;
      entry.diagnostics = [...entry.diagnostics, warning];
      this.#settings.logger.warn(note.message, { extension: id, code: note.code, hint: note.hint });
    }
  }

  status(): ExtensionStatus[] {
    return this.#inventory.map((entry) => statusOf(entry, this.#extensions.get(entry)));
  }

  /** An extension that may become a member once it runs. Its past is forgiven: its code may be another. */
  prepare(loaded: LoadedExtension): Extension {
    const extension = this.#make(loaded, undefined);
    this.#apart.add(extension);
    return extension;
  }

  /** Ends one that was prepared, or that left. */
  async discard(extension: Extension): Promise<void> {
    this.#apart.add(extension);
    await extension.stop();
    this.#apart.delete(extension);
  }

  /**
   * Makes a prepared extension a member, in the place of the one with its id. That one gets nothing new, finishes what
   * it has begun, and hands on what it has not. `entries` are all that was found under the id.
   */
  install(entries: readonly InventoryEntry[], entry: InventoryEntry, extension: Extension): void {
    const previous = this.get(entry.id);
    this.#forget(entry.id);
    this.#inventory = [...this.#inventory, ...entries].sort(byId);
    this.#extensions.set(entry, extension);
    this.#sortMembers();
    this.#apart.delete(extension);
    this.#note(entry.id, entry.root, undefined);
    if (!previous) return this.#members.tell({ type: "added", extension });
    previous.successor = extension;
    this.#members.tell({ type: "replaced", extension, previous });
    this.#tell(previous, previous.state, "stopped");
    void this.discard(previous);
  }

  /** Lets everybody forget a member. Its process is the caller's to end. */
  remove(extension: Extension): void {
    this.#forget(extension.id);
    this.#members.tell({ type: "removed", extension });
  }

  #tell(extension: Extension, from: ExtensionState, to: ExtensionState): void {
    for (const listener of this.#listeners) listener(extension, from, to);
  }

  #forget(id: string): void {
    for (const entry of this.#extensions.keys()) if (entry.id === id) this.#extensions.delete(entry);
    this.#inventory = this.#inventory.filter((entry) => entry.id !== id);
  }

  #sortMembers(): void {
    const members = [...this.#extensions].sort(([a], [b]) => byId(a, b));
    this.#extensions.clear();
    for (const [entry, extension] of members) this.#extensions.set(entry, extension);
  }

  #make(loaded: LoadedExtension, quarantine: QuarantineRecord | undefined): Extension {
    const { logger } = this.#settings;
    const { root, id } = loaded;
    return new Extension(loaded, {
      ...this.#settings,
      inbound: this.#inbound,
      attach: this.#attach,
      activity: this.#activity,
      children: this.#children,
      quarantine,
      noteQuarantine: (record) => this.#note(id, root, record),
      startLate: (extension) => void this.#run(extension),
      onState: (extension, from, to) => {
        logger.info("extension state", { extension: id, from, to });
        if (to === "failed" && extension.failure) this.#noteFailure(extension, extension.failure);
        // That one with this id stopped was told when it was replaced; by now the id is another's.
        if (!extension.successor) this.#tell(extension, from, to);
      },
    });
  }

  #note(id: string, root: string, record: QuarantineRecord | undefined): void {
    this.#quarantine.set(root, record).catch((error: unknown) => {
      this.#settings.logger.warn("a quarantine could not be noted", {
        extension: id,
        reason: messageOf(error),
      });
    });
  }

  async #startOne(entry: InventoryEntry, extension: Extension): Promise<void> {
    // One that is lazy is ready without a process.
    if (extension.lazy) return this.report.loaded(entry.id);
    const error = await this.#run(extension);
    if (error) this.report.failedBy(entry, error);
    else if (isLive(extension.state)) this.report.loaded(entry.id);
    else if (extension.state === "quarantined") this.report.failedBy(entry, quarantined(extension));
  }

  /** Starts it, and notes and returns why it failed, if it did. */
  async #run(extension: Extension): Promise<HostError | undefined> {
    try {
      await extension.start();
      return undefined;
    } catch (error) {
      if (this.#stopping || extension.stopRequested || !(error instanceof HostError)) return undefined;
      this.#noteFailure(extension, error);
      return error;
    }
  }

  /** Notes a failed start, once, in the log and in the status: before anybody is told of the end of a request. */
  #noteFailure(extension: Extension, error: HostError): void {
    if (this.#noted.has(error)) return;
    this.#noted.add(error);
    const { code, message, hint } = error;
    const { id } = extension;
    this.#settings.logger.error(message, { extension: id, code, hint });
    for (const [entry, one] of this.#extensions) {
      if (one === extension)
        entry.diagnostics = [...entry.diagnostics, errorDiagnostic(id, entry.manifestPath, error)];
    }
  }
}
