import { fstatSync } from "node:fs";
import { open, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** One file of a run while it is written. Nobody else writes to it. */
export class Segment {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #fsync: boolean;
  /** Bytes of whole lines. */
  size = 0;
  lines = 0;
  /** True when nothing may be added any more: the file was removed, or holds part of a line that cannot be taken back. */
  isBroken = false;

  private constructor(path: string, handle: FileHandle, fsync: boolean) {
    this.path = path;
    this.#handle = handle;
    this.#fsync = fsync;
  }

  /** Rejects with what the file system says, `EEXIST` for a file that exists. */
  static async create(path: string, fsync: boolean): Promise<Segment> {
    const segment = new Segment(path, await open(path, "ax", 0o600), fsync);
    if (fsync) await segment.#keepName();
    return segment;
  }

  /** The name of a file stands in its folder: without this, a loss of power may take the file with all its lines. */
  async #keepName(): Promise<void> {
    if (process.platform === "win32") return;
    const folder = await open(dirname(this.path), "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  get name(): string {
    return basename(this.path);
  }

  /**
   * Adds whole lines in one write. When the system takes only a part, the lines that it took whole stay, and the rest is
   * taken back. Never rejects.
   */
  async append(lines: readonly string[]): Promise<Appended> {
    const bytes = Buffer.from(lines.join(""));
    let written = 0;
    try {
      while (written < bytes.length) {
        const { bytesWritten } = await this.#handle.write(bytes, written);
        if (bytesWritten === 0) throw new Error("the system took no byte");
        written += bytesWritten;
      }
      if (this.#fsync) await this.#handle.datasync();
      // Somebody removed the file: its lines would go with it.
      if (this.#isRemoved) throw new Removed(`${this.name} was removed with its records`);
    } catch (error) {
      return { lines: await this.#keepWhole(lines, error instanceof Removed ? 0 : written), error };
    }
    this.size += bytes.length;
    this.lines += lines.length;
    return { lines: lines.length, error: undefined };
  }

  /** A look at what the system knows anyway: it costs less than the way to another thread. */
  get #isRemoved(): boolean {
    return fstatSync(this.#handle.fd).nlink === 0;
  }

  /** Returns the number of lines that are in the file, and takes back what was written behind them. */
  async #keepWhole(lines: readonly string[], written: number): Promise<number> {
    let [kept, bytes] = [0, 0];
    for (const line of lines) {
      const end = bytes + Buffer.byteLength(line);
      if (end > written) break;
      [kept, bytes] = [kept + 1, end];
    }
    try {
      await this.#handle.truncate(this.size + bytes);
      if (this.#fsync) await this.#handle.datasync();
      this.isBroken = this.#isRemoved;
      if (this.isBroken) return 0;
    } catch {
      this.isBroken = true;
      return 0;
    }
    this.size += bytes;
    this.lines += kept;
    return kept;
  }

  /** Removes a file that holds no line yet. Rejects with what the file system says. */
  async discard(): Promise<void> {
    await this.close();
    await unlink(this.path);
  }

  /** Rejects when the system says only now that it could not keep what it took, as network file systems may. */
  async close(): Promise<void> {
    await this.#handle.close();
  }
}

class Removed extends Error {}

/** Lines of those handed over that are in the file, and the reason why it is not all of them. */
export interface Appended {
  readonly lines: number;
  readonly error: unknown;
}
