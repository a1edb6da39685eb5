import { randomBytes } from "node:crypto";
import { describeEvent, type AuditEvent } from "./record.js";
import type { Content } from "./settings.js";

export type { AuditEvent } from "./record.js";

/** Where records go. `append` returns only when all bytes are with the operating system, else it throws. */
export interface RecordSink {
  open(): void;
  append(text: string): void;
  close(): void;
}

export interface AuditLogOptions {
  file: RecordSink;
  content: Content;
  /** Takes what the operator should know. */
  note(message: string): void;
  now?: () => Date;
}

interface Gap {
  firstSeq: number;
  lost: number;
  since: string;
  reason: string;
}

/** Numbers events, turns them into lines and accounts for those that could not be written. */
export class AuditLog {
  readonly #file: RecordSink;
  readonly #content: Content;
  readonly #note: (message: string) => void;
  readonly #now: () => Date;
  /** Tells the counters of two processes apart that share a file. */
  readonly #run = randomBytes(4).toString("hex");
  #seq = 0;
  #gap: Gap | undefined;

  constructor(options: AuditLogOptions) {
    this.#file = options.file;
    this.#content = options.content;
    this.#note = options.note;
    this.#now = options.now ?? (() => new Date());
  }

  /** Opens early, so that a torn line is mended and a problem is told before the first event. Never throws. */
  open(): void {
    try {
      this.#file.open();
    } catch (error) {
      this.#note(`the audit log cannot be opened and is tried again at each event: ${messageOf(error)}`);
    }
  }

  /** Writes one record. When it returns, the record is in the file; else it throws and counts the event as lost. */
  record(event: AuditEvent): void {
    this.#seq += 1;
    const ts = this.#now().toISOString();
    try {
      const record = { ts, seq: this.#seq, run: this.#run, ...describeEvent(event, this.#content) };
      this.#file.append(`${this.#gapLine(ts)}${JSON.stringify(record)}\n`);
    } catch (error) {
      this.#lose(ts, messageOf(error));
      throw error;
    }
    if (this.#gap) this.#note(`the audit log is written again; lost events: ${this.#gap.lost}`);
    this.#gap = undefined;
  }

  /** Leaves a word about lost events if that is possible now. Never throws; a later `record` opens again. */
  close(): void {
    try {
      if (this.#gap) this.#file.append(this.#gapLine(this.#now().toISOString()));
      this.#gap = undefined;
    } catch {
      this.#note(`the audit log ends; lost events: ${this.#gap?.lost} (${this.#gap?.reason})`);
    }
    this.#file.close();
  }

  #lose(ts: string, reason: string): void {
    if (this.#gap) {
      this.#gap.lost += 1;
      return;
    }
    this.#gap = { firstSeq: this.#seq, lost: 1, since: ts, reason };
    // Once per gap: the host hears of each lost event from the error that answers it.
    this.#note(`the audit log loses events: ${reason}`);
  }

  #gapLine(ts: string): string {
    if (!this.#gap) return "";
    const { firstSeq, lost, since, reason } = this.#gap;
    // Its number is that of the first lost event, so that numbers without a record are exactly the lost ones.
    return `${JSON.stringify({ ts, seq: firstSeq, run: this.#run, event: "gap", lost, since, reason })}\n`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
