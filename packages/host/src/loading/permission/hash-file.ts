import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** Larger files are covered by size and times only: hashing one would hold up the start for seconds. */
export const MAX_HASHED_BYTES = 512 * 1024 * 1024;

const BLOCK_BYTES = 256 * 1024;

/** SHA-256 of a file, in hexadecimal. Rejects for a pipe or a device that took the file's place, and for one that grows. */
export async function hashFile(path: string): Promise<string> {
  // Without O_NONBLOCK, opening a pipe waits for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error("it is not a file any more");
    const hash = createHash("sha256");
    const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, stats.size + 1));
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(block, 0, block.length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
      if (length > stats.size) throw new Error("it changed while it was read");
      hash.update(block.subarray(0, bytesRead));
    }
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}
