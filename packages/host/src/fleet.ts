import pTimeout from "p-timeout";
import { HostError, messageOf } from "./errors.js";
import { Extension } from "./extension/extension.js";
import type { ExtensionState } from "./extension/states.js";
import { QuarantineStore, type QuarantineRecord } from "./records/quarantine-store.js";
import type { ExtensionStatus } from "./host-types.js";
import type { Inbound } from "./inbound/inbound.js";
import { collect } from "./inventory/collect.js";
import type { InventoryEntry } from "./inventory/inventory.js";
import type { LoadedExtension } from "./manifest/loaded.js";
import type { ChildProcess, SpawnRequest } from "./process/child.js";
import { Children } from "./process/children.js";
import type { Settings } from "./settings.js";

/** Told after an extension moved from one state to another. */
export type StateListener = (extension: Extension, from: ExtensionState, to: ExtensionState) => void;

/** All extensions of one host: finds them, starts them a few at a time, and stops them together. */
export class Fleet {
  readonly #settings: Settings;
  readonly #quarantine: QuarantineStore;
  readonly #children: Children;
  readonly #extensions = new Map<InventoryEntry, Extension>();
  readonly #listeners = new Set<StateListener>();
  #inventory: InventoryEntry[] = [];
  #starting: Promise<unknown> = Promise.resolve();
  #stopping = false;
  readonly #killAll = (): void => {
    for (const extension of this.#extensions.values()) extension.kill();
    this.#children.closeNow();
  };

  readonly #inbound: Inbound;

  constructor(settings: Settings, inbound: Inbound) {
    this.#settings = settings;
    this.#inbound = inbound;
    this.#quarantine = new QuarantineStore(settings.baseDir);
    this.#children = new Children(settings);
  }

  /** Reads everything and calls `declare` for each extension that may run, before any of them is started. */
  async load(declare: (loaded: LoadedExtension, extension: Extension) => void): Promise<void> {
    const settings = this.#settings;
    const swept = this.#children.sweep();
    this.#inventory = await collect({ ...settings, nowMs: settings.clock.wallMs() });
    const unreadable = await this.#quarantine.load();
    if (unreadable) settings.logger.warn("the record of quarantines was not used", { reason: unreadable });
    for (const entry of this.#inventory) {
      if (entry.status !== "ready" || !entry.extension) continue;
      const extension = this.#make(entry.extension);
      this.#extensions.set(entry, extension);
      declare(entry.extension, extension);
    }
    await swept;
  }

  /** Resolves when each extension runs, failed or is set aside, or after `startMs`; the rest goes on behind it. */
  async start(): Promise<void> {
    process.once("exit", this.#killAll);
    this.#starting = this.#startAll();
    const milliseconds = Math.max(1, this.#settings.limits.startMs);
    await pTimeout(this.#starting, { milliseconds, fallback: () => {} });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#extensions.values()].map((extension) => extension.stop()));
    await this.#starting;
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

  /** All that may have a process, in load order. */
  all(): Extension[] {
    return [...this.#extensions.values()];
  }

  status(): ExtensionStatus[] {
    return this.#inventory.map((entry): ExtensionStatus => {
      const extension = this.#extensions.get(entry);
      const { id, root, status, diagnostics } = entry;
      return {
        id,
        version: entry.extension?.version ?? null,
        root,
        state: extension?.state ?? (status === "ready" ? "loaded" : status),
        hooks: entry.extension?.section.hooks.map(({ hook }) => hook) ?? [],
        diagnostics,
        process: extension?.snapshot(),
      };
    });
  }

  #make(loaded: LoadedExtension): Extension {
    const { logger } = this.#settings;
    const { root, id } = loaded;
    return new Extension(loaded, {
      ...this.#settings,
      inbound: this.#inbound,
      children: this.#children,
      quarantine: this.#quarantine.get(root),
      noteQuarantine: (record) => this.#note(id, root, record),
      onState: (extension, from, to) => {
        logger.info("extension state", { extension: id, from, to });
        for (const listener of this.#listeners) listener(extension, from, to);
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

  /**
   * A few at a time: spawning blocks for milliseconds, and more at once only compete. One that takes long gives its
   * place to the next, so that a handful that hang do not keep the others waiting.
   */
  async #startAll(): Promise<void> {
    const { startConcurrency, startTurnMs: milliseconds } = this.#settings.limits;
    const waiting = [...this.#extensions.entries()];
    const started: Promise<void>[] = [];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !this.#stopping; next = waiting.shift()) {
        const one = this.#startOne(...next);
        started.push(one);
        await pTimeout(one, { milliseconds: Math.max(1, milliseconds), fallback: () => {} });
      }
    };
    await Promise.all(Array.from({ length: startConcurrency }, worker));
    await Promise.all(started);
  }

  async #startOne(entry: InventoryEntry, extension: Extension): Promise<void> {
    try {
      await extension.start();
    } catch (error) {
      if (this.#stopping || !(error instanceof HostError)) return;
      const { id, manifestPath: file } = entry;
      const { code, message, hint } = error;
      const diagnostic = {
        severity: "error",
        code,
        extension: id,
        file,
        pointer: "",
        message,
        hint,
      } as const;
      entry.diagnostics = [...entry.diagnostics, diagnostic];
      this.#settings.logger.error(message, { extension: id, code, hint });
    }
  }
}
