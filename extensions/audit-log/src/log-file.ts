import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
  writeSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import { rotate } from "./rotate.js";

export interface LogFileOptions {
  path: string;
  maxBytes: number;
  maxFiles: number;
  fsync: boolean;
  note(message: string): void;
  now?: () => Date;
}

const LF = 0x0a;
/** Where the file ends is unknown: look at its last byte before the next write. */
const UNKNOWN = -1;

/**
 * Appends whole lines with one write each, to a file that other processes may append to and rotate at the same
 * time. Every append looks at the path first: the file may have been renamed by another process, deleted by
 * somebody, or left without a line end by a process that was killed in the middle of a write.
 */
export class LogFile {
  readonly #options: LogFileOptions;
  readonly #now: () => Date;
  #path: string;
  #fd: number | undefined;
  #stat: Stats | undefined;
  /** Size after our last write; another size means that somebody else wrote. */
  #end = UNKNOWN;
  /** Raised when a rotation failed, so that not every record tries again. */
  #rotateAt: number;

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.#path = options.path;
    this.#rotateAt = options.maxBytes;
    this.#now = options.now ?? (() => new Date());
  }

  /** Opens and mends a torn last line. Throws what the file system says. */
  open(): void {
    const { size } = this.#current();
    if (this.#isTorn(size)) this.#write(Buffer.from("\n"), size);
  }

  /** Hands whole lines to the operating system. Throws when not all bytes were taken; the next call opens again. */
  append(text: string): void {
    try {
      const size = this.#sizeForNext(Buffer.byteLength(text));
      this.#write(Buffer.from(this.#isTorn(size) ? `\n${text}` : text), size);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    this.#end = UNKNOWN;
    if (fd !== undefined) closeQuietly(fd);
  }

  #sizeForNext(bytes: number): number {
    const { size } = this.#current();
    if (size === 0 || size + bytes <= this.#rotateAt || !this.#stat?.isFile()) return size;
    this.#rotate(size);
    return this.#current().size;
  }

  /** The state of the file behind the path, which is open afterwards. */
  #current(): Stats {
    const seen = this.#fd === undefined ? undefined : statSync(this.#path, { throwIfNoEntry: false });
    if (seen && seen.ino === this.#stat?.ino && seen.dev === this.#stat.dev) return seen;
    // With another file in its place it was only rotated, and perhaps pruned, by another process.
    if (!seen && this.#fd !== undefined && fstatSync(this.#fd).nlink === 0) {
      this.#options.note(`${this.#path} was deleted with its records; a new file is started`);
    }
    this.close();
    return this.#reopen();
  }

  #reopen(): Stats {
    mkdirSync(dirname(this.#options.path), { recursive: true, mode: 0o700 });
    this.#fd = openSync(this.#options.path, "a+", 0o600);
    this.#stat = fstatSync(this.#fd);
    this.#path = targetOf(this.#options.path);
    if (this.#options.fsync) syncFolder(dirname(this.#path));
    return this.#stat;
  }

  #write(bytes: Buffer, size: number): void {
    const fd = this.#fd as number;
    this.#end = UNKNOWN;
    const written = writeSync(fd, bytes);
    // The rest must not follow in a second write: another process may have appended in between.
    if (written < bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes could be written`);
    if (this.#options.fsync) fsyncSync(fd);
    this.#end = size + written;
  }

  /** Whether the file ends inside a line. Costs a read, but only when somebody else wrote since our last record. */
  #isTorn(size: number): boolean {
    if (size === this.#end || size === 0 || !this.#stat?.isFile()) return false;
    const last = Buffer.alloc(1);
    readSync(this.#fd as number, last, 0, 1, size - 1);
    if (last[0] === LF) return false;
    this.#options.note(
      `the last line of ${this.#path} was cut off in the middle; a new line is started after it`,
    );
    return true;
  }

  #rotate(size: number): void {
    const { maxFiles, maxBytes, note } = this.#options;
    try {
      rotate(this.#path, { maxFiles, now: this.#now(), note });
      this.#rotateAt = maxBytes;
    } catch (error) {
      // A file that grows too large is better than a lost record.
      this.#rotateAt = size + maxBytes;
      note(
        `${this.#path} cannot be rotated and grows on: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

/** Renaming a symbolic link would leave the full file where it is. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Another process has renamed the file since it was opened; the next append notices.
    return path;
  }
}

/** A record on the disk is of no use in a file whose name is not. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // Nothing was buffered: every record was written and checked before.
  }
}
