import type { GapEntry } from "./queue.js";
import { headOf, linkOf, NO_HASH, OWN, sealed, timeOf, type AuditFormat } from "./line.js";
import type { Entry } from "./queue.js";

/** Place in a run behind its last written line. */
export interface Place {
  /** Number of the next event. */
  readonly seq: number;
  readonly hash: string;
  /** Events of the run that were dropped, as far as the lines say. */
  readonly lost: number;
}

export const START: Place = { seq: 1, hash: NO_HASH, lost: 0 };

/** Makes lines of entries, one behind the other. */
export class LineMaker {
  readonly #format: AuditFormat;
  readonly #isChained: boolean;
  readonly #key: string | undefined;
  readonly #wallMs: () => number;

  constructor(format: AuditFormat, isChained: boolean, key: string | undefined, wallMs: () => number) {
    this.#format = format;
    this.#isChained = isChained;
    this.#key = key;
    this.#wallMs = wallMs;
  }

  /** The line of an entry with its line end, and the place behind it. */
  line(entry: Entry, { seq, hash, lost }: Place): { text: string; place: Place } {
    const head = entry.type === "gap" ? this.#gapHead(entry) : entry.head;
    const link = this.#isChained ? (body: string): string => linkOf(hash, body, this.#key) : undefined;
    const made = sealed(this.#format, head, seq, link);
    const events = entry.type === "own" ? 0 : entry.type === "gap" ? entry.lost : 1;
    const missing = entry.type === "gap" ? entry.lost : 0;
    return { text: `${made.line}\n`, place: { seq: seq + events, hash: made.hash, lost: lost + missing } };
  }

  /** The head of a line of the log itself. */
  own(event: string, metadata: Parameters<typeof headOf>[3]): string {
    return headOf(this.#format, this.#wallMs(), event, metadata);
  }

  #gapHead({ lost, sinceMs, reason }: GapEntry): string {
    return this.own(OWN.gap, { lost, since: timeOf(sinceMs), reason });
  }
}
