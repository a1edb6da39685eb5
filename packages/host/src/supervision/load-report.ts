import { messageOf, type HostError, type HostErrorCode } from "../errors.js";
import type { InventoryEntry } from "../loading/inventory/inventory.js";
import type { Logger } from "../logger.js";

/** Why one extension does not run. */
export interface LoadFailure {
  extension: string;
  manifestPath: string;
  code: HostErrorCode;
  reason: string;
  hint: string | undefined;
}

/** What happens while a host loads its extensions. `loaded` and `failed` count those so far. */
export type LoadEvent =
  | { type: "started" }
  /** It runs, or it is lazy and waits for its first use. */
  | { type: "loaded"; extension: string; loaded: number; failed: number }
  | { type: "failed"; failure: LoadFailure; loaded: number; failed: number }
  | { type: "finished"; loaded: readonly string[]; failed: readonly LoadFailure[] };

export type LoadListener = (event: LoadEvent) => void;

export interface LoadResult {
  state: "not_started" | "running" | "done";
  /** In the order in which they became ready. */
  loaded: readonly string[];
  failed: readonly LoadFailure[];
}

/** What became of each extension of one start, for those who listen and for those who ask later. */
export class LoadReport {
  readonly #logger: Logger;
  readonly #events: LoadEvent[] = [];
  readonly #listeners = new Set<LoadListener>();
  readonly #loaded: string[] = [];
  readonly #failed: LoadFailure[] = [];
  #state: LoadResult["state"] = "not_started";

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get result(): LoadResult {
    return { state: this.#state, loaded: [...this.#loaded], failed: [...this.#failed] };
  }

  /** One that comes late first hears what happened so far. Returns how to stop it. */
  listen(listener: LoadListener): () => void {
    this.#listeners.add(listener);
    for (const event of this.#events) this.#tell(listener, event);
    return () => void this.#listeners.delete(listener);
  }

  begin(): void {
    this.#state = "running";
    this.#note({ type: "started" });
  }

  loaded(extension: string): void {
    this.#loaded.push(extension);
    this.#note({ type: "loaded", extension, ...this.#counts() });
  }

  failed(failure: LoadFailure): void {
    this.#failed.push(failure);
    this.#note({ type: "failed", failure, ...this.#counts() });
  }

  /** One that was started and failed. */
  failedBy({ id, manifestPath }: InventoryEntry, { code, message, hint }: HostError): void {
    this.failed({ extension: id, manifestPath, code, reason: message, hint });
  }

  finish(): void {
    if (this.#state !== "running") return;
    this.#state = "done";
    const { loaded, failed } = this.result;
    this.#note({ type: "finished", loaded, failed });
  }

  #counts(): { loaded: number; failed: number } {
    return { loaded: this.#loaded.length, failed: this.#failed.length };
  }

  #note(event: LoadEvent): void {
    this.#events.push(event);
    for (const listener of this.#listeners) this.#tell(listener, event);
  }

  /** What a listener throws is its own affair: the others are told all the same. */
  #tell(listener: LoadListener, event: LoadEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#logger.warn("a listener of the loading failed", { reason: messageOf(error) });
    }
  }
}

/** The failure of an extension that was not even started. Undefined for one that the user switched off. */
export function failureOf({
  id,
  status,
  manifestPath,
  diagnostics,
}: InventoryEntry): LoadFailure | undefined {
  if (status === "ready" || status === "disabled") return undefined;
  const wrong = diagnostics.find(({ severity }) => severity === "error");
  return {
    extension: id,
    manifestPath,
    code: wrong?.code ?? "MANIFEST_INVALID",
    reason: wrong?.message ?? `it is ${status}`,
    hint: wrong?.hint,
  };
}
