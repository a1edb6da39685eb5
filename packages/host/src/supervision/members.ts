import type { Extension } from "./extension.js";
import { messageOf } from "../errors.js";
import type { Logger } from "../logger.js";

/** An extension joined the host, took the place of its earlier self, or left. */
export type MemberChange =
  | { type: "added"; extension: Extension }
  | { type: "replaced"; extension: Extension; previous: Extension }
  | { type: "removed"; extension: Extension };

export type MemberListener = (change: MemberChange) => void;

/** Tells everything that keeps something of an extension when it comes, changes and goes; in order of listening. */
export class MemberListeners {
  readonly #logger: Logger;
  readonly #listeners = new Set<MemberListener>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  listen(listener: MemberListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(change: MemberChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        // One part of the host that fails must not keep the others from letting go of an extension.
        this.#logger.error("a part of the host could not follow a change", {
          extension: change.extension.id,
          reason: messageOf(error),
        });
      }
    }
  }
}
