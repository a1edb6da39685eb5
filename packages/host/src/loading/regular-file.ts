import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";

/** Largest manifest, configuration file or record that is read: far above what people write, far below what hurts. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Reads a file that somebody else may have put there. Rejects for a pipe, a device or a folder, which would keep the
 * reader waiting or never end, and for a file that is too large or grows meanwhile.
 */
export async function readRegularFile(path: string, mostBytes = MAX_FILE_BYTES): Promise<Buffer> {
  // Without O_NONBLOCK, opening a pipe waits for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error("it is not a file");
    // A byte more than there should be shows whether the file grows.
    const bytes = Buffer.allocUnsafe(Math.min(stats.size, mostBytes) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      ({ bytesRead: read } = await file.read(bytes, length, bytes.length - length, length));
    return checkedPart(bytes, length, stats.size, mostBytes);
  } finally {
    await file.close();
  }
}

/** Does the same while everything else waits: for the one file that a host needs before it can be made. */
export function readRegularFileSync(path: string, mostBytes: number): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error("it is not a file");
    const bytes = Buffer.allocUnsafe(Math.min(stats.size, mostBytes) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, length);
    return checkedPart(bytes, length, stats.size, mostBytes);
  } finally {
    closeSync(file);
  }
}

function checkedPart(bytes: Buffer, length: number, size: number, mostBytes: number): Buffer {
  if (length > mostBytes) throw new Error(`it is larger than ${mostBytes} bytes`);
  if (length > size) throw new Error("it changed while it was read");
  return bytes.subarray(0, length);
}
