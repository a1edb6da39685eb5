import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { openToAppend } from "../../loading/records/append.js";
import { placeOf } from "../../loading/records/place.js";
import { isSameFile, look } from "./source.js";

/** Most bytes that are written together. */
const BATCH_BYTES = 1024 * 1024;

const LINE_BREAK = 10;

interface Waiting {
  line: Buffer;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Appends lines to a file under the base folder that other programs may append to, cut, replace or remove at any time. Each line goes out in
 * one write at the end of the file, so lines of several writers never mix. Lines that wait for a write under way go
 * out together in the next one.
 */
export class Writer {
  readonly #baseDir: string;
  readonly #path: string;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #open: { handle: FileHandle; stats: Stats } | undefined;
  /** Size of the file after our last write, when that ended a line. */
  #cleanSize = -1;

  constructor(baseDir: string, path: string) {
    this.#baseDir = baseDir;
    this.#path = path;
  }

  /** Resolves once the operating system took the line, which ends with a line end. Rejects with its error. */
  append(line: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when all lines are written, or could not be, and the file is closed. */
  async close(): Promise<void> {
    while (this.#running) await this.#running;
    const { handle } = this.#open ?? {};
    this.#open = undefined;
    await handle?.close();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) await this.#write(this.#nextBatch());
    this.#running = undefined;
  }

  #nextBatch(): Waiting[] {
    let bytes = 0;
    const end = this.#waiting.findIndex(({ line }) => (bytes += line.length) > BATCH_BYTES);
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    let written = 0;
    let failure: unknown;
    try {
      const { handle, size, torn } = await this.#prepare();
      const lines = batch.map(({ line }) => line);
      const bytes = torn ? Buffer.concat([Buffer.of(LINE_BREAK), ...lines]) : Buffer.concat(lines);
      const done = await writeAll(handle, bytes);
      written = Math.max(0, done.written - (torn ? 1 : 0));
      failure = done.error;
      this.#cleanSize = failure === undefined ? size + bytes.length : -1;
    } catch (error) {
      failure = error;
      this.#cleanSize = -1;
    }
    for (const { line, resolve, reject } of batch) {
      written -= line.length;
      if (written >= 0) resolve();
      else reject(failure);
    }
  }

  /** Opens what the path means now, and says whether its last line was never ended. */
  async #prepare(): Promise<{ handle: FileHandle; size: number; torn: boolean }> {
    const stats = await look(this.#path);
    const open = stats && this.#open && isSameFile(stats, this.#open.stats) ? this.#open : undefined;
    const { handle, size } = stats && open ? { handle: open.handle, size: stats.size } : await this.#reopen();
    const torn = size > 0 && size !== this.#cleanSize && !(await endsLine(handle, size));
    return { handle, size, torn };
  }

  async #reopen(): Promise<{ handle: FileHandle; size: number }> {
    await this.#open?.handle.close();
    this.#open = undefined;
    this.#cleanSize = -1;
    const { target } = await placeOf(this.#baseDir, this.#path);
    const handle = await openToAppend(target);
    const stats = await handle.stat();
    this.#open = { handle, stats };
    return { handle, size: stats.size };
  }
}

async function endsLine(handle: FileHandle, size: number): Promise<boolean> {
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] === LINE_BREAK;
}

/** Writes until all is written or the system refuses. A full disk may take a part first. */
export async function writeAll(
  handle: Pick<FileHandle, "write">,
  bytes: Buffer,
): Promise<{ written: number; error: unknown }> {
  let written = 0;
  while (written < bytes.length) {
    try {
      const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, null);
      written += bytesWritten;
    } catch (error) {
      return { written, error };
    }
  }
  return { written, error: undefined };
}
