import { Listeners } from "../listeners.js";
import { byId, type InventoryEntry, type InventoryStatus } from "../loading/inventory/inventory.js";
import type { StandIn } from "../loading/inventory/guard.js";
import type { Diagnostic } from "../loading/manifest/diagnostic.js";
import type { Logger } from "../logger.js";
import type { Extension } from "./extension.js";
import type { ExtensionSnapshot } from "./snapshot.js";
import { extensionNotFound } from "./failures.js";
import type { ExtensionState } from "./states.js";

/** An extension joined the host, took the place of its earlier self, or left. */
export type MemberChange =
  | { type: "added"; extension: Extension }
  | { type: "replaced"; extension: Extension; previous: Extension }
  | { type: "removed"; extension: Extension };

export type MemberListener = (change: MemberChange) => void;

/** A closed guard that cannot run: the subscriptions of `standIn` count from now on; without one, no more. */
export type StandInListener = (entry: InventoryEntry, standIn: StandIn | undefined) => void;

/** One extension as the host sees it now, also when it has no process. */
export interface ExtensionStatus {
  id: string;
  version: string | null;
  root: string;
  state: ExtensionState | Exclude<InventoryStatus, "ready">;
  hooks: readonly string[];
  diagnostics: readonly Diagnostic[];
  /** The process, when the manifest was fine. */
  process: ExtensionSnapshot | undefined;
}

/** The folders that a host found, and for each id at most one extension that may run, in load order. */
export class Members {
  readonly #extensions = new Map<InventoryEntry, Extension>();
  readonly #listeners: Listeners<[MemberChange]>;
  readonly #standIns: Listeners<Parameters<StandInListener>>;
  #inventory: InventoryEntry[] = [];

  constructor(logger: Logger) {
    this.#listeners = new Listeners(logger, "the coming and going of extensions");
    this.#standIns = new Listeners(logger, "guards that cannot run");
  }

  /** Calls the listener when an extension joins, is replaced or leaves. Returns how to stop listening. */
  listen(listener: MemberListener): () => void {
    return this.#listeners.listen(listener);
  }

  /** Calls the listener for each closed guard that cannot run, and when it no longer counts. */
  onStandIns(listener: StandInListener): () => void {
    return this.#standIns.listen(listener);
  }

  get(id: string): Extension | undefined {
    for (const [entry, extension] of this.#extensions) if (entry.id === id) return extension;
    return undefined;
  }

  /** Throws a HostError when there is no extension of the id. */
  require(id: string): Extension {
    const extension = this.get(id);
    if (extension) return extension;
    throw extensionNotFound(id, this.all());
  }

  all(): Extension[] {
    return [...this.#extensions.values()];
  }

  entries(): [InventoryEntry, Extension][] {
    return [...this.#extensions];
  }

  /** Undefined for an extension that is no member, or no member any more. */
  entryOf(extension: Extension): InventoryEntry | undefined {
    for (const [entry, one] of this.#extensions) if (one === extension) return entry;
    return undefined;
  }

  status(): ExtensionStatus[] {
    return this.#inventory.map((entry) => statusOf(entry, this.#extensions.get(entry)));
  }

  /** True if the folder is known already, because a reload before the start found it. */
  knows({ id, root }: InventoryEntry): boolean {
    return this.#inventory.some((entry) => entry.id === id && entry.root === root);
  }

  /** Adds a folder and, when it may run, its extension. */
  add(entry: InventoryEntry, extension: Extension | undefined): void {
    this.#inventory = [...this.#inventory, entry].sort(byId);
    if (!extension) return this.#standIn(entry);
    this.#put(entry, extension);
    this.#listeners.tell({ type: "added", extension });
  }

  /**
   * Puts an extension in the place of the member with its id, and returns that member. `entries` are all folders that
   * were found under the id.
   */
  replace(
    entries: readonly InventoryEntry[],
    entry: InventoryEntry,
    extension: Extension,
  ): Extension | undefined {
    const previous = this.get(entry.id);
    const before = this.#forget(entry.id);
    this.#inventory = [...this.#inventory, ...entries].sort(byId);
    this.#put(entry, extension);
    for (const one of entries) if (one !== entry) this.#standIn(one);
    if (previous) {
      previous.successor = extension;
      this.#listeners.tell({ type: "replaced", extension, previous });
    } else {
      this.#listeners.tell({ type: "added", extension });
    }
    // Only now: between a stand-in and the guard itself, no event may pass unseen.
    this.#letGo(before);
    return previous;
  }

  remove(extension: Extension): void {
    const before = this.#forget(extension.id);
    this.#listeners.tell({ type: "removed", extension });
    this.#letGo(before);
  }

  /** Forgets the closed guards of the id that cannot run. False when there is none. */
  letGo(id: string): boolean {
    if (!this.#inventory.some((entry) => entry.id === id && entry.standIn)) return false;
    this.#letGo(this.#forget(id));
    return true;
  }

  #standIn(entry: InventoryEntry): void {
    const { standIn } = entry;
    if (standIn) this.#standIns.tell(entry, standIn);
  }

  #letGo(entries: readonly InventoryEntry[]): void {
    for (const entry of entries) if (entry.standIn) this.#standIns.tell(entry, undefined);
  }

  #put(entry: InventoryEntry, extension: Extension): void {
    const inOrder = [...this.#extensions, [entry, extension] as const].sort(([a], [b]) => byId(a, b));
    this.#extensions.clear();
    for (const [one, member] of inOrder) this.#extensions.set(one, member);
  }

  /** Returns the entries that are gone. */
  #forget(id: string): InventoryEntry[] {
    for (const entry of this.#extensions.keys()) if (entry.id === id) this.#extensions.delete(entry);
    const gone = this.#inventory.filter((entry) => entry.id === id);
    this.#inventory = this.#inventory.filter((entry) => entry.id !== id);
    return gone;
  }
}

function statusOf(entry: InventoryEntry, extension: Extension | undefined): ExtensionStatus {
  const { id, root, status, diagnostics } = entry;
  return {
    id,
    version: entry.extension?.version ?? entry.version ?? null,
    root,
    state: extension?.state ?? (status === "ready" ? "loaded" : status),
    hooks: (entry.extension?.section ?? entry.standIn)?.hooks.map(({ hook }) => hook) ?? [],
    diagnostics,
    process: extension?.snapshot(),
  };
}
