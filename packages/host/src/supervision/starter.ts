import type { HostError } from "../errors.js";
import type { InventoryEntry } from "../loading/inventory/inventory.js";
import type { HostLimits } from "../options.js";
import type { Extension } from "./extension.js";
import { extensionStopped, hostStopped, quarantined, startFailure } from "./failures.js";
import type { LoadReport } from "./load-report.js";
import type { Clock } from "../time/clock.js";
import { limited } from "../time/limited.js";
import { isComing, isLive } from "./states.js";

interface StarterParts {
  clock: Clock;
  limits: Pick<HostLimits, "startConcurrency" | "startTurnMs">;
  report: LoadReport;
  /** True from the moment at which the host is to stop. */
  stopping(): boolean;
  /** Notes a failed start in the log and in the status. */
  onFailure(extension: Extension, error: HostError): void;
}

/** Starts extensions. Reports each of them once, whatever happens to it meanwhile: reload, unload, stop. */
export class Starter {
  readonly #parts: StarterParts;

  constructor(parts: StarterParts) {
    this.#parts = parts;
  }

  /**
   * Starts a few extensions at a time: a spawn blocks for milliseconds, and more at once only compete. An extension
   * that takes longer than its turn lets the next one begin. Resolves when every start has ended.
   */
  async startAll(members: Iterable<[InventoryEntry, Extension]>): Promise<void> {
    const { clock, limits } = this.#parts;
    const { startConcurrency, startTurnMs } = limits;
    const waiting = [...members];
    const started: Promise<void>[] = [];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const one = this.#startMember(...next);
        started.push(one);
        await limited(clock, startTurnMs, one);
      }
    };
    await Promise.all(Array.from({ length: Math.min(startConcurrency, waiting.length) }, worker));
    await Promise.all(started);
  }

  /** Starts one extension. Never rejects: returns the reason of a failure, unless the extension was stopped. */
  async start(extension: Extension): Promise<HostError | undefined> {
    try {
      await extension.start();
      return undefined;
    } catch (error) {
      if (this.#parts.stopping() || extension.stopRequested) return undefined;
      const failure = extension.failure ?? startFailure(extension.id, error);
      this.#parts.onFailure(extension, failure);
      return failure;
    }
  }

  async #startMember(entry: InventoryEntry, extension: Extension): Promise<void> {
    // A lazy extension is ready without a process, and a reload before the start has already started the extension.
    const due = !extension.lazy && extension.state === "loaded" && !extension.stopRequested;
    const error = due && !this.#parts.stopping() ? await this.start(extension) : undefined;
    const last = newest(extension);
    const failure = last === extension ? (error ?? this.#failureOf(last)) : this.#failureOf(last);
    if (failure) this.#parts.report.failedBy(entry, failure);
    else this.#parts.report.loaded(entry.id);
  }

  #failureOf(extension: Extension): HostError | undefined {
    const { state, id } = extension;
    if (this.#parts.stopping() && !isLive(state)) return hostStopped();
    if (extension.stopRequested) return this.#parts.stopping() ? undefined : extensionStopped(id);
    if (state === "quarantined") return quarantined(extension);
    // An extension that crashed right after its handshake did start; supervision restarts it.
    if (isLive(state) || isComing(state)) return undefined;
    return extension.failure ?? extensionStopped(id);
  }
}

/** The extension that stands in this one's place after any number of reloads. */
export function newest(extension: Extension): Extension {
  let last = extension;
  while (last.successor) last = last.successor;
  return last;
}
