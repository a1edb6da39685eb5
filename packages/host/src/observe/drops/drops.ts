import type { DropLog } from "./drop-log.js";
import type { DropNotices } from "./drop-notices.js";
import type { DroppedFrom } from "./dropped-from.js";

/** Takes every event that a subscription should have got and was never handed, to the log and to the extension. */
export class Drops {
  readonly #log: DropLog;
  readonly #notices: DropNotices;

  constructor(log: DropLog, notices: DropNotices) {
    this.#log = log;
    this.#notices = notices;
  }

  /** `reason`: the reason of the vote, or a few words where nobody votes. */
  add(from: DroppedFrom, session: string | null, reason: string): void {
    const total = this.#log.add(from, reason);
    this.#notices.add(from, session, total);
  }

  /** Tells the log what is left, and extensions nothing any more. */
  close(): void {
    this.#log.close();
    this.#notices.close();
  }
}
