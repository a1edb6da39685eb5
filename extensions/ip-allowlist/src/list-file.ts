import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { ExtensionError } from "@synaps/sdk";

/** Largest file: 100,000 lines with an IPv6 range and a short comment each. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The text of the file without a byte order mark. Rejects with an ExtensionError for a folder, a pipe, a file that is too large
 * and for what the system says. Never waits for a writer.
 */
export async function readListFile(path: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw new ExtensionError(`'${path}' is no file`);
      if (facts.size > MAX_BYTES)
        throw new ExtensionError(`'${path}' has ${facts.size} bytes, at most ${MAX_BYTES} are read`);
      return (await file.readFile("utf8")).replace(/^\uFEFF/, "");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof ExtensionError) throw error;
    throw new ExtensionError(`the file '${path}' cannot be read: ${codeOf(error)}`);
  }
}

/** A text that differs when the file was changed, replaced or removed. Never rejects. */
export async function stateOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return [ino, size, mtimeMs, ctimeMs].join(" ");
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
