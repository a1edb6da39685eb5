import { messageOf, type HostError } from "../errors.js";
import type { LogEntry } from "./log-ring.js";
import { Listeners } from "../listeners.js";
import { collect, type CollectOptions } from "../loading/inventory/collect.js";
import type { InventoryEntry } from "../loading/inventory/inventory.js";
import { errorDiagnostic, evidenceOf, type DiagnosticNote } from "../loading/manifest/diagnostic.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import { QuarantineStore, type QuarantineRecord } from "../loading/records/quarantine-store.js";
import type { Logger } from "../logger.js";
import type { HostLimits } from "../options.js";
import type { Activity } from "../time/activity.js";
import type { Clock } from "../time/clock.js";
import { limited } from "../time/limited.js";
import type { ChildProcess, SpawnRequest } from "../transport/process/child.js";
import { Children } from "../transport/process/children.js";
import { Extension } from "./extension.js";
import { disabled, extensionStopped, hostStopped, quarantined } from "./failures.js";
import type { Inbound } from "./inbound.js";
import { failureOf, LoadReport, type LoadFailure } from "./load-report.js";
import { Members, type ExtensionStatus, type MemberListener, type StandInListener } from "./members.js";
import { newest, Starter } from "./starter.js";
import { isLive, type ExtensionState } from "./states.js";
import type { Work } from "./work.js";

/** Notes about one extension: beyond, a flood of ever different mistakes would only repeat itself. */
const MOST_NOTES = 32;

/** Options of a host that supervision needs. */
export interface RegistryOptions extends Omit<CollectOptions, "nowMs" | "only" | "recordNew"> {
  limits: HostLimits;
  clock: Clock;
  logger: Logger;
  random: () => number;
}

/** Parts of the host that every extension of it uses. */
export interface RegistryParts {
  inbound: Inbound;
  activity: Activity;
  /** Makes the part that takes requests to the extension. */
  attach(extension: Extension): Work;
  /** Told of each line that an extension writes to standard error. */
  onLog(extension: Extension, entry: LogEntry): void;
}

/** Told after an extension moved from one state to another. */
export type StateListener = (extension: Extension, from: ExtensionState, to: ExtensionState) => void;

