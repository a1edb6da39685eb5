import { ArchiveRefusal } from "./entry.js";

/** Takes a stream of chunks apart by numbers of bytes. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Returns the next bytes; undefined at the end. Throws when the stream ends amid them. */
  async take(bytes: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let missing = bytes;
    while (missing > 0) {
      const part = await this.#some(missing);
      if (!part) break;
      parts.push(part);
      missing -= part.length;
    }
    if (missing === bytes) return undefined;
    if (missing > 0) throw new ArchiveRefusal("it ends too early");
    return Buffer.concat(parts);
  }

  /** Yields the next bytes as they arrive. Throws when the stream ends amid them. */
  async *pass(bytes: number): AsyncGenerator<Buffer> {
    let missing = bytes;
    while (missing > 0) {
      const part = await this.#some(missing);
      if (!part) throw new ArchiveRefusal("it ends too early");
      missing -= part.length;
      yield part;
    }
  }

  async #some(most: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return undefined;
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}
