/** Longest message in either direction; a status with hundreds of extensions stays far below. */
export const MAX_CONTROL_BYTES = 4 * 1024 * 1024;

const LF = 0x0a;

/** Splits a byte stream into lines of JSON. Throws for a line that is too long, which ends the connection. */
export class JsonLines {
  readonly #onMessage: (message: unknown) => void;
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(onMessage: (message: unknown) => void, maxBytes: number = MAX_CONTROL_BYTES) {
    this.#onMessage = onMessage;
    this.#maxBytes = maxBytes;
  }

  /** Throws a SyntaxError for a line that is not JSON, and a RangeError for one that is too long. */
  push(chunk: Buffer): void {
    let at = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, at)) {
      this.#take(chunk.subarray(at, end));
      const line = Buffer.concat(this.#parts).toString("utf8");
      this.#parts = [];
      this.#bytes = 0;
      at = end + 1;
      if (line.trim() !== "") this.#onMessage(JSON.parse(line));
    }
    this.#take(chunk.subarray(at));
  }

  #take(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) throw new RangeError(`a line is longer than ${this.#maxBytes} bytes`);
    if (part.length > 0) this.#parts.push(Buffer.from(part));
  }
}
