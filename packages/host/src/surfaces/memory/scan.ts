import type { MemoryRecord } from "@synaps/sdk/protocol";
import { textOf, type Block } from "./block.js";
import { Newest } from "./newest.js";
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
  for (const found of search.wanted(unfinishedLine, false, namespace))
    newest.add({ ...found, block: blocks.length });
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
      for (const found of search.wanted(text, plain, namespace)) newest.add({ ...found, block: at });
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
