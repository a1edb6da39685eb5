import type { MemoryRecord } from "@synaps/sdk/protocol";
import { textOf, type Block } from "./block.js";
import type { Search } from "./query.js";
import type { Source } from "./source.js";

/** Most bytes that are read at once: others get their turn between two reads. */
const READ_BYTES = 256 * 1024;

/** Reads the blocks that a search concerns, those with the newest records first, until it has enough. */
export async function scan(
  source: Source,
  blocks: readonly Block[],
  search: Search,
  namespace: string,
  unfinishedLine: string,
): Promise<MemoryRecord[]> {
  const newest = new Newest(search.limit);
  newest.add(foundIn(blocks.length, search.wanted(unfinishedLine, false, namespace)));
  const order = newestFirst(blocks);
  // Few blocks at first: often the newest ones are enough.
  let readBytes = 0;
  for (let next = 0; next < order.length;) {
    readBytes = Math.min(READ_BYTES, readBytes * 2 || 1);
    const run: number[] = [];
    let bytes = 0;
    while (next < order.length && bytes < readBytes) {
      const at = order[next] as number;
      const block = blocks[at] as Block;
      if (newest.isBehind(block.newestMs, at)) return newest.records();
      // Only blocks that lie side by side in the file are read in one.
      if (search.concerns(block)) {
        if (run.length > 0 && run.at(-1) !== at + 1) break;
        run.push(at);
        bytes += block.bytes;
      }
      next += 1;
    }
    await readRun(source, blocks, run, (at, text, plain) => {
      newest.add(foundIn(at, search.wanted(text, plain, namespace)));
    });
  }
  return newest.records();
}

/** Reads blocks that follow each other downwards in the file, and hands each one's text on. */
async function readRun(
  source: Source,
  blocks: readonly Block[],
  run: readonly number[],
  each: (at: number, text: string, plain: boolean) => void,
): Promise<void> {
  const first = blocks[run.at(-1) ?? -1];
  const last = blocks[run[0] ?? -1];
  if (!first || !last) return;
  const bytes = await source.read(first.offset, last.offset + last.bytes - first.offset);
  for (const at of run) {
    const block = blocks[at] as Block;
    const from = block.offset - first.offset;
    each(at, textOf(bytes.subarray(from, from + block.bytes), block.offset), block.plain);
  }
}

/** Places of the blocks, those with the newest records first, and where that is the same, those later in the file. */
function newestFirst(blocks: readonly Block[]): Int32Array {
  const order = new Int32Array(blocks.length).map((_, place) => blocks.length - 1 - place);
  const inOrder = blocks.every(
    (block, at) => at === 0 || (blocks[at - 1] as Block).newestMs <= block.newestMs,
  );
  if (inOrder) return order;
  const newestMs = (at: number): number => blocks[at]?.newestMs ?? 0;
  return order.sort((a, b) => newestMs(b) - newestMs(a) || b - a);
}

/** Most characters of lines that one answer holds: far below what a message to an extension may have. */
export const MAX_ANSWER_CHARS = 8 * 1024 * 1024;

interface Found {
  record: MemoryRecord;
  block: number;
  place: number;
  length: number;
}

function foundIn(block: number, wanted: Iterable<Omit<Found, "block">>): Found[] {
  return Array.from(wanted, (found) => ({ ...found, block }));
}

/**
 * Keeps the newest of the records that are added: by time, and with the same time, the one later in the file.
 * Never more than `limit`, nor more than an answer can hold.
 */
export class Newest {
  #room: number;
  #chars = 0;
  /** Newest first. */
  readonly #found: Found[] = [];

  constructor(limit: number) {
    this.#room = limit;
  }

  /** True if there is no room left and all records of a block come behind the kept ones. */
  isBehind(newestMs: number, block: number): boolean {
    if (this.#found.length < this.#room) return false;
    const last = this.#found.at(-1);
    if (!last) return true;
    return (
      newestMs < last.record.timestamp_ms || (newestMs === last.record.timestamp_ms && block < last.block)
    );
  }

  /** Adds the records of one block. */
  add(found: readonly Found[]): void {
    for (const { length } of found) this.#chars += length;
    const [first, ...more] = found.toSorted(byAge);
    const last = this.#found.at(-1);
    // Most blocks hold only older records than the blocks that were read before.
    const isInOrder = !last || !first || byAge(last, first) < 0;
    if (first) this.#found.push(first, ...more);
    if (!isInOrder) this.#found.sort(byAge);
    while (this.#found.length > this.#room) this.#drop();
    // A record that had to go for its length leaves no room for anything older either.
    while (this.#chars > MAX_ANSWER_CHARS && this.#found.length > 1) {
      this.#drop();
      this.#room = this.#found.length;
    }
  }

  records(): MemoryRecord[] {
    return this.#found.map(({ record }) => record);
  }

  #drop(): void {
    this.#chars -= this.#found.pop()?.length ?? 0;
  }
}

/** Order of an answer: the newest first, and of the same time the one later in the file: it was written last. */
function byAge(a: Found, b: Found): number {
  return b.record.timestamp_ms - a.record.timestamp_ms || b.block - a.block || b.place - a.place;
}
