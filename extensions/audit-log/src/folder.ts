import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { ExtensionError } from "@synaps/sdk";

/** Failures that pass without anybody changing the path: the writer tries again. */
const MAY_PASS: ReadonlySet<string> = new Set(
  "ENOSPC EDQUOT EIO EMFILE ENFILE ENOMEM EAGAIN EBUSY EINTR ETIMEDOUT ESTALE".split(" "),
);
/** Longest wait for a disk that does not answer, in milliseconds; the writer tells of it later. */
const WAIT_MS = 5_000;

/**
 * Makes the folder of the log, so that a wrong path is told before the first event. Throws an ExtensionError that names the
 * key and the remedy, unless the disk is only full or does not answer now.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await Promise.race([made(folder), waited()]);
  } catch (error) {
    const { code = "unknown", message } = error as NodeJS.ErrnoException;
    if (MAY_PASS.has(code)) return;
    throw new ExtensionError(
      `config key 'path': the log cannot be written to '${folder}': ${message}. ` +
        "Name a file in a folder that you may write to, or make room for the folder there, and reload the extension",
      { cause: error },
    );
  }
}

async function made(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await access(folder, constants.W_OK | constants.X_OK);
}

function waited(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, WAIT_MS).unref());
}
