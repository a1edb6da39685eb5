const NAME = Buffer.from("Content-Length: ");
const ZERO = 0x30;
const NINE = 0x39;
const LF = 0x0a;
const CR = 0x0d;

/** The header that nearly every frame has: the length, spelt the usual way, and nothing else. */
export class PlainHeader {
  readonly #maxLength: number;
  /** The length in the header that was read last. */
  length = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /**
   * Where the body begins when such a header stands whole at this place, its length within the limit; else -1. Looks
   * at bytes where they are: no line and no slice is made.
   */
  read(chunk: Buffer, at: number): number {
    for (let i = 0; i < NAME.length; i += 1) if (chunk[at + i] !== NAME[i]) return -1;
    const from = at + NAME.length;
    let end = from;
    let length = 0;
    for (let digit = chunk[end]; digit !== undefined && digit >= ZERO && digit <= NINE; digit = chunk[end]) {
      length = length * 10 + digit - ZERO;
      end += 1;
      if (length > this.#maxLength) return -1;
    }
    const ends = chunk[end] === CR && chunk[end + 1] === LF && chunk[end + 2] === CR && chunk[end + 3] === LF;
    if (!ends || end === from) return -1;
    this.length = length;
    return end + 4;
  }
}
