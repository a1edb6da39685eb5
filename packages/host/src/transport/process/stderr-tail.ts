import { stripControl } from "../../text-bounds.js";

/** Longest line that is kept; the rest of it is dropped with a mark. The reference's limit. */
export const MAX_LINE_BYTES = 8 * 1024;
/** Bytes that are kept for diagnosis, and at most twice as many between two clearances. */
export const MAX_TAIL_BYTES = 64 * 1024;

/** Lines of one chunk that are looked at, from its beginning and from its end: a flood must not hold the host up. */
const MAX_LINES_AT_ONCE = 1_000;

const LF = 0x0a;
/** Cuts a byte stream into bounded lines and keeps the last of them. */
export class StderrTail {
  readonly #onLine: (line: string) => void;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #cut = false;
  #lines: string[] = [];
  #bytes = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let at = 0;
    let lines = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, at)) {
      this.#take(chunk.subarray(at, end));
      this.#finishLine();
      at = end + 1;
      if ((lines += 1) === MAX_LINES_AT_ONCE) at = this.#passOver(chunk, at);
    }
    this.#take(chunk.subarray(at));
  }

  /** The stream is over: what came after the last line end is a line, too. */
  end(): void {
    if (this.#partialBytes > 0) this.#finishLine();
  }

  /** The last lines, oldest first, without control characters. A line that has not ended yet is included. */
  lines(count: number): string[] {
    const partial = this.#partialBytes > 0 ? [this.#partialText()] : [];
    return [...this.#lines, ...partial].slice(-count);
  }

  /** Goes on at the last lines of a chunk that is nothing but short ones; says how much was left out. */
  #passOver(chunk: Buffer, at: number): number {
    let from = chunk.length;
    for (let n = 0; n <= MAX_LINES_AT_ONCE && from > at; n += 1) from = chunk.lastIndexOf(LF, from - 1);
    if (from <= at) return at;
    this.#onLine(`… ${from + 1 - at} bytes in short lines were left out`);
    return from + 1;
  }

  #take(part: Buffer): void {
    const room = MAX_LINE_BYTES - this.#partialBytes;
    if (part.length > room) this.#cut = true;
    const kept = part.subarray(0, Math.max(0, room));
    if (kept.length === 0) return;
    // A copy: the chunk is a slice of a larger pool that would be kept alive by it.
    this.#partial.push(Buffer.from(kept));
    this.#partialBytes += kept.length;
  }

  #finishLine(): void {
    const line = this.#partialText();
    this.#partial = [];
    this.#partialBytes = 0;
    this.#cut = false;
    this.#lines.push(line);
    // One more for the line end: millions of empty lines count too.
    this.#bytes += line.length + 1;
    if (this.#bytes > 2 * MAX_TAIL_BYTES) this.#forget();
    this.#onLine(line);
  }

  /** Drops the oldest lines, many at a time: each time costs as much as all that is kept. */
  #forget(): void {
    let first = 0;
    while (this.#bytes > MAX_TAIL_BYTES) this.#bytes -= (this.#lines[first++]?.length ?? 0) + 1;
    this.#lines = this.#lines.slice(first);
  }

  #partialText(): string {
    if (this.#partialBytes === 0) return "";
    const bytes = Buffer.concat(this.#partial).toString("utf8");
    // A carriage return before more text is a progress line's: words before and after it stay apart.
    const text = stripControl(bytes.replace(/\r(?=[^\r])/g, " "));
    return this.#cut ? `${text}… (line cut)` : text;
  }
}
