import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { statOf } from "../stat.js";

/** Larger files count by their size and times. */
const MAX_HASHED_BYTES = 64 * 1024 * 1024;
const MAX_KEPT = 4_096;

/** Hashes of files, read anew when a file's identity, size or times changed. */
export class FileHashes {
  readonly #kept = new Map<string, { stamp: string; hash: string }>();

  /** The hash of a file; undefined for what is no file, or is not there. A file that cannot be read has a hash that says so. */
  of(path: string): string | undefined {
    const found = statOf(path);
    if (found?.isFile() !== true) return undefined;
    const stamp = [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(" ");
    const kept = this.#kept.get(path);
    if (kept?.stamp === stamp) return kept.hash;
    const hash = found.size > MAX_HASHED_BYTES ? `by size and times ${stamp}` : hashOf(path);
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(path, { stamp, hash });
    return hash;
  }
}

function hashOf(path: string): string {
  try {
    return `sha256:${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  } catch (error) {
    return `unreadable ${(error as NodeJS.ErrnoException).code ?? ""}`;
  }
}
