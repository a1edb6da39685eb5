import type { AuditFormat } from "./line.js";

/** Time as an audit log needs it. A host's clock is one. */
export interface AuditClock {
  /** Milliseconds since the Unix epoch. */
  wallMs(): number;
  /** Milliseconds on a clock that never jumps. Absent: `wallMs` is taken. */
  now?(): number;
  /**
   * Runs once after `ms`. Absent: after a failure the next event tries again, and nothing before it; a disk that hangs is not
   * noticed.
   */
  after?(ms: number, run: () => void): { cancel(): void };
}

/** Options of a writer. All but `folder` and `clock` have a default. */
export interface WriterOptions {
  /** Where the files stand. Made with mode 0700 if it is not there. */
  folder: string;
  clock: AuditClock;
  /** Beginning of all file names. Default `audit`. */
  name?: string | undefined;
  /** Ending of all file names, with its dot. Default `.jsonl`, for text `.log`. */
  ending?: string | undefined;
  /** Default `json`. */
  format?: AuditFormat | undefined;
  /** Bytes after which a new file is begun; a file holds at least one event. Default 50 MiB. */
  maxFileBytes?: number | undefined;
  /** Ended files that are kept in the folder, of all processes together; older ones are removed. Default 0: all. */
  files?: number | undefined;
  /** `before_answer`: `record` resolves once the line is with the operating system. Default `queue`: nobody waits. */
  durability?: Durability | undefined;
  /** True also forces each write to the disk, against a loss of power. Default false. */
  fsync?: boolean | undefined;
  /** True chains all lines by hashes, so that a changed line is found. Default false. */
  chain?: boolean | undefined;
  /** Secret for the chain: without it nobody can make a line that fits. Used with `chain` only. */
  key?: string | undefined;
  /** Lines that may wait for the disk; beyond, events are dropped and counted. Default 1,024. */
  queue?: number | undefined;
  /** Told when lines cannot be written, when they can again, and of a process that did not end cleanly. */
  note?: ((message: string) => void) | undefined;
}

/** When an answer is given: at once, or after its line is written. */
export type Durability = "queue" | "before_answer";

/** The options with all defaults filled in. */
export type WriterSettings = {
  [K in Exclude<keyof WriterOptions, "key">]-?: NonNullable<WriterOptions[K]>;
} & {
  key: string | undefined;
};

/** As the RustyClaw gateway has it. */
const MAX_FILE_BYTES = 50 * 1024 * 1024;
const MAX_WAITING_LINES = 1024;

export function writerSettings(options: WriterOptions): WriterSettings {
  const format = options.format ?? "json";
  return {
    folder: options.folder,
    clock: options.clock,
    name: options.name ?? "audit",
    ending: options.ending ?? (format === "text" ? ".log" : ".jsonl"),
    format,
    maxFileBytes: options.maxFileBytes ?? MAX_FILE_BYTES,
    files: options.files ?? 0,
    durability: options.durability ?? "queue",
    fsync: options.fsync ?? false,
    chain: options.chain ?? false,
    key: options.key,
    queue: options.queue ?? MAX_WAITING_LINES,
    note: options.note ?? (() => {}),
  };
}
