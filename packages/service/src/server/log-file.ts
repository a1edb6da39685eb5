import { appendFileSync, renameSync, statSync } from "node:fs";
import type { LogFields, Logger } from "@synaps/host";

/** Size from which a log is renamed to `<name>.1`, which takes the place of the one before. */
const MAX_BYTES = 1024 * 1024;
const MAX_LINE_CHARACTERS = 4_096;

/** Writes what the service says to a file, one line each, at most 2 MiB in all. A disk that takes nothing costs the lines. */
export class LogFile implements Logger {
  readonly #path: string;
  readonly #wallMs: () => number;

  constructor(path: string, wallMs: () => number) {
    this.#path = path;
    this.#wallMs = wallMs;
  }

  debug(): void {}

  info(message: string, fields?: LogFields): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write("error", message, fields);
  }

  #write(level: string, message: string, { hint, ...fields }: LogFields = {}): void {
    const details = Object.entries(fields)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => `${name}: ${String(value)}`);
    const parts = [
      `${new Date(this.#wallMs()).toISOString()} ${level} ${message}`,
      details.length === 0 ? "" : ` (${details.join("; ")})`,
      hint === undefined || hint === null ? "" : ` -- ${String(hint)}`,
    ];
    // eslint-disable-next-line no-control-regex
    const line = parts.join("").replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
    try {
      if ((statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES)
        renameSync(this.#path, `${this.#path}.1`);
      appendFileSync(this.#path, `${line.slice(0, MAX_LINE_CHARACTERS)}\n`, { mode: 0o600 });
    } catch {
      // Nobody is left to tell.
    }
  }
}
