import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../errors.js";
import { openToAppend } from "../records/append.js";
import { placeOf } from "../records/place.js";

/** Largest log. A script that prints more is out of control, and the log says where it ends. */
const MAX_LOG_BYTES = 16 * 1024 * 1024;

export function installLogPath(baseDir: string, id: string, nowMs: number): string {
  const at = new Date(nowMs).toISOString().replace(/[-:.]/g, "");
  return join(baseDir, "logs", "install", `${id}-${at}.log`);
}

/** The file for the output of a setup script, line by line, readable for the user alone. */
export class InstallLog {
  readonly #file: FileHandle;
  #written: Promise<unknown> = Promise.resolve();
  #bytes = 0;
  #failure: string | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(baseDir: string, path: string): Promise<InstallLog> {
    const { target } = await placeOf(baseDir, path);
    return new InstallLog(await openToAppend(target));
  }

  line(text: string): void {
    if (this.#bytes > MAX_LOG_BYTES) return;
    const line = `${text}\n`;
    this.#bytes += Buffer.byteLength(line);
    const last = this.#bytes > MAX_LOG_BYTES ? "… the rest was not written down\n" : "";
    // A full disk ends the log and not the setup.
    this.#written = this.#written
      .then(() => this.#file.write(line + last))
      .catch((error: unknown) => (this.#failure ??= messageOf(error)));
  }

  /** Returns the reason for which lines are missing, if there is one. */
  async close(): Promise<string | undefined> {
    await this.#written;
    await this.#file.close();
    return this.#failure;
  }
}
