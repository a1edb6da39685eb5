import { open } from "node:fs/promises";

const CHUNK_BYTES = 256 * 1024;
/** Longest line that is read; a longer one is damage. Above what a writer with the largest bounds makes. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const LF = 0x0a;

/** A piece of a file between two line ends. */
export interface RawLine {
  /** Holds until further lines are asked for: the memory is used again. */
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
  /** False for the last one when the file does not end with a line end. */
  readonly isWhole: boolean;
  /** True when it is longer than a line may be; then `bytes` has its beginning only. */
  readonly isTooLong: boolean;
}

/** The lines of a file, some at a time. Reads on only when asked, and holds no more than a piece of the file. */
export async function* linesIn(path: string): AsyncGenerator<RawLine[]> {
  const handle = await open(path, "r");
  const begun = new BegunLine();
  const memory = Buffer.allocUnsafe(CHUNK_BYTES);
  let number = 1;
  try {
    for (;;) {
      const { bytesRead } = await handle.read(memory, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) break;
      const piece = memory.subarray(0, bytesRead);
      const lines: RawLine[] = [];
      let start = 0;
      for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, start)) {
        lines.push({ ...begun.ended(piece.subarray(start, end)), number, isWhole: true });
        [start, number] = [end + 1, number + 1];
      }
      begun.goesOn(piece.subarray(start));
      if (lines.length > 0) yield lines;
    }
    if (!begun.isEmpty) yield [{ ...begun.ended(Buffer.alloc(0)), number, isWhole: false }];
  } finally {
    await handle.close();
  }
}

/** The beginning of a line whose end was not read yet. */
class BegunLine {
  #pieces: Buffer[] = [];
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  goesOn(piece: Buffer): void {
    this.#length += piece.length;
    if (piece.length > 0 && this.#length <= MAX_LINE_BYTES) this.#pieces.push(Buffer.from(piece));
  }

  ended(rest: Buffer): Pick<RawLine, "bytes" | "isTooLong"> {
    if (this.#length === 0) return { bytes: rest, isTooLong: rest.length > MAX_LINE_BYTES };
    const isTooLong = this.#length + rest.length > MAX_LINE_BYTES;
    const bytes = Buffer.concat(isTooLong ? this.#pieces : [...this.#pieces, rest]);
    [this.#pieces, this.#length] = [[], 0];
    return { bytes, isTooLong };
  }
}
