import type { Stats } from "node:fs";
import { BLOCK_BYTES, examineBlock, textOf, type Block } from "./block.js";
import { firstLineEnd, lastLineEnd, MAX_LINE_BYTES } from "./record.js";
import { SketchBuilder, type SketchBudget } from "./sketch.js";
import type { Source } from "./source.js";

/** Read at a time while an index is built. */
const READ_BYTES = 1024 * 1024;

/** Bytes after which others get their turn while an index is built: about 2 ms of work. */
const TURN_BYTES = 128 * 1024;

/** Bytes at both ends of what was read by which a rewritten file is told from one that grew. */
const MARK_BYTES = 128;

/** Most ids of notes that are kept as taken back: about 10 MB. */
const MAX_TOMBSTONES = 100_000;

/** The blocks of a file of records. The file is the truth; the index only says where to look. */
export class MemoryIndex {
  readonly #source: Source;
  readonly #namespace: string;
  readonly #budget: SketchBudget;
  readonly #builder = new SketchBuilder();
  blocks: Block[] = [];
  /** End of the last complete line. */
  end = 0;
  /** Lines that are no records, and which line was the last of them, counted from 1. */
  broken = 0;
  brokenLine = 0;
  #lines = 0;
  #linesBeforeLast = 0;
  #brokenBeforeLast = 0;
  #sketchBytes = 0;
  #unsketched = 0;
  #tombstones = 0;
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  #seen: { size: number; mtimeMs: number } | undefined;

  constructor(source: Source, namespace: string, budget: SketchBudget) {
    this.#source = source;
    this.#budget = budget;
    this.#namespace = namespace;
  }

  /** Bytes in memory, without what the language adds to each block. */
  get sketchBytes(): number {
    return this.#sketchBytes;
  }

