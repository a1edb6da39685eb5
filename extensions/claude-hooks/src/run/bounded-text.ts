/** Text of a stream up to a size; the rest is read and dropped, so that the writer is never stopped by a full pipe. */
export class BoundedText {
  readonly #parts: Buffer[] = [];
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(part: Buffer): void {
    const room = this.#maxBytes - this.#bytes;
    this.#bytes += part.length;
    if (room > 0) this.#parts.push(part.subarray(0, room));
  }

  get isCut(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  toString(): string {
    return Buffer.concat(this.#parts).toString("utf8");
  }
}
