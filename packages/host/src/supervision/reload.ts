import { HostError } from "../errors.js";
import { isComing, isLive } from "./states.js";
import type { ExtensionRegistry } from "./extension-registry.js";
import { collect } from "../loading/inventory/collect.js";
import type { InventoryEntry } from "../loading/inventory/inventory.js";
import type { Settings } from "../settings.js";
import { extensionNotFound } from "./not-found.js";

export interface ReloadOptions {
  /**
   * Only code that the user's record of approvals already has: a folder that is new there waits for `approve`.
   * Default false: putting a folder among the user's extensions is the user's act.
   */
  onlyApproved?: boolean;
}

/** Replaces extensions of a running host. One at a time for each id; different ids do not wait for each other. */
export class Reloader {
  readonly #settings: Settings;
  readonly #registry: ExtensionRegistry;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(settings: Settings, registry: ExtensionRegistry) {
    this.#settings = settings;
    this.#registry = registry;
  }

  /**
   * Reads the folder again, checks it as a start does, starts the new process, and only then takes the old one's
   * place. Throws a HostError when any of that fails: the old one runs on untouched then.
   */
  reload(id: string, options: ReloadOptions = {}): Promise<void> {
    return this.#inTurn(id, () => this.#reload(id, options));
  }

  /** Takes an extension out of the host: first its subscriptions and all that it offers, then its process. */
  unload(id: string): Promise<void> {
    return this.#inTurn(id, async () => {
      const extension = this.#registry.get(id);
      if (!extension) throw extensionNotFound(id, this.#registry.all());
      this.#registry.remove(extension);
      await extension.stop();
    });
  }

  async #reload(id: string, { onlyApproved = false }: ReloadOptions): Promise<void> {
    this.#refuseWhenStopping();
    const entries = await collect({
      ...this.#settings,
      nowMs: this.#settings.clock.wallMs(),
      only: id,
      recordNew: !onlyApproved,
    });
    const entry = entries.find(({ status }) => status === "ready") ?? entries[0];
    if (!entry) throw extensionNotFound(id, this.#registry.all());
    if (entry.status !== "ready" || !entry.extension) throw refusal(entry);
    this.#refuseWhenStopping();
    const extension = this.#registry.prepare(entry.extension);
    try {
      // One that is lazy starts at its first use again.
      if (!extension.lazy) await extension.start();
      // Whatever befalls it from here on, supervision deals with.
      if (!isLive(extension.state) && !isComing(extension.state))
        throw new HostError("HOST_STOPPED", "The host was stopped");
    } catch (error) {
      await this.#registry.discard(extension);
      // Then it is no fault of the extension that its process ended.
      this.#refuseWhenStopping();
      throw error;
    }
    this.#registry.install(entries, entry, extension);
  }

  #refuseWhenStopping(): void {
    if (this.#registry.stopping) throw new HostError("HOST_STOPPED", "The host was stopped");
  }

  #inTurn(id: string, work: () => Promise<void>): Promise<void> {
    const before = this.#underWay.get(id) ?? Promise.resolve();
    const mine = before.catch(() => {}).then(work);
    this.#underWay.set(id, mine);
    const forget = (): void => {
      if (this.#underWay.get(id) === mine) this.#underWay.delete(id);
    };
    mine.then(forget, forget);
    return mine;
  }
}

/** Why what stands in the folder now may not run. */
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