  /** Ids of notes that are taken back, each with the time up to which. */
  takenBack(): Map<string, number> {
    const all = new Map<string, number>();
    if (this.#tombstones === 0) return all;
    for (const { tombstones } of this.blocks)
      for (const [id, untilMs] of tombstones ?? []) all.set(id, Math.max(untilMs, all.get(id) ?? untilMs));
    return all;
  }

  forget(): void {
    this.blocks = [];
    this.end = 0;
    this.broken = 0;
    this.#lines = 0;
    this.#budget.giveBack(this.#sketchBytes);
    this.#sketchBytes = 0;
    this.#unsketched = 0;
    this.#tombstones = 0;
    this.#seen = undefined;
  }

  /** True if the file kept its size and not its time: it was changed in the middle, or is about to grow. */
  isChangedInPlace({ size, mtimeMs }: Stats): boolean {
    return this.#seen?.size === size && this.#seen.mtimeMs !== mtimeMs;
  }

  /** Takes the file as known in its present state. */
  excuse({ size, mtimeMs }: Stats): void {
    this.#seen = { size, mtimeMs };
  }

  /** Reads the new part of the file, or all of it if it is another file than before. */
  async catchUp({ size, mtimeMs }: Stats): Promise<void> {
    const seen = this.#seen;
    if (seen?.size === size && seen.mtimeMs === mtimeMs) return;
    const grew = seen !== undefined && size > seen.size;
    if (seen && !(grew && (await this.#looksTheSame()))) this.forget();
    this.#reopenLast();
    await this.#readTo(size);
    this.#seen = { size, mtimeMs };
    this.#head = await this.#source.read(0, Math.min(MARK_BYTES, this.end));
    this.#tail = await this.#readTail();
  }

  async #looksTheSame(): Promise<boolean> {
    const head = await this.#source.read(0, this.#head.length);
    return head.equals(this.#head) && (await this.#readTail()).equals(this.#tail);
  }

  #readTail(): Promise<Buffer> {
    const length = Math.min(MARK_BYTES, this.end);
    return this.#source.read(this.end - length, length);
  }

  /** The last block may have room left: it is read again with what follows it. */
  #reopenLast(): void {
    const last = this.blocks.at(-1);
    if (!last || last.bytes >= BLOCK_BYTES / 2) return;
    this.blocks.pop();
    this.#unsketched = Math.min(this.#unsketched, this.blocks.length);
    this.end = last.offset;
    this.#lines = this.#linesBeforeLast;
    this.broken = this.#brokenBeforeLast;
    this.#tombstones -= last.tombstones?.size ?? 0;
    this.#hold(-(last.sketch?.length ?? 0));
  }

  async #readTo(size: number): Promise<void> {
    let from = this.end;
    while (from < size) {
      let bytes = await this.#source.read(from, Math.min(READ_BYTES, size - from));
      if (bytes.length === 0) return;
      if (firstLineEnd(bytes, 0, bytes.length) === -1 && from + bytes.length < size)
        bytes = await this.#source.read(from, Math.min(MAX_LINE_BYTES, size - from));
      const used = await this.#addBlocks(bytes, from);
      if (used > 0) from += used;
      else if (from + bytes.length >= size) return;
      else from = await this.#skipLine(from, size);
    }
  }

  /** Cuts complete lines into blocks. Returns how many bytes those are. */
  async #addBlocks(bytes: Buffer, offset: number): Promise<number> {
    let from = 0;
    let turnEnds = TURN_BYTES;
    for (;;) {
      const full = lastLineEnd(bytes, from, Math.min(from + BLOCK_BYTES, bytes.length));
      const to = full === -1 ? firstLineEnd(bytes, from, bytes.length) : full;
      if (to === -1) return from;
      this.#add(bytes.subarray(from, to), offset + from);
      from = to;
      if (from < turnEnds) continue;
      turnEnds = from + TURN_BYTES;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  #add(bytes: Buffer, offset: number): void {
    this.#linesBeforeLast = this.#lines;
    this.#brokenBeforeLast = this.broken;
    const text = textOf(bytes, offset);
    const facts = examineBlock(text, offset, bytes.length, this.#namespace, this.#builder);
    for (const place of facts.broken) this.#noteBroken(this.#lines + place + 1);
    this.#keepTombstones(facts.block);
    this.#lines += facts.lines;
    this.blocks.push(facts.block);
    this.end = offset + bytes.length;
    this.#hold(facts.block.sketch?.length ?? 0);
    while (this.#budget.isOverdrawn && this.#unsketched < this.blocks.length) this.#dropOldestSketch();
  }

  #hold(bytes: number): void {
    this.#sketchBytes += bytes;
    this.#budget.take(bytes);
  }

  /** Beyond the bound, tombstones count as lines without sense. */
  #keepTombstones(block: Block): void {
    const count = block.tombstones?.size ?? 0;
    if (this.#tombstones + count <= MAX_TOMBSTONES) {
      this.#tombstones += count;
      return;
    }
    block.tombstones = undefined;
    for (let n = 0; n < count; n += 1) this.#noteBroken(this.#lines + 1);
  }

  #noteBroken(line: number): void {
    this.broken += 1;
    this.brokenLine = line;
  }

  /** A block without a sketch is read when in doubt. */
  #dropOldestSketch(): void {
    const block = this.blocks[this.#unsketched];
    this.#unsketched += 1;
    this.#hold(-(block?.sketch?.length ?? 0));
    if (block) block.sketch = undefined;
  }

  /** Passes over a line that is longer than any record can be, without keeping it. Returns where it ends. */
  async #skipLine(from: number, size: number): Promise<number> {
    let at = from;
    while (at < size) {
      const bytes = await this.#source.read(at, Math.min(READ_BYTES, size - at));
      if (bytes.length === 0) break;
      const lineEnd = firstLineEnd(bytes, 0, bytes.length);
      at += lineEnd === -1 ? bytes.length : lineEnd;
      if (lineEnd === -1) continue;
      this.#lines += 1;
      this.#noteBroken(this.#lines);
      this.end = at;
      return at;
    }
    return size;
  }
}
