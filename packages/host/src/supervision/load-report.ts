import { HostError, messageOf, type HostErrorCode } from "../errors.js";
import { Listeners } from "../listeners.js";
import type { InventoryEntry } from "../loading/inventory/inventory.js";
import type { Diagnostic } from "../loading/manifest/diagnostic.js";
import type { Logger } from "../logger.js";

/** The reason for which an extension, or the whole start, failed. */
export interface LoadProblem {
  code: HostErrorCode;
  reason: string;
  hint: string | undefined;
}

/** An extension that did not start, with the reason. It makes `start` reject nothing: the host runs without it. */
export interface LoadFailure extends LoadProblem {
  extension: string;
  manifestPath: string;
}

/** A step of the start of a host. `loaded` and `failed` count the extensions so far. */
export type LoadEvent =
  | { type: "started" }
  /** The extension runs, or it is lazy and waits for its first use. */
  | { type: "loaded"; extension: string; loaded: number; failed: number }
  | { type: "failed"; failure: LoadFailure; loaded: number; failed: number }
  /** Nothing could be loaded at all, for instance because a named folder does not exist. No other event follows. */
  | { type: "aborted"; problem: LoadProblem }
  | { type: "finished"; loaded: readonly string[]; failed: readonly LoadFailure[] };

/** Told each step of a start, in order. Errors that it throws are logged and stop nothing. */
export type LoadListener = (event: LoadEvent) => void;

/**
 * The result of the start so far: a copy that does not change afterwards. `done` also when extensions failed;
 * `aborted` only when nothing could be loaded at all.
 */
export interface LoadResult {
  state: "not_started" | "running" | "done" | "aborted";
  /** In the order in which they became ready. */
  loaded: readonly string[];
  failed: readonly LoadFailure[];
  /** Faults that kept no extension from loading: entries of a manifest that are left out, and the like. */
  warnings: readonly Diagnostic[];
  /** Present when the start as a whole failed. */
  problem?: LoadProblem;
}

/** Records the result of one start: for each extension exactly once, for listeners and for later questions. */
export class LoadReport {
  readonly #logger: Logger;
  readonly #events: LoadEvent[] = [];
  readonly #listeners: Listeners<[LoadEvent]>;
  readonly #loaded: string[] = [];
  readonly #failed: LoadFailure[] = [];
  readonly #warnings: Diagnostic[] = [];
  #state: LoadResult["state"] = "not_started";
  #problem: LoadProblem | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.#listeners = new Listeners(logger, "the start of the host");
  }

  get result(): LoadResult {
    const problem = this.#problem === undefined ? {} : { problem: this.#problem };
    return {
      state: this.#state,
      loaded: [...this.#loaded],
      failed: [...this.#failed],
      warnings: [...this.#warnings],
      ...problem,
    };
  }

  /** A listener that comes late first hears what happened so far. Returns how to stop listening. */
  listen(listener: LoadListener): () => void {
    const past = [...this.#events];
    const stop = this.#listeners.listen(listener);
    for (const event of past) this.#listeners.tellOne(listener, event);
    return stop;
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

  /** Reports and logs what was wrong with an extension without keeping it from loading. */
  warned({ id: extension, diagnostics }: InventoryEntry): void {
    for (const one of diagnostics) {
      if (one.severity !== "warning") continue;
      this.#warnings.push(one);
      const { message, code, pointer, hint } = one;
      // Nobody has to act on it: lists and the report have it for who looks.
      const level = code === "CATALOG_ABSENT" ? "info" : "warn";
      this.#logger[level](message, { extension, code, ...(pointer === "" ? {} : { pointer }), hint });
    }
  }

  /** Reports an extension that was started and failed. */
  failedBy({ id, manifestPath }: InventoryEntry, { code, message, hint }: HostError): void {
    this.failed({ extension: id, manifestPath, code, reason: message, hint });
  }

  /** Reports that the start as a whole failed. */
  abort(error: unknown): void {
    const known = error instanceof HostError ? error : undefined;
    const problem = { code: known?.code ?? "SPAWN_FAILED", reason: messageOf(error), hint: known?.hint };
    this.#state = "aborted";
    this.#problem = problem;
    this.#note({ type: "aborted", problem });
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
    this.#listeners.tell(event);
  }
}

/** The failure of an extension that may not even be started. Undefined for an extension that the user switched off. */
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
