/** Ends of the items of a stream. offered = answered + dropped + lost + waiting, at every moment. */
export interface StreamTotals {
  offered: number;
  /** The handler answered, were it with an error. */
  answered: number;
  /** Never handed to the handler: its queue was full, or the handler was not there. */
  dropped: number;
  /** Handed to the handler, which crashed, was stopped or missed the deadline. */
  lost: number;
  /** Not ended yet. */
  waiting: number;
}

/** The same for one session and direction. */
export interface StreamSession extends StreamTotals {
  session: string | null;
  /** The kind's attribute `direction`; null where the kind declares none or the item has none. */
  direction: string | null;
}

/** The books of one subscription to a stream. */
export interface StreamCount extends StreamTotals {
  extension: string;
  subscription: string;
  kind: string;
  /** The sessions that ended an item last, at most 256; `rest` has the sums of all that are not listed. */
  sessions: StreamSession[];
  rest: StreamTotals;
}

/** The end of one item. */
export type StreamEnd = "answered" | "dropped" | "lost";

/** Longest name of a session or direction in the books, in UTF-16 code units. Longer ones are cut. */
const MAX_NAME = 128;
/** Sessions that are listed for each subscription. Totals are exact whatever their number. */
const MAX_SESSIONS = 256;

interface Page extends StreamTotals {
  readonly rows: Map<string, StreamSession>;
  readonly rest: StreamTotals;
}

/** An item that was offered, until its end. */
export interface Entry {
  ended(end: StreamEnd): void;
}

const IGNORED: Entry = Object.freeze({ ended: () => {} });

/** Counts the items of streams by subscription, session and direction. Bounded; the totals are always exact. */
export class StreamBooks {
  readonly #pages = new Map<string, Page & { extension: string; subscription: string; kind: string }>();
  readonly #isThere: (extension: string, subscription: string) => boolean;

  /** `isThere` tells a subscription that exists from one that was removed. */
  constructor(isThere: (extension: string, subscription: string) => boolean) {
    this.#isThere = isThere;
  }

  /** Books an item. Its entry is told how the item ended. */
  offered(
    { extension, id, kind }: { extension: string; id: string; kind: string },
    session: string | null,
    direction: string | null,
  ): Entry {
    const key = keyOf(extension, id);
    let page = this.#pages.get(key);
    if (!page) {
      if (!this.#isThere(extension, id)) return IGNORED;
      page = { extension, subscription: id, kind, ...none(), rows: new Map(), rest: none() };
      this.#pages.set(key, page);
    }
    const row = rowOf(page, session, direction);
    return new Booked(page, row);
  }

  /** Drops the books of a subscription that is gone for good. */
  forget({ extension, id }: { extension: string; id: string }): void {
    this.#pages.delete(keyOf(extension, id));
  }

  /** The totals of each subscription, without its sessions. */
  totals(): (StreamTotals & Pick<StreamCount, "extension" | "kind">)[] {
    return [...this.#pages.values()].map(
      ({ extension, kind, offered, answered, dropped, lost, waiting }) => ({
        extension,
        kind,
        offered,
        answered,
        dropped,
        lost,
        waiting,
      }),
    );
  }

  counts(): StreamCount[] {
    return [...this.#pages.values()].map(({ rows, rest, ...totals }) => ({
      ...totals,
      sessions: [...rows.values()].map((row) => ({ ...row })),
      rest: { ...rest },
    }));
  }
}

/** One item in the page of its subscription and in the row of its session. */
class Booked implements Entry {
  readonly #page: Page;
  readonly #row: StreamSession;

  constructor(page: Page, row: StreamSession) {
    this.#page = page;
    this.#row = row;
    for (const totals of [page, row]) {
      totals.offered += 1;
      totals.waiting += 1;
    }
  }

  ended(end: StreamEnd): void {
    const { rows, rest } = this.#page;
    const row = rows.get(rowKey(this.#row)) === this.#row ? this.#row : rest;
    for (const totals of [this.#page, row]) {
      totals[end] += 1;
      totals.waiting -= 1;
    }
  }
}

function rowOf(page: Page, session: string | null, direction: string | null): StreamSession {
  const named = { session: cut(session), direction: cut(direction) };
  const key = rowKey(named);
  const known = page.rows.get(key);
  if (known) {
    // The order of the map is the order of use: the first is the one that was idle longest.
    page.rows.delete(key);
    page.rows.set(key, known);
    return known;
  }
  if (page.rows.size >= MAX_SESSIONS) moveToRest(page);
  const row = { ...named, ...none() };
  page.rows.set(key, row);
  return row;
}

/** Items of the row that have not ended yet are ended in the rest. */
function moveToRest({ rows, rest }: Page): void {
  for (const [key, row] of rows) {
    for (const name of NAMES) rest[name] += row[name];
    rows.delete(key);
    return;
  }
}

const NAMES = ["offered", "answered", "dropped", "lost", "waiting"] as const;

function none(): StreamTotals {
  return { offered: 0, answered: 0, dropped: 0, lost: 0, waiting: 0 };
}

function cut(name: string | null): string | null {
  return name === null ? null : name.slice(0, MAX_NAME);
}

function rowKey({ session, direction }: Pick<StreamSession, "session" | "direction">): string {
  return JSON.stringify([session, direction]);
}

function keyOf(extension: string, subscription: string): string {
  return `${extension}\0${subscription}`;
}
