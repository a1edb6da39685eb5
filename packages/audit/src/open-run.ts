import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "@synaps/sdk/protocol";
import { OWN } from "./line.js";
import { Marker } from "./marker.js";
import { messageOf } from "./message-of.js";
import type { WriterSettings } from "./options.js";
import { LineMaker, START, type Place } from "./progress.js";
import type { Entry, OwnEntry } from "./queue.js";
import { uncleanEnds } from "./recover.js";
import { removeOldest } from "./retention.js";
import { fileName, runId, runsIn } from "./run-files.js";
import { Segment } from "./segment.js";

/** Starts of one process within a millisecond that get names of their own. */
const MAX_NAMES = 1_000;

/** The files of this process: opens, fills, rotates and ends them. One call at a time. */
export class OpenRun {
  readonly #settings: WriterSettings;
  readonly #pid: number;
  readonly #lines: LineMaker;
  /** Takes lines of the log itself that came up on the way. */
  readonly #addOwn: (entry: OwnEntry) => void;
  #id = "";
  #marker: Marker | undefined;
  #accepted = 0;
  #place: Place = START;
  #segment: Segment | undefined;
  #files = 0;
  #isCounted = true;
  #hasLooked = false;
  /** The file before, for the first line of the next. */
  #previous: JsonObject | null = null;

  constructor(settings: WriterSettings, pid: number, addOwn: (entry: OwnEntry) => void) {
    const { format, chain, key, clock } = settings;
    this.#settings = settings;
    this.#pid = pid;
    this.#lines = new LineMaker(format, chain, key, () => clock.wallMs());
    this.#addOwn = addOwn;
  }

  /** Name of the file that is written. */
  get file(): string | undefined {
    return this.#segment?.name;
  }

  /** True once the run has a name, and so something in its folder. */
  get hasBegun(): boolean {
    return this.#id !== "";
  }

  get place(): Place {
    return this.#place;
  }

  /** Writes down how many events were taken in, so that the next start can tell how many of them are missing. */
  count(accepted: number): void {
    this.#accepted = accepted;
    if (this.#marker === undefined) return;
    const isCounted = this.#marker.count(accepted);
    if (!isCounted && this.#isCounted)
      this.#settings.note("the audit log cannot write down its count: a later start may not see all losses");
    this.#isCounted = isCounted;
  }

  /** Opens the first file, if none is open. Rejects with what the file system says. */
  async begin(): Promise<void> {
    await this.#usableSegment();
  }

  /** Writes entries in their order, and calls `written` for each that is. Rejects when one could not be written. */
  async write(entries: readonly Entry[], written: (entry: Entry) => void): Promise<void> {
    for (let at = 0; at < entries.length;) {
      const segment = await this.#usableSegment();
      const fitting = this.#fit(entries, at, segment);
      const { lines, error } = await segment.append(fitting.map(({ text }) => text));
      for (const { place, entry } of fitting.slice(0, lines)) {
        this.#place = place;
        written(entry);
      }
      at += lines;
      if (lines < fitting.length) throw error;
      if (at < entries.length) await this.#rotate(segment);
    }
  }

  /** Ends the last file with its count. Rejects when that could not be written; `close` comes all the same. */
  async stop(): Promise<void> {
    await this.#end(await this.#usableSegment(), OWN.stop);
  }

  /** `isEnd`: everything is written. Otherwise the next start reports the run. Never rejects. */
  async close(isEnd: boolean): Promise<void> {
    const isKept = this.#segment === undefined || (await this.#closed(this.#segment));
    await this.#marker?.close(isEnd && isKept);
  }

  /** The lines of as many entries as the file has room for; a file without an event has room for one. */
  #fit(entries: readonly Entry[], at: number, segment: Segment): Made[] {
    const fitting: Made[] = [];
    let [place, bytes] = [this.#place, segment.size];
    for (const entry of entries.slice(at)) {
      const made = this.#lines.line(entry, place);
      bytes += Buffer.byteLength(made.text);
      const isFirst = segment.lines <= 1 && fitting.length === 0;
      if (bytes > this.#settings.maxFileBytes && !isFirst) break;
      ({ place } = made);
      fitting.push({ ...made, entry });
    }
    return fitting;
  }

  async #rotate(segment: Segment): Promise<void> {
    await this.#end(segment, OWN.rotate);
    await this.#leave(segment, "rotated");
  }

  async #leave(segment: Segment, end: "rotated" | "abandoned"): Promise<void> {
    const { seq, hash } = this.#place;
    this.#previous = { file: segment.name, seq, hash, bytes: segment.size, end };
    this.#segment = undefined;
    await this.#closed(segment);
  }

  /** Closes a file. False, with a word, when the system says only now that it lost some of it. */
  async #closed(segment: Segment): Promise<boolean> {
    try {
      await segment.close();
      return true;
    } catch (error) {
      this.#settings.note(`the end of ${segment.name} may be missing: ${messageOf(error)}`);
      return false;
    }
  }

