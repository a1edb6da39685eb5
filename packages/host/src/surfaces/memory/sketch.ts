/**
 * A small summary of a block of lines that says "certainly not here" or "perhaps here": a Bloom filter over all parts
 * of three characters of the contents, and over all beginnings of the tags. It never overlooks anything; where it is
 * wrong, a block is read in vain.
 */
export type Sketch = Uint8Array;

/** Bits while a block is read: a table that stays in the processor's first cache. Most blocks end up far smaller. */
const WORK_BITS = 1 << 16;
const WORK_BYTES = WORK_BITS / 8;

/** A table is halved while no more than this part of its bits would be set: 1 in 8 chance of a wrong "perhaps". */
const MOST_FILLED = 0.35;

/** Tags are told apart by this many characters. */
const TAG_DEPTH = 40;

/** A text is told apart by this many characters; the rest is only looked for in the block itself. */
const TEXT_DEPTH = 64;

const SEED_TAG = 0x1b873593;

/** Spreads a number over all bits of the hash that stands for it in the table. */
function spread(number: number): number {
  const mixed = Math.imul(number ^ (number >>> 15), 0x9e3779b1);
  return Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39);
}

/** The last three characters as one number; those beyond Latin-1 may be taken for another. */
function shifted(before: number, code: number): number {
  return ((before << 8) | ((code ^ (code >>> 8)) & 0xff)) & 0xffffff;
}

/** Collects the sketch of one block after the other. */
export class SketchBuilder {
  readonly #bits = new Uint8Array(WORK_BYTES);

  /** Adds a content that was folded. */
  addText(text: string): void {
    let part = shifted(shifted(0, text.charCodeAt(0)), text.charCodeAt(1));
    for (let at = 2; at < text.length; at += 1) {
      part = shifted(part, text.charCodeAt(at));
      this.#set(spread(part));
    }
  }

  addTag(tag: string): void {
    let hash = SEED_TAG;
    this.#set(spread(hash));
    const end = Math.min(tag.length, TAG_DEPTH);
    for (let at = 0; at < end; at += 1) {
      hash = Math.imul(hash ^ tag.charCodeAt(at), 0x01000193);
      this.#set(spread(hash));
    }
  }

  /** The sketch of what was added since the last time, as small as it can be. */
  take(): Sketch {
    let bits = this.#bits.slice();
    this.#bits.fill(0);
    while (bits.length > 16) {
      const half = bits
        .subarray(0, bits.length / 2)
        .map((byte, at) => byte | (bits[at + bits.length / 2] ?? 0));
      if (filled(half) > MOST_FILLED) break;
      bits = half;
    }
    return bits;
  }

  #set(hash: number): void {
    const first = hash & (WORK_BITS - 1);
    const second = hash >>> 16;
    this.#bits[first >>> 3] = (this.#bits[first >>> 3] ?? 0) | (1 << (first & 7));
    this.#bits[second >>> 3] = (this.#bits[second >>> 3] ?? 0) | (1 << (second & 7));
  }
}

/** Hashes that a sketch must hold for a folded text to be in its block: none for a text of less than three characters. */
export function traceOfText(text: string): number[] {
  const trace = new Set<number>();
  let part = 0;
  for (let at = 0; at < Math.min(text.length, TEXT_DEPTH); at += 1) {
    part = shifted(part, text.charCodeAt(at));
    if (at >= 2) trace.add(spread(part));
  }
  return [...trace];
}

/** Hashes that a sketch must hold for a tag with this beginning to be in its block. */
export function traceOfTag(prefix: string): number[] {
  let hash = SEED_TAG;
  const all = [spread(hash)];
  for (let at = 0; at < Math.min(prefix.length, TAG_DEPTH); at += 1) {
    hash = Math.imul(hash ^ prefix.charCodeAt(at), 0x01000193);
    all.push(spread(hash));
  }
  // The longest beginning is the rarest: asked first.
  return all.reverse();
}

export function mayHold(sketch: Sketch, trace: readonly number[]): boolean {
  const mask = sketch.length * 8 - 1;
  return trace.every((hash) => isSet(sketch, hash & mask) && isSet(sketch, (hash >>> 16) & mask));
}

function isSet(sketch: Sketch, bit: number): boolean {
  return ((sketch[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
}

function filled(bits: Uint8Array): number {
  let count = 0;
  for (const byte of bits) for (let rest = byte; rest !== 0; rest &= rest - 1) count += 1;
  return count / (bits.length * 8);
}

/** Most bytes of all sketches of one host. */
const MOST_SKETCH_BYTES = 256 * 1024 * 1024;

/** Bytes that the indexes of all namespaces share. An index that goes beyond them drops its own oldest sketches. */
export class SketchBudget {
  #left: number;

  constructor(bytes = MOST_SKETCH_BYTES) {
    this.#left = bytes;
  }

  get isOverdrawn(): boolean {
    return this.#left < 0;
  }

  take(bytes: number): void {
    this.#left -= bytes;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}
