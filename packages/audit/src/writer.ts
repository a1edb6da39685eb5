import type { JsonObject } from "@synaps/sdk/protocol";
import { eventName, headOf } from "./line.js";
import { messageOf } from "./message-of.js";
import { OpenRun } from "./open-run.js";
import { writerSettings, type Durability, type WriterOptions, type WriterSettings } from "./options.js";
import { Patience } from "./patience.js";
import { WaitingLines, type Entry } from "./queue.js";

/** Characters of all lines that wait: a slow disk must not eat the memory. Where answers wait too, as many as gates may have. */
const MAX_WAITING_CHARS = { queue: 8 * 1024 * 1024, before_answer: 64 * 1024 * 1024 };
/** Pause after a failed write: a full disk is not asked for every event. */
const RETRY_MS = 250;
/** Longest wait of an answer for its line. A disk that takes longer counts as one that takes nothing. As long as a hook may take. */
const HANG_MS = 5_000;

/** State of a writer. Holds nothing of an event. */
export interface AuditStatus {
  readonly folder: string;
  /** Name of the file that is written; null before the first one, and while none can be opened. */
  readonly file: string | null;
  readonly durability: Durability;
  readonly chained: boolean;
  /** Events that were taken in, written, dropped, and that wait. */
  readonly accepted: number;
  readonly written: number;
  readonly lost: number;
  readonly waiting: number;
  /** Reason why nothing can be written now; null while everything is right. */
  readonly failing: string | null;
}

/**
 * Writes events of one process to files of its own, one line each. Takes an event at any moment and never throws for one:
 * what cannot be written waits, within bounds, and what has no room is counted and told in a line of its own.
 */
