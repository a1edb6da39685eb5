const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);

/** Longest event line in bytes, without its line end. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** One line's bytes without its line end, or the news that a line was too long. */
export type Line = Buffer | "too_large";

/** Cuts a byte stream into lines and never holds more than about twice the limit, whatever comes in what pieces. */
export class EventLines {
  readonly #max: number;
  #buffer: Buffer = NOTHING;
  #bytes = 0;
  /** In a line that was reported as too long: nothing of it is kept. */
  #skipping = false;

  constructor(maxBytes: number = MAX_LINE_BYTES) {
    this.#max = maxBytes;
  }

  /** The lines that end in this chunk. Lazy: take all of them before the next push. */
  *push(chunk: Buffer): Generator<Line> {
    let at = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, at)) {
      const line = this.#finish(chunk.subarray(at, end));
      if (line !== undefined) yield line;
      at = end + 1;
    }
    if (this.#skipping || at === chunk.length) return;
    // One byte more than the limit may still be the first half of CRLF.
    if (this.#bytes + chunk.length - at > this.#max + 1) {
      this.#clear();
      this.#skipping = true;
      yield "too_large";
    } else {
      this.#append(chunk.subarray(at));
    }
  }

  /** The last line, when the stream ended without a line end. */
  *end(): Generator<Line> {
    const line = this.#bytes === 0 ? undefined : this.#finish(NOTHING);
    if (line !== undefined) yield line;
  }

  #finish(rest: Buffer): Line | undefined {
    if (this.#skipping) {
      this.#skipping = false;
      return undefined;
    }
    let line = rest;
    if (this.#bytes > 0) {
      // What is cut off here is beyond the limit and its CR, so that the length still tells.
      this.#append(rest.subarray(0, this.#max + 2 - this.#bytes));
      line = this.#buffer.subarray(0, this.#bytes);
    }
    this.#clear();
    const bytes = line.at(-1) === CR ? line.subarray(0, -1) : line;
    return bytes.length > this.#max ? "too_large" : bytes;
  }

  #append(part: Buffer): void {
    const needed = this.#bytes + part.length;
    if (needed > this.#buffer.length) {
      // Doubling: a line that arrives byte by byte is copied a few times, not once per byte.
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2, 1024));
      this.#buffer.copy(larger, 0, 0, this.#bytes);
      this.#buffer = larger;
    }
    part.copy(this.#buffer, this.#bytes);
    this.#bytes = needed;
  }

  /** The buffer was handed out as a line: the next one gets its own. */
  #clear(): void {
    this.#buffer = NOTHING;
    this.#bytes = 0;
  }
}
