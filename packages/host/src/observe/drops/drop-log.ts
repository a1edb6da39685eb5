import type { Clock } from "../../time/clock.js";
import type { DroppedFrom } from "./dropped-from.js";

/** Time in which all drops of one subscription share a line of the log. */
const INTERVAL_MS = 10_000;

/** One line about dropped events. */
export interface DropLine extends DroppedFrom {
  /** Events since the last line. */
  readonly dropped: number;
  /** Events of the subscription in all. */
  readonly total: number;
  /** The events since the last line by their reasons. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch. */
  readonly wallMs: number;
}

interface Page {
  readonly from: DroppedFrom;
  total: number;
  untold: number;
  reasons: Record<string, number>;
  /** End of the interval that the last line began. */
  endOfInterval: { cancel(): void } | undefined;
}

/** Tells of dropped events: the first one of a subscription at once, the others together, every 10 s. */
export class DropLog {
  readonly #clock: Clock;
  readonly #write: (line: DropLine) => void;
  readonly #isThere: (extension: string, subscription: string) => boolean;
  readonly #pages = new Map<string, Page>();
  #isOver = false;

  /** `isThere` tells a subscription that exists from one that was removed, whose counts are forgotten. */
  constructor(
    clock: Clock,
    write: (line: DropLine) => void,
    isThere: (extension: string, subscription: string) => boolean,
  ) {
    this.#clock = clock;
    this.#write = write;
    this.#isThere = isThere;
  }

  /** Counts one event. Returns the number of the subscription's events so far. */
  add({ extension, id, kind }: DroppedFrom, reason: string): number {
    const key = `${extension}\0${id}`;
    let page = this.#pages.get(key);
    if (!page) {
      page = { from: { extension, id, kind }, total: 0, untold: 0, reasons: {}, endOfInterval: undefined };
      this.#pages.set(key, page);
    }
    page.total += 1;
    page.untold += 1;
    page.reasons[reason] = (page.reasons[reason] ?? 0) + 1;
    if (page.endOfInterval === undefined) this.#tell(key, page);
    return page.total;
  }

  /** Tells what is left. From now on each drop is told at once, and no timer is set. */
  close(): void {
    this.#isOver = true;
    for (const [key, page] of this.#pages) {
      page.endOfInterval?.cancel();
      page.endOfInterval = undefined;
      if (page.untold > 0) this.#tell(key, page);
    }
  }

  #tell(key: string, page: Page): void {
    const { from, total, untold, reasons } = page;
    page.untold = 0;
    page.reasons = {};
    if (!this.#isOver) page.endOfInterval = this.#clock.after(INTERVAL_MS, () => this.#ended(key, page));
    this.#write({ ...from, dropped: untold, total, reasons, wallMs: this.#clock.wallMs() });
  }

  #ended(key: string, page: Page): void {
    page.endOfInterval = undefined;
    if (page.untold > 0) this.#tell(key, page);
    else if (!this.#isThere(page.from.extension, page.from.id)) this.#pages.delete(key);
  }
}