export class AuditWriter {
  readonly #settings: WriterSettings;
  readonly #waiting: WaitingLines;
  readonly #run: OpenRun;
  #isCounting = false;
  #accepted = 0;
  #dropped = 0;
  #problem: string | undefined;
  /** True while the disk has not answered for too long: what is written now may still end, and nothing waits for it. */
  #isHanging = false;
  /** True once it was told that lines are dropped, until the disk has caught up. */
  #isToldFull = false;
  #retry: { cancel(): void } | undefined;
  #retryAtMs = 0;
  /** Moment at which the first answer came in that waits for its line and that nobody has begun to write. */
  #oldestMs: number | undefined;
  readonly #patience: Patience;
  #writing: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: WriterOptions, pid = process.pid) {
    this.#settings = writerSettings(options);
    const { queue, durability, clock } = this.#settings;
    this.#patience = new Patience(clock, HANG_MS, () => this.#hangs());
    this.#waiting = new WaitingLines(queue, MAX_WAITING_CHARS[durability]);
    this.#run = new OpenRun(this.#settings, pid, (entry) => this.#waiting.pushOwn(entry));
  }

  get status(): AuditStatus {
    const { folder, durability, chain } = this.#settings;
    return {
      folder,
      file: this.#run.file ?? null,
      durability,
      chained: chain,
      accepted: this.#accepted,
      written: this.#run.place.seq - 1 - this.#run.place.lost,
      lost: this.#dropped,
      waiting: this.#waiting.events,
      failing: this.#problem ?? null,
    };
  }

  /** Opens the first file and tells of processes that did not end cleanly. Never rejects: `status` and `note` tell. */
  async open(): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  /**
   * Takes one event. With `before_answer` resolves to true once its line is with the operating system, and to false when it
   * could not be written yet or has no room; undefined where nobody has to wait. Never throws or rejects.
   */
  record(event: string, metadata: JsonObject): Promise<boolean> | undefined {
    const { durability, clock } = this.#settings;
    const waits = durability === "before_answer";
    if (this.#isClosed) return waits ? Promise.resolve(false) : undefined;
    this.#count();
    const head = this.#head(event, metadata);
    let told: ((written: boolean) => void) | undefined;
    const written = waits ? new Promise<boolean>((resolve) => (told = resolve)) : undefined;
    const hasRoom = this.#waiting.push({ type: "event", head, told });
    if (!hasRoom) {
      this.#dropped += 1;
      this.#waiting.lose(clock.wallMs(), this.#problem ?? "more events than the disk takes");
      this.#tellFull();
    }
    const isTried = !this.#isHanging && (this.#problem === undefined || this.#mayTryAgain);
    if (isTried) this.#flush();
    if (!isTried || !hasRoom) told?.(false);
    else if (waits) this.#oldestMs ??= this.#patience.nowMs;
    return written;
  }

  /** Once for each time: a disk that works, only not as fast as the events come, is no failure that anybody else tells. */
  #tellFull(): void {
    if (this.#isToldFull || this.#problem !== undefined) return;
    this.#isToldFull = true;
    const { note, folder } = this.#settings;
    note(
      `the audit log in ${folder} has no room: ${this.#waiting.events} events wait for the disk, and further ones are dropped and counted`,
    );
  }

  /** Writes what waits, ends the file with its count, and closes it. Takes no event afterwards. Never rejects. */
  async close(): Promise<void> {
    if (this.#isClosed) return this.#writing;
    this.#isClosed = true;
    this.#retry?.cancel();
    await this.#writing;
    if (!this.#run.hasBegun && this.#waiting.isEmpty) return;
    this.#run.count(this.#accepted);
    if (!this.#waiting.isEmpty) {
      this.#flush();
      await this.#writing;
    }
    const isEnd = this.#waiting.isEmpty && (await this.#stopped());
    if (!isEnd) {
      const { note, folder } = this.#settings;
      note(
        `the audit log in ${folder} ends without its last lines: ${this.#problem ?? "it cannot be written"}`,
      );
      this.#waiting.tellUnwritten();
    }
    await this.#run.close(isEnd);
  }

  async #stopped(): Promise<boolean> {
    try {
      await this.#run.stop();
      return true;
    } catch (error) {
      this.#problem = messageOf(error);
      return false;
    }
  }

  get #mayTryAgain(): boolean {
    // A clock that was set back must not put the next try off.
    return Math.abs(this.#settings.clock.wallMs() - this.#retryAtMs) >= RETRY_MS;
  }

  #head(event: string, metadata: JsonObject): string {
    const { format, clock } = this.#settings;
    try {
      return headOf(format, clock.wallMs(), eventName(event), metadata);
    } catch (error) {
      // JSON cannot carry it: the event is on record all the same.
      return headOf(format, clock.wallMs(), eventName(event), { unwritable: messageOf(error) });
    }
  }

  /** Once for all events of one turn: before any of the program that waits for their answers goes on. */
  #count(): void {
    this.#accepted += 1;
    if (this.#isCounting) return;
    this.#isCounting = true;
    queueMicrotask(() => {
      this.#isCounting = false;
      // Where the disk hangs, this count would hold up everything else.
      if (!this.#isHanging) this.#run.count(this.#accepted);
    });
  }

  #flush(): void {
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  async #write(): Promise<void> {
    // All events of this turn go into one write.
    await Promise.resolve();
    this.#retry?.cancel();
    this.#retry = undefined;
    try {
      do {
        this.#patience.begin(this.#oldestMs);
        await this.#run.begin();
        this.#oldestMs = undefined;
        await this.#writeAll(this.#waiting.take());
        this.#patience.end();
        this.#works();
      } while (!this.#waiting.isEmpty);
    } catch (error) {
      this.#patience.end();
      this.#fails(error);
    }
  }

  async #writeAll(entries: Entry[]): Promise<void> {
    let done = 0;
    try {
      await this.#run.write(entries, (entry) => {
        done += 1;
        this.#waiting.done(entry);
        if (entry.type === "event") entry.told?.(true);
        else if (entry.type === "own") entry.written();
      });
    } catch (error) {
      this.#waiting.putBack(entries.slice(done));
      throw error;
    }
  }

  #works(): void {
    if (this.#waiting.events === 0) this.#isToldFull = false;
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#answersAgain();
    this.#settings.note(`the audit log is written again; events without a line: ${this.#run.place.lost}`);
  }

  #fails(error: unknown): void {
    this.#answersAgain();
    this.#tellProblem(messageOf(error));
    this.#retryAtMs = this.#settings.clock.wallMs();
    if (!this.#isClosed) this.#retry ??= this.#settings.clock.after?.(RETRY_MS, () => this.#flush());
  }

  /** A write that is under way goes on, and so do all answers: their lines follow when the disk answers. */
  #hangs(): void {
    this.#isHanging = true;
    this.#tellProblem(`the disk has not answered for ${HANG_MS / 1000} s`);
  }

  #answersAgain(): void {
    if (!this.#isHanging) return;
    this.#isHanging = false;
    this.#run.count(this.#accepted);
  }

  #tellProblem(message: string): void {
    const { note, folder } = this.#settings;
    // Once for each outage: the count of what is lost follows in the log.
    if (this.#problem === undefined) note(`the audit log in ${folder} cannot be written: ${message}`);
    this.#problem = message;
    this.#oldestMs = undefined;
    this.#waiting.tellUnwritten();
  }
}
