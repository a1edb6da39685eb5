import { isWorthTelling } from "../logger.js";
import type { Extension } from "../supervision/extension.js";
import type { HostServices } from "./services.js";

/** Counts things of one kind that extensions sent and that were dropped: in the status the first time, then in the log. */
export class Drops {
  readonly #services: Pick<HostServices, "warn" | "logger">;
  readonly #what: string;
  readonly #counts = new Map<string, number>();

  constructor(services: Pick<HostServices, "warn" | "logger">, what: string) {
    this.#services = services;
    this.#what = what;
  }

  of(extension: string): number {
    return this.#counts.get(extension) ?? 0;
  }

  add(from: Extension, why: string): void {
    const count = this.of(from.id) + 1;
    this.#counts.set(from.id, count);
    if (count === 1)
      this.#services.warn(from, {
        code: "SENT_DROPPED",
        message: `Extension '${from.id}' sent a ${this.#what} that was dropped: ${why}`,
        hint: "The log says how many: at the 10th, the 100th, and so on.",
      });
    else if (isWorthTelling(count))
      this.#services.logger.warn(`a ${this.#what} was dropped`, { extension: from.id, count, reason: why });
  }

  forget(extension: string): void {
    this.#counts.delete(extension);
  }
}
