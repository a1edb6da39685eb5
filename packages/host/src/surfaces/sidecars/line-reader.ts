import { StringDecoder } from "node:string_decoder";

/** Longest line that is read. The reference's. */
export const MAX_SIDECAR_LINE_BYTES = 1024 * 1024;

const LF = 0x0a;

/** Cuts a byte stream into lines. One that is too long is passed over, and told once it ends. */
export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(onLine: (line: string) => void, onTooLong: () => void) {
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  push(chunk: Buffer): void {
    let at = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, at)) {
      this.#take(chunk.subarray(at, end));
      this.#finish();
      at = end + 1;
    }
    this.#take(chunk.subarray(at));
  }

  #take(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > MAX_SIDECAR_LINE_BYTES) this.#parts = [];
    else if (part.length > 0) this.#parts.push(Buffer.from(part));
  }

  #finish(): void {
    const tooLong = this.#bytes > MAX_SIDECAR_LINE_BYTES;
    const line = new StringDecoder("utf8").end(Buffer.concat(this.#parts)).trim();
    this.#parts = [];
    this.#bytes = 0;
    if (tooLong) this.#onTooLong();
    else if (line !== "") this.#onLine(line);
  }
}
