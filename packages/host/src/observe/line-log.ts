import { appendFile, mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isJsonObject, type JsonObject } from "@synaps/sdk/protocol";
import { messageOf } from "../errors.js";
import type { Logger } from "../logger.js";

/** Size at which the file is put aside as `.1`, and with it the one before that is gone. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Lines that may wait for the disk. Beyond, they are dropped and counted: a slow disk must not eat the memory. */
const MAX_WAITING = 1_024;
/** Bytes from the end of a file that `tail` looks at. */
const TAIL_BYTES = 256 * 1024;

/** A file of JSON lines that only grows at its end, readable by this user only. Appending waits for nothing. */
export class LineLog {
  readonly path: string;
  readonly #logger: Logger;
  readonly #maxBytes: number;
  #writing: Promise<void> = Promise.resolve();
  #waiting = 0;
  #dropped = 0;
  #opened = false;

  constructor(path: string, logger: Logger, maxBytes = MAX_BYTES) {
    this.path = path;
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
      .catch((error: unknown) => this.#tell(messageOf(error)))
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
    if (!this.#opened) {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      // A program that was killed while it wrote may have left half a line.
      if (await endsTorn(this.path)) await appendFile(this.path, "\n");
      this.#opened = true;
    }
    const size = await stat(this.path).then(
      ({ size: bytes }) => bytes,
      () => 0,
    );
    if (size > 0 && size + text.length > this.#maxBytes) await rename(this.path, `${this.path}.1`);
    await appendFile(this.path, text, { mode: 0o600 });
    if (this.#dropped > 0) this.#tell("the disk is too slow");
  }

  #tell(reason: string): void {
    this.#logger.warn("a record was not written", { file: this.path, reason, dropped: this.#dropped });
    this.#dropped = 0;
  }
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
