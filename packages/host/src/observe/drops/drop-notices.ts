import type { DroppedEvents, DroppedNotice } from "@synaps/sdk/protocol";
import type { Clock, Timer } from "../../time/clock.js";
import type { DroppedFrom } from "./dropped-from.js";

/** Time between two notices to one extension. */
const INTERVAL_MS = 1_000;
/** Rows of one notice. Further sessions are in its sums alone. */
const MAX_ROWS = 64;
/** Longest name of a session in a notice, in UTF-16 code units, as in the books of streams. Longer ones are cut. */
const MAX_NAME = 128;

/**
 * The end of an attempt to send a notice. `unread`: the last one still waits for the process to read it. `absent`: there is
 * no process now. `unwanted`: the process did not say that it knows notices, or none is to come.
 */
export type NoticeEnd = "sent" | "unread" | "absent" | "unwanted";

/** Events of one extension that it was not told of. */
interface Untold {
  dropped: number;
  total: number;
  rows: Map<string, DroppedEvents>;
  /** Time before which no notice is sent. */
  notBeforeMs: number;
  timer: Timer | undefined;
}

/** Tells extensions of dropped events: at most one notice a second each, and none before the last one was read. */
export class DropNotices {
  readonly #clock: Clock;
  readonly #send: (extension: string, notice: DroppedNotice) => NoticeEnd;
  readonly #untold = new Map<string, Untold>();

  constructor(clock: Clock, send: (extension: string, notice: DroppedNotice) => NoticeEnd) {
    this.#clock = clock;
    this.#send = send;
  }

  /** `total`: dropped events of the subscription so far, this one included. */
  add({ extension, id, kind }: DroppedFrom, session: string | null, total: number): void {
    let untold = this.#untold.get(extension);
    if (!untold) {
      untold = { dropped: 0, total: 0, rows: new Map(), notBeforeMs: 0, timer: undefined };
      this.#untold.set(extension, untold);
    }
    untold.dropped += 1;
    untold.total += 1;
    const name = session === null ? null : session.slice(0, MAX_NAME);
    const key = JSON.stringify([id, name]);
    const row = untold.rows.get(key);
    if (row) {
      row.dropped += 1;
      row.total = total;
    } else if (untold.rows.size < MAX_ROWS) {
      untold.rows.set(key, { subscription: id, kind, session: name, dropped: 1, total });
    }
    this.#schedule(extension, untold);
  }

  /** The extension has a process again, which is told what the one before could not be told. */
  live(extension: string): void {
    const untold = this.#untold.get(extension);
    if (untold && untold.dropped > 0) this.#schedule(extension, untold);
  }

  /** Forgets an extension that is gone for good. */
  forget(extension: string): void {
    this.#untold.get(extension)?.timer?.cancel();
    this.#untold.delete(extension);
  }

  /** Sends nothing any more. */
  close(): void {
    for (const extension of this.#untold.keys()) this.forget(extension);
  }

  /** Not at once: all drops of one turn of the event loop share a notice. */
  #schedule(extension: string, untold: Untold): void {
    if (untold.timer) return;
    const waitMs = Math.max(0, untold.notBeforeMs - this.#clock.now());
    untold.timer = this.#clock.after(waitMs, () => {
      untold.timer = undefined;
      this.#tell(extension, untold);
    });
  }

  #tell(extension: string, untold: Untold): void {
    const { dropped, total, rows } = untold;
    const end = this.#send(extension, { dropped, total, hooks: [...rows.values()] });
    if (end === "absent") return;
    if (end === "unwanted") return void this.#untold.delete(extension);
    untold.notBeforeMs = this.#clock.now() + INTERVAL_MS;
    if (end === "unread") return this.#schedule(extension, untold);
    untold.dropped = 0;
    untold.rows.clear();
  }
}
