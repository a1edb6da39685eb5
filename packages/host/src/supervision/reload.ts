import { HostError } from "../errors.js";
import { collect } from "../loading/inventory/collect.js";
import type { InventoryEntry } from "../loading/inventory/inventory.js";
import { unlessAborted } from "../time/abort.js";
import { SerialByKey } from "../time/serial.js";
import type { ExtensionRegistry, RegistryOptions } from "./extension-registry.js";
import { extensionNotFound, extensionStopped, hostStopped } from "./failures.js";
import { isComing, isLive } from "./states.js";

/** Options of `reload`. An unknown key or a wrong type rejects with a HostError `HOST_OPTIONS_INVALID`. */
export interface ReloadOptions {
  /**
   * True to accept only code that the user's record of approvals already has: a folder that is new there waits for
   * `approve`. Default false: putting a folder among the user's extensions is the user's act.
   */
  onlyApproved?: boolean;
  /** Gives the reload up: the new process is ended, and the old process runs on. */
  signal?: AbortSignal;
}

/** Replaces extensions of a host. One reload or unload at a time for each id; different ids do not wait. */
export class Reloader {
  readonly #options: RegistryOptions;
  readonly #registry: ExtensionRegistry;
  readonly #turns = new SerialByKey<string>();

  constructor(options: RegistryOptions, registry: ExtensionRegistry) {
    this.#options = options;
    this.#registry = registry;
  }

  /**
   * Reads the folder again, checks it as a start does, starts the new process, and only then takes the old process's
   * place. Throws a HostError when any of these steps fails: the old process runs on untouched.
   */
  reload(id: string, options: ReloadOptions = {}): Promise<void> {
    return this.#turns.run(id, () => this.#reload(id, options));
  }

  /** Takes an extension out of the host: first its subscriptions and everything that it offers, then its process. */
  unload(id: string): Promise<void> {
    return this.#turns.run(id, async () => {
      if (!this.#registry.get(id) && this.#registry.letGo(id)) return;
      await this.#registry.remove(this.#registry.require(id));
    });
  }

  async #reload(id: string, { onlyApproved = false, signal }: ReloadOptions): Promise<void> {
    this.#refuseWhenStopping();
    signal?.throwIfAborted();
    const entries = await collect({
      ...this.#options,
      nowMs: this.#options.clock.wallMs(),
      only: id,
      recordNew: !onlyApproved,
    });
    const entry = entries.find(({ status }) => status === "ready") ?? entries[0];
    if (!entry) throw extensionNotFound(id, this.#registry.all());
    if (entry.status !== "ready" || !entry.extension) throw refusal(entry);
    // A stop during the reading does not know of the process that would be started now.
    this.#refuseWhenStopping();
    const extension = this.#registry.prepare(entry.extension);
    try {
      // A lazy extension starts at its first use, after a reload too.
      if (!extension.lazy)
        await unlessAborted(signal, extension.start(), () => {
          throw signal?.reason;
        });
      this.#refuseWhenStopping();
      signal?.throwIfAborted();
      // A crash right after the handshake is supervision's to deal with.
      if (!isLive(extension.state) && !isComing(extension.state))
        throw extension.failure ?? extensionStopped(id);
    } catch (error) {
      await this.#registry.discard(extension);
      // The stop of the host ended the process: that is no fault of the extension.
      this.#refuseWhenStopping();
      throw error;
    }
    this.#registry.install(entries, entry, extension);
  }

  #refuseWhenStopping(): void {
    if (this.#registry.stopping) throw hostStopped();
  }
}

/** The error for a folder whose present content may not run. */
function refusal({ id, status, diagnostics }: InventoryEntry): HostError {
  if (status === "disabled") {
    return new HostError("EXTENSION_DISABLED", `Extension '${id}' is switched off by the user`, {
      hint: "Take it out of disabled_plugins in the user's configuration.",
    });
  }
  const [wrong] = diagnostics.filter(({ severity }) => severity === "error");
  const hint = wrong?.hint;
  return new HostError(
    wrong?.code ?? "MANIFEST_INVALID",
    wrong?.message ?? `Extension '${id}' is ${status}`,
    hint === undefined ? {} : { hint },
  );
}
