import type { JsonObject } from "@synaps/sdk/protocol";
import { eventsIn, linkOf, NO_HASH, OWN, parseLine, type ReadLine } from "./line.js";
import type { Place } from "./progress.js";
import { linesIn, type RawLine } from "./read-lines.js";

/** Kinds of fault that a check can find. */
export type FaultKind =
  "changed" | "removed_line" | "cut_tail" | "missing_file" | "not_a_line" | "wrong_count" | "unreadable";

/** A fault at its place. `line` counts from 1; 0 is the file as a whole. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly kind: FaultKind;
  readonly message: string;
}

export interface FileToCheck {
  readonly path: string;
  readonly file: string;
  /** Its number in the run, as its name says. */
  readonly n: number;
  readonly run: string;
  /** The place before its first line and the file before; undefined when the file before was removed. */
  readonly before: { readonly place: Place; readonly file: FileCheck | undefined } | undefined;
  readonly key: string | undefined;
  readonly isLast: boolean;
  /** Told of each line of the log itself. */
  told(event: string, metadata: JsonObject): void;
}

export interface FileCheck {
  readonly file: string;
  readonly lines: number;
  readonly chained: boolean;
  readonly place: Place;
  /** The line that ends it, if it has one. */
  readonly end: string | undefined;
  /** True when it ends in the middle of a line. */
  readonly isTorn: boolean;
  readonly fault: Fault | undefined;
}

/** Checks the lines of one file. Never rejects: a file that cannot be read has a fault. */
export async function checkFile(asked: FileToCheck): Promise<FileCheck> {
  const check = new Check(asked);
  try {
    for await (const lines of linesIn(asked.path)) {
      for (const line of lines) check.line(line);
      if (check.fault) break;
    }
    if (!check.fault) check.fileEnds();
  } catch (error) {
    check.fails("unreadable", error instanceof Error ? error.message : String(error));
  }
  return check.result;
}

class Check {
  readonly #asked: FileToCheck;
  #place: Place | undefined;
  #lines = 0;
  #end: string | undefined;
  #isTorn = false;
  #isChained = false;
  #isKeyed = false;
  fault: Fault | undefined;

  constructor(asked: FileToCheck) {
    this.#asked = asked;
    this.#place = asked.before?.place;
  }

  get result(): FileCheck {
    const { file } = this.#asked;
    const place = this.#place ?? { seq: 1, hash: NO_HASH, lost: 0 };
    const [lines, end, isTorn] = [this.#lines, this.#end, this.#isTorn];
    return { file, lines, chained: this.#isChained, place, end, isTorn, fault: this.fault };
  }

  fails(kind: FaultKind, message: string, line = this.#lines): void {
    this.fault ??= { file: this.#asked.file, line, kind, message };
  }

  line(raw: RawLine): void {
    if (this.fault) return;
    if (!raw.isWhole) {
      this.#isTorn = true;
      return;
    }
    this.#lines += 1;
    if (this.#end !== undefined)
      return this.fails("wrong_count", `it stands behind the line that ends the file (${this.#end})`);
    const line = raw.isTooLong ? undefined : parseLine(raw.bytes);
    if (line === undefined) return this.fails("not_a_line", "it is no line of an audit log: it was changed");
    if (this.#lines === 1) this.#begins(line);
    if (!this.fault) this.#follows(line);
    if (!this.fault) this.#counts(line);
  }

  /** The first line says which file it is, and which one was before. */
  #begins({ event, metadata, hash, seq }: ReadLine): void {
    const { n, run, before } = this.#asked;
    if (event !== OWN.open || metadata["run"] !== run || metadata["file"] !== n)
      return this.fails("removed_line", "the first line does not say that this file begins here");
    const chain = metadata["chain"];
    this.#isChained = chain !== "none";
    this.#isKeyed = chain === "hmac-sha256";
    if (this.#isChained && hash === undefined) return this.fails("changed", "the line has no hash");
    const previous = metadata["previous"] as JsonObject | null | undefined;
    if (this.#place === undefined) {
      // The file before was removed as configured: what this one says of it is where the check begins.
      const before = typeof previous?.["hash"] === "string" ? previous["hash"] : NO_HASH;
      this.#place = { seq, hash: before, lost: 0 };
      return;
    }
    const { file: last } = before ?? {};
    const isSame = (previous?.["file"] ?? null) === (last?.file ?? null);
    if (!isSame) return this.fails("missing_file", "the file before it is another than this line says");
    const wanted = previous?.["end"] === "rotated" ? OWN.rotate : undefined;
    if (last && last.end !== wanted)
      this.fault = {
        file: last.file,
        line: last.lines,
        kind: "cut_tail",
        message: "the end of this file is cut off: the next file says that it was ended with a count",
      };
  }

  #follows({ seq, hash, body, event }: ReadLine): void {
    const place = this.#place as Place;
    if (seq !== place.seq) {
      const missing = seq - place.seq;
      const lines = missing === 1 ? "1 event is" : `${missing} events are`;
      return this.fails(
        missing > 0 ? "removed_line" : "changed",
        missing > 0
          ? `${lines} missing before it: its number is ${seq}, and ${place.seq} would follow`
          : `its number is ${seq}, and ${place.seq} would follow: it was moved, repeated or changed`,
      );
    }
    if (!this.#isChained) return;
    const { key } = this.#asked;
    if (this.#isKeyed && key === undefined)
      return this.fails("unreadable", "its chain was made with a key, and none was given");
    if (hash !== linkOf(place.hash, body, this.#isKeyed ? key : undefined)) {
      const own = event.startsWith("audit_") ? ", or a line of the log itself is missing before it" : "";
      this.fails("changed", `its hash does not fit: the line was changed${own}`);
    }
  }

  #counts(line: ReadLine): void {
    const { event, metadata, hash } = line;
    const events = eventsIn(line);
    if (!Number.isSafeInteger(events) || events < 0) return this.fails("changed", "its count is none");
    const place = this.#place as Place;
    const lost = place.lost + (event === OWN.gap ? events : 0);
    this.#place = { seq: place.seq + events, hash: hash ?? NO_HASH, lost };
    if (event === OWN.uncleanEnd || event === OWN.removed) this.#asked.told(event, metadata);
    if (event !== OWN.rotate && event !== OWN.stop) return;
    this.#end = event;
    if (metadata["lines"] !== this.#lines)
      this.fails(
        "wrong_count",
        `it counts ${String(metadata["lines"])} lines, and the file has ${this.#lines}`,
      );
  }

  /** The whole file was read. */
  fileEnds(): void {
    const { isLast } = this.#asked;
    // The last file may have no line yet, or end in the middle of one: how the run ended decides about that.
    if (this.#lines === 0 && !isLast) this.fails("cut_tail", "the file has no whole line", 0);
    if (this.#isTorn && this.#end !== undefined)
      this.fails("wrong_count", "more stands behind the line that ends the file", this.#lines + 1);
  }
}
