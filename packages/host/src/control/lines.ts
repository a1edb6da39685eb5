import { Lines } from "../lines.js";

/** Longest message in either direction; a status with hundreds of extensions stays far below. */
export const MAX_CONTROL_BYTES = 4 * 1024 * 1024;

/** Reads messages from a byte stream, one line of JSON each. */
export class JsonLines {
  readonly #lines: Lines;
  readonly #maxBytes: number;

  constructor(onMessage: (message: unknown) => void, maxBytes: number = MAX_CONTROL_BYTES) {
    this.#maxBytes = maxBytes;
    this.#lines = new Lines(
      { maxBytes },
      {
        onLine: (bytes, cut) => {
          if (cut) throw this.#tooLong();
          const line = bytes.toString("utf8");
          if (line.trim() !== "") onMessage(JSON.parse(line));
        },
      },
    );
  }

  /**
   * Throws a SyntaxError for a line that is not JSON, and a RangeError for a line that is too long. Both end the
   * connection.
   */
  push(chunk: Buffer): void {
    this.#lines.push(chunk);
    if (this.#lines.cut) throw this.#tooLong();
  }

  #tooLong(): RangeError {
    return new RangeError(`a line is longer than ${this.#maxBytes} bytes`);
  }
}
