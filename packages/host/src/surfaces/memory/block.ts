import { fold, isTombstone, parseLine } from "./record.js";
import type { Sketch, SketchBuilder } from "./sketch.js";

/**
 * Bytes of a block, unless one line is longer. Small blocks are read fast where few lines are wanted; large ones need
 * less memory per line. At 32 KiB reading and parsing one takes about as long as its way to the disk cache and back.
 */
export const BLOCK_BYTES = 32 * 1024;

/** Facts about some consecutive lines of the file, known without reading them. */
export interface Block {
  readonly offset: number;
  readonly bytes: number;
  /** Lines that are records. */
  readonly records: number;
  readonly oldestMs: number;
  readonly newestMs: number;
  /** True if texts in the lines are written as they are, but for line breaks, quotes and the like. */
  readonly plain: boolean;
  /** Ids of notes that lines of the block take back, each with the time up to which. */
  tombstones: ReadonlyMap<string, number> | undefined;
  /** Absent when there was no room for it: then the block has to be read. */
  sketch: Sketch | undefined;
}

export interface BlockFacts {
  block: Block;
  /** All lines, also blank and broken ones. */
  lines: number;
  /** Places of lines that are no records, counted from 0. */
  broken: number[];
}

/** Collects the facts about a block; `text` holds whole lines. */
export function examineBlock(
  text: string,
  offset: number,
  bytes: number,
  namespace: string,
  builder: SketchBuilder | undefined,
): BlockFacts {
  const lines = linesOf(text);
  const broken: number[] = [];
  let oldestMs = Number.POSITIVE_INFINITY;
  let newestMs = Number.NEGATIVE_INFINITY;
  let records = 0;
  let tombstones: Map<string, number> | undefined;
  for (const [place, line] of lines.entries()) {
    if (isBlank(line)) continue;
    const record = parseLine(line, namespace);
    if (!record) {
      broken.push(place);
      continue;
    }
    if (isTombstone(record)) {
      tombstones ??= new Map();
      tombstones.set(record.tombstone, Math.max(record.timestamp_ms, tombstones.get(record.tombstone) ?? 0));
      continue;
    }
    records += 1;
    oldestMs = Math.min(oldestMs, record.timestamp_ms);
    newestMs = Math.max(newestMs, record.timestamp_ms);
    if (!builder) continue;
    builder.addText(fold(record.content));
    for (const tag of record.tags) builder.addTag(tag);
  }
  const plain = !text.includes("\\u") && !text.includes("\\/");
  const block = { offset, bytes, records, oldestMs, newestMs, plain, tombstones, sketch: builder?.take() };
  return { block, lines: lines.length, broken };
}

/** The text of some whole lines. A mark of the encoding at the start of the file is none of it. */
export function textOf(bytes: Buffer, offset: number): string {
  const text = bytes.toString("utf8");
  return offset === 0 && text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** The lines of a text that ends with a line end, or of its rest. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

export function isBlank(line: string): boolean {
  return line === "" || line.trim() === "";
}