/** All extensions of one host: finds them, starts them a few at a time, exchanges them, and stops them together. */
export class ExtensionRegistry {
  readonly #options: RegistryOptions;
  readonly #parts: RegistryParts;
  readonly #quarantine: QuarantineStore;
  readonly #children: Children;
  readonly #starter: Starter;
  readonly #members: Members;
  /** Extensions that are about to join, and extensions that left and still finish what they had begun. */
  readonly #apart = new Set<Extension>();
  readonly #listeners: Listeners<Parameters<StateListener>>;
  readonly #noted = new WeakSet<HostError>();
  readonly report: LoadReport;
  #starting: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(options: RegistryOptions, parts: RegistryParts) {
    const { clock, logger, limits } = options;
    this.#options = options;
    this.#parts = parts;
    this.#quarantine = new QuarantineStore(options.baseDir);
    this.#children = new Children(options);
    this.#members = new Members(logger);
    this.#listeners = new Listeners(logger, "the states of extensions");
    this.report = new LoadReport(logger);
    this.#starter = new Starter({
      clock,
      limits,
      report: this.report,
      stopping: () => this.#stopping,
      onFailure: (extension, error) => this.#noteFailure(extension, error),
    });
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Reads everything; each extension that may run is a member from here on, before any of them is started. */
  async load(): Promise<void> {
    const { logger, clock } = this.#options;
    this.report.begin();
    try {
      const swept = this.#children.sweep();
      const found = await collect({ ...this.#options, nowMs: clock.wallMs() });
      const unreadable = await this.#quarantine.load();
      if (unreadable) logger.warn("the record of quarantines was not used", { reason: unreadable });
      await swept;
      for (const entry of found) this.#admit(entry);
    } catch (error) {
      this.report.abort(error);
      logger.error(messageOf(error), { code: this.report.result.problem?.code });
      throw error;
    }
  }

  /** Resolves when each extension runs, failed or is quarantined, or after `startMs`; the rest goes on behind it. */
  async start(): Promise<void> {
    this.#starting = this.#starter.startAll(this.#members.entries()).then(() => this.report.finish());
    await limited(this.#options.clock, this.#options.limits.startMs, this.#starting);
  }

  /** Kills all processes of a host that stops: the program does not wait any longer. */
  hurry(): void {
    for (const extension of [...this.#members.all(), ...this.#apart])
      extension.takeDown("the program did not wait for its end");
  }

  /** `beside` resolves when all processes are gone that belong to no extension of the registry. */
  async stop(beside: Promise<void>): Promise<void> {
    this.#stopping = true;
    const all = [...this.#members.all(), ...this.#apart];
    await Promise.all(all.map((extension) => extension.stop()));
    await Promise.all([this.#starting, beside]);
    // The program may end right after this.
    await Promise.all([this.#quarantine.settled(), this.#children.close()]);
  }

  /**
   * Gives a failed or quarantined extension another try. Resolves when the extension is live; rejects with the
   * reason otherwise.
   */
  async resume(id: string): Promise<void> {
    const extension = this.require(id);
    if (this.#stopping) throw hostStopped();
    await extension.resume();
    const last = newest(extension);
    if (isLive(last.state) || (last.waitsForUse && !last.stopRequested)) return;
    if (this.#stopping) throw hostStopped();
    if (last.state === "quarantined") throw quarantined(last);
    throw (last.stopRequested ? undefined : last.failure) ?? extensionStopped(id);
  }

  /** No work is pending any more: nothing of an extension may keep the program alive from here on. */
  quiet(): void {
    for (const extension of this.#members.all()) extension.quiet();
  }

  /** Starts a process beside an extension's own. */
  spawn(extension: string, request: SpawnRequest): ChildProcess {
    return this.#children.spawn(extension, request);
  }

  get(id: string): Extension | undefined {
    return this.#members.get(id);
  }

  /** Throws a HostError when there is no extension of the id. */
  require(id: string): Extension {
    return this.#members.require(id);
  }

  /** All extensions that may have a process, in load order. */
  all(): Extension[] {
    return this.#members.all();
  }

  status(): ExtensionStatus[] {
    return this.#members.status();
  }

  /** Calls the listener after each move of an extension. Returns how to stop listening. */
  onState(listener: StateListener): () => void {
    return this.#listeners.listen(listener);
  }

  /** Calls the listener when an extension joins, is replaced or leaves. Returns how to stop listening. */
  onMembers(listener: MemberListener): () => void {
    return this.#members.listen(listener);
  }

  /** Calls the listener for each closed guard that cannot run. Returns how to stop listening. */
  onStandIns(listener: StandInListener): () => void {
    return this.#members.onStandIns(listener);
  }

  /** Adds a warning to an extension's status and logs it, the first time. */
  warn(extension: Extension, note: DiagnosticNote): void {
    const entry = this.#members.entryOf(extension);
    if (!entry || entry.diagnostics.length >= MOST_NOTES) return;
    if (entry.diagnostics.some(({ message }) => message === note.message)) return;
    const { id, manifestPath: file } = entry;
    const warning = { severity: "warning", extension: id, file, pointer: "", ...note } as const;
    entry.diagnostics = [...entry.diagnostics, warning];
    const { message, ...fields } = note;
    this.#options.logger.warn(message, { extension: id, ...fields });
  }

  /** Makes an extension that may become a member once it runs. The past of the id is forgiven: the code may differ. */
  prepare(loaded: LoadedExtension): Extension {
    const extension = this.#make(loaded, undefined);
    this.#apart.add(extension);
    return extension;
  }

  /** Ends an extension that was prepared, or that left. */
  async discard(extension: Extension): Promise<void> {
    this.#apart.add(extension);
    await extension.stop();
    this.#apart.delete(extension);
  }

  /**
   * Makes a prepared extension a member, in the place of the member with its id. The earlier member gets nothing new,
   * finishes what it has begun, and hands on the rest. `entries` are all folders that were found under the id.
   */
  install(entries: readonly InventoryEntry[], entry: InventoryEntry, extension: Extension): void {
    const previous = this.#members.replace(entries, entry, extension);
    this.#apart.delete(extension);
    this.#note(entry.id, entry.root, undefined);
    if (!previous) return;
    this.#listeners.tell(previous, previous.state, "stopped");
    void this.discard(previous);
  }

  /** Lets everybody forget a member, then ends its process. */
  async remove(extension: Extension): Promise<void> {
    this.#members.remove(extension);
    await this.discard(extension);
  }

  /** Lets closed guards of the id that cannot run count no more. False when there is none. */
  letGo(id: string): boolean {
    return this.#members.letGo(id);
  }

  /** Makes a found extension a member, unless a reload before the start made it one. */
  #admit(entry: InventoryEntry): void {
    if (this.#members.knows(entry)) return;
    const failure = failureOf(entry);
    if (failure) this.report.failed(failure);
    if (failure) this.#tell(failure);
    for (const { code, message, hint } of entry.diagnostics)
      if (code === "GUARD_ABSENT") this.#options.logger.warn(message, { extension: entry.id, code, hint });
    if (entry.status === "disabled") this.#tell(disabled(entry.id));
    this.report.warned(entry);
    const joins = entry.status === "ready" && !this.get(entry.id) ? entry.extension : undefined;
    this.#members.add(entry, joins && this.#make(joins, this.#quarantine.get(entry.root)));
  }

  /** Says that an extension does not run: a guard that is missing must not be silent. */
  #tell({ extension, code, reason, hint }: Omit<LoadFailure, "manifestPath">): void {
    const level = code === "EXTENSION_DISABLED" ? "warn" : "error";
    this.#options.logger[level](reason, { extension, code, hint });
  }

  #make(loaded: LoadedExtension, quarantine: QuarantineRecord | undefined): Extension {
    const { root, id } = loaded;
    const made = new Extension(loaded, {
      ...this.#options,
      ...this.#parts,
      children: this.#children,
      quarantine,
      noteQuarantine: (record) => this.#note(id, root, record),
      warn: (extension, note) => this.warn(extension, note),
      startLate: (extension) => void this.#starter.start(extension),
      onState: (extension, from, to) => {
        this.#options.logger.info("extension state", { extension: id, from, to });
        if (to === "quarantined") {
          const { code, message, hint } = quarantined(extension);
          this.#tell({ extension: id, code, reason: message, hint });
        }
        if (to === "failed" && extension.failure) this.#noteFailure(extension, extension.failure);
        // Listeners already heard "stopped" when this instance was replaced.
        if (!extension.successor) this.#listeners.tell(extension, from, to);
      },
    });
    made.logs.listen((entry) => this.#parts.onLog(made, entry));
    return made;
  }

  #note(id: string, root: string, record: QuarantineRecord | undefined): void {
    this.#quarantine.set(root, record).catch((error: unknown) => {
      const reason = messageOf(error);
      this.#options.logger.warn("a quarantine could not be noted", { extension: id, reason });
    });
  }

  /** Notes a failed start once, in the log and in the status, before the requests that waited for it end. */
  #noteFailure(extension: Extension, error: HostError): void {
    if (this.#noted.has(error)) return;
    this.#noted.add(error);
    const { code, message, hint } = error;
    const { id } = extension;
    this.#options.logger.error(message, { extension: id, code, hint, ...evidenceOf(error) });
    const entry = this.#members.entryOf(extension);
    if (entry) entry.diagnostics = [...entry.diagnostics, errorDiagnostic(id, entry.manifestPath, error)];
  }
}
