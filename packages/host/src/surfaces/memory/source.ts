import { open, stat, type FileHandle } from "node:fs/promises";
import type { Stats } from "node:fs";
import { systemCode } from "../../errors.js";

/** Size, times and identity of a file; undefined if there is none. Throws for anything but a plain file. */
export async function look(path: string): Promise<Stats | undefined> {
  let stats: Stats;
  try {
    stats = await stat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
  if (!stats.isFile()) throw new Error(`'${path}' is not a file`);
  return stats;
}

export function isSameFile(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** A file that is read in several places, and kept open while its name means the same file. */
export class Source {
  readonly #path: string;
  #open: { handle: FileHandle; stats: Stats } | undefined;
  /** True lets every read fail: a long search ends at its next read. */
  cancelled = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Opens the file when its name means another file than before. Returns true then. */
  async follow(stats: Stats): Promise<boolean> {
    if (this.#open && isSameFile(this.#open.stats, stats)) return false;
    await this.close();
    const handle = await open(this.#path, "r");
    this.#open = { handle, stats: await handle.stat() };
    return true;
  }

  /** Reads up to `length` bytes from `from` on; fewer at the end of the file. */
  async read(from: number, length: number): Promise<Buffer> {
    if (this.cancelled) throw new Error("the host is stopping");
    if (!this.#open) throw new Error("nothing is open to read");
    const buffer = Buffer.allocUnsafe(length);
    let got = 0;
    while (got < length) {
      const { bytesRead } = await this.#open.handle.read(buffer, got, length - got, from + got);
      if (bytesRead === 0) break;
      got += bytesRead;
    }
    return buffer.subarray(0, got);
  }

  async close(): Promise<void> {
    const { handle } = this.#open ?? {};
    this.#open = undefined;
    await handle?.close();
  }
}
