const LF = 0x0a;
const NOTHING = Buffer.alloc(0);

export interface LineBounds {
  /** Bytes of one line that are kept; the rest of a longer line is dropped. */
  maxBytes: number;
  /** Lines of one chunk that are reported from its beginning and from its end. Default: all lines. */
  maxAtOnce?: number;
}

export interface LineEvents {
  /** Told of each line that ended, without its line end. `cut` is true if the line was longer than the bound. */
  onLine(line: Buffer, cut: boolean): void;
  /** Told of the bytes in the middle of a chunk that were left out, because the chunk has too many lines. */
  onLeftOut?(bytes: number): void;
}

/** Splits a stream of bytes into lines, whatever the stream holds: memory and time per chunk are bounded. */
export class Lines {
  readonly #bounds: LineBounds;
  readonly #events: LineEvents;
  /** Beginning of the line that has not ended yet. */
  #parts: Buffer[] = [];
  #bytes = 0;
  #cut = false;

  constructor(bounds: LineBounds, events: LineEvents) {
    this.#bounds = bounds;
    this.#events = events;
  }

  push(chunk: Buffer): void {
    const { maxAtOnce = Number.POSITIVE_INFINITY } = this.#bounds;
    let at = 0;
    let lines = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, at)) {
      this.#finish(chunk.subarray(at, end));
      at = end + 1;
      if ((lines += 1) === maxAtOnce) at = this.#leaveOut(chunk, at, maxAtOnce);
    }
    if (at < chunk.length) this.#keep(chunk.subarray(at));
  }

  /** The stream ended: bytes behind the last line end are a line, too. */
  end(): void {
    if (this.#bytes > 0) this.#finish(NOTHING);
  }

  /** The line that has not ended yet, as far as it is kept. */
  get partial(): Buffer {
    return this.#bytes === 0 ? NOTHING : Buffer.concat(this.#parts);
  }

  /** True if the line that has not ended yet is longer than the bound. */
  get cut(): boolean {
    return this.#cut;
  }

  #finish(rest: Buffer): void {
    if (this.#bytes === 0 && rest.length <= this.#bounds.maxBytes) return this.#events.onLine(rest, false);
    this.#keep(rest);
    const [line, cut] = [this.partial, this.#cut];
    this.#parts = [];
    this.#bytes = 0;
    this.#cut = false;
    this.#events.onLine(line, cut);
  }

  #keep(part: Buffer): void {
    const room = this.#bounds.maxBytes - this.#bytes;
    if (part.length > room) this.#cut = true;
    const kept = part.subarray(0, Math.max(0, room));
    if (kept.length === 0) return;
    // A copy: the chunk is a slice of a larger pool, which the slice would keep alive.
    this.#parts.push(Buffer.from(kept));
    this.#bytes += kept.length;
  }

  /** Continues at the last lines of a chunk that is full of short lines. Returns the place of the first one. */
  #leaveOut(chunk: Buffer, at: number, lines: number): number {
    let from = chunk.length;
    for (let n = 0; n <= lines && from > at; n += 1) from = chunk.lastIndexOf(LF, from - 1);
    if (from <= at) return at;
    this.#events.onLeftOut?.(from + 1 - at);
    return from + 1;
  }
}
