import { open, rename, stat } from "node:fs/promises";
import { isJsonObject, type JsonObject } from "@synaps/sdk/protocol";
import type { Logger } from "../../logger.js";
import { withLock } from "./file-lock.js";
import { openToAppend } from "./append.js";
import { placeOf, type Place } from "./place.js";
import { notWritten, type FileWords } from "./refusal.js";

const WORDS: FileWords = { code: "FILE_NOT_WRITTEN", what: "The record" };

/** Size at which the file is put aside as `.1`, in the place of the file that was put aside before. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Lines that may wait for the disk. Beyond, they are dropped and counted: a slow disk must not eat the memory. */
const MAX_WAITING = 1_024;
/** Bytes from the end of a file that `tail` looks at. */
const TAIL_BYTES = 256 * 1024;

/**
 * A file of JSON lines under the base folder that only grows at its end, readable by this user only, and shared by all
 * hosts on the base folder. Appending waits for nothing. A full file is put aside under a lock, so that one host puts
 * it aside, and not another host the new file after it.
 */
export class LineLog {
  readonly path: string;
  readonly #baseDir: string;
  readonly #logger: Logger;
  readonly #maxBytes: number;
  #writing: Promise<void> = Promise.resolve();
  #waiting = 0;
  #dropped = 0;
  #place: Place | undefined;

  constructor(file: { baseDir: string; path: string }, logger: Logger, maxBytes = MAX_BYTES) {
    this.path = file.path;
    this.#baseDir = file.baseDir;
    this.#logger = logger;
    this.#maxBytes = maxBytes;
  }

  append(line: JsonObject): void {
    if (this.#waiting >= MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#waiting += 1;
    const text = `${JSON.stringify(line)}\n`;
    this.#writing = this.#writing
      .then(() => this.#write(text))
      .catch((error: unknown) => this.#tell(notWritten(this.path, WORDS, error).message))
      .finally(() => (this.#waiting -= 1));
  }

  /** Resolves when all lines so far are written, or could not be. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** The last lines, oldest first, over both files. Lines that are no JSON object are skipped. */
  async tail(count: number): Promise<JsonObject[]> {
    await this.#writing;
    const recent = await lastLines(this.path);
    if (count <= 0) return [];
    if (recent.length >= count) return recent.slice(-count);
    return [...(await lastLines(`${this.path}.1`)), ...recent].slice(-count);
  }

  async #write(text: string): Promise<void> {
    const isFirst = this.#place === undefined;
    const { target, lock } = (this.#place ??= await placeOf(this.#baseDir, this.path));
    const isFull = async (): Promise<boolean> => {
      const size = await sizeOf(target);
      return size > 0 && size + Buffer.byteLength(text) > this.#maxBytes;
    };
    if (await isFull())
      await withLock(lock, async () => {
        if (await isFull()) await rename(target, `${target}.1`);
      });
    // A program that was killed while it wrote may have left half a line.
    const begin = isFirst && (await endsTorn(target)) ? "\n" : "";
    const file = await openToAppend(target);
    try {
      await file.appendFile(begin + text);
    } finally {
      await file.close();
    }
    if (this.#dropped > 0) this.#tell("the disk is too slow");
  }

  #tell(reason: string): void {
    this.#logger.warn("a record was not written", { file: this.path, reason, dropped: this.#dropped });
    this.#dropped = 0;
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function endsTorn(path: string): Promise<boolean> {
  const end = await lastBytes(path, 1);
  return end !== "" && end !== "\n";
}

async function lastLines(path: string): Promise<JsonObject[]> {
  const text = await lastBytes(path, TAIL_BYTES);
  return text.split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isJsonObject(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

/** The end of a file; nothing of one that is not there. */
async function lastBytes(path: string, count: number): Promise<string> {
  let file;
  try {
    file = await open(path, "r");
  } catch {
    return "";
  }
  try {
    const { size } = await file.stat();
    const length = Math.min(size, count);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8");
  } finally {
    await file.close();
  }
}