  async #end(segment: Segment, event: string): Promise<void> {
    await this.#append(segment, event, { lines: segment.lines + 1, lost: this.#place.lost });
  }

  /** Writes one line of the log itself. */
  async #append(segment: Segment, event: string, metadata: JsonObject): Promise<void> {
    const { text, place } = this.#lines.line(
      this.#own(event, metadata, () => {}),
      this.#place,
    );
    const { lines, error } = await segment.append([text]);
    if (lines === 0) throw error;
    this.#place = place;
  }

  async #usableSegment(): Promise<Segment> {
    if (this.#segment?.isBroken) await this.#leave(this.#segment, "abandoned");
    if (this.#segment) return this.#segment;
    this.#segment = await this.#openNext();
    await this.#lookAround(this.#segment);
    return this.#segment;
  }

  async #openNext(): Promise<Segment> {
    const { folder, fsync, ending, format, chain, key } = this.#settings;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!this.hasBegun) await this.#beginRun();
    const n = this.#files + 1;
    const segment = await Segment.create(join(folder, fileName(this.#id, n, ending)), fsync);
    const how = chain ? (key === undefined ? "sha256" : "hmac-sha256") : "none";
    const about = { version: 1, run: this.#id, file: n, pid: this.#pid, format, chain: how };
    try {
      await this.#append(segment, OWN.open, { ...about, previous: this.#previous });
    } catch (error) {
      // A file without a line is no part of the run.
      await segment.discard().catch((left: unknown) => {
        this.#settings.note(`${segment.name} has no line and could not be removed: ${messageOf(left)}`);
      });
      throw error;
    }
    this.#files = n;
    return segment;
  }

  async #beginRun(): Promise<void> {
    const { folder, clock, name, note } = this.#settings;
    const { mode } = await stat(folder);
    if ((mode & 0o077) !== 0 && process.platform !== "win32")
      note(`other users can look into the folder of the audit log: chmod 700 ${folder}`);
    // An ended run may have the name as well: its process had the same number, and the clock was set back.
    const before = new Set((await runsIn(folder)).map(({ id }) => id));
    for (let more = 0; ; more += 1) {
      const id = runId(name, clock.wallMs() + more, this.#pid);
      if (before.has(id)) continue;
      try {
        this.#marker = await Marker.create(folder, id, this.#pid);
        this.#marker.count(this.#accepted);
        this.#id = id;
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || more >= MAX_NAMES) throw error;
      }
    }
  }

  /** Reports runs that did not end cleanly, once, and removes files as configured. A failure costs no line. */
  async #lookAround(segment: Segment): Promise<void> {
    const { folder, name, files, note } = this.#settings;
    try {
      const ends = this.#hasLooked ? [] : await uncleanEnds(folder, name, this.#id, this.#pid);
      this.#hasLooked = true;
      for (const { metadata, done } of ends) {
        const { run, lost } = metadata;
        note(
          `a process with an audit log did not end cleanly: ${String(run)}, events without a line: ${String(lost)}`,
        );
        const removed = (): void =>
          void done().catch((error: unknown) => {
            note(
              `${String(run)} will be reported once more, its marker cannot be removed: ${messageOf(error)}`,
            );
          });
        this.#addOwn(this.#own(OWN.uncleanEnd, metadata, removed));
      }
      const removed = files > 0 ? await removeOldest(folder, files, segment.name) : undefined;
      if (removed) this.#addOwn(this.#own(OWN.removed, removed, () => {}));
    } catch (error) {
      note(`the folder of the audit log cannot be looked through: ${messageOf(error)}`);
    }
  }

  #own(event: string, metadata: JsonObject, written: () => void): OwnEntry {
    return { type: "own", head: this.#lines.own(event, metadata), written };
  }
}

/** A line of an entry, and the place behind it. */
interface Made {
  readonly text: string;
  readonly place: Place;
  readonly entry: Entry;
}
