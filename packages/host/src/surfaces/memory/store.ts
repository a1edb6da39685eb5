import { join } from "node:path";
import type { MemoryQuery, MemoryRecord } from "@synaps/sdk/protocol";
import type { Logger } from "../../logger.js";
import { Serial } from "../../time/serial.js";
import { textOf } from "./block.js";
import { MemoryIndex } from "./memory-index.js";
import { Search } from "./query.js";
import { lineOf, MAX_LINE_BYTES } from "./record.js";
import { scan } from "./scan.js";
import { SketchBudget } from "./sketch.js";
import { look, Source } from "./source.js";
import { Writer } from "./writer.js";

/** Bytes appended since the last query after which an index that exists is brought up to date ahead of the next. */
const CATCH_UP_BYTES = 4 * 1024 * 1024;

/** The file with the records of a namespace. */
export function memoryPath(baseDir: string, namespace: string): string {
  return join(baseDir, "memory", `${namespace}.jsonl`);
}

/**
 * The records of one namespace: a file of JSON lines that is the whole truth, which other programs may read and write
 * too, and an index of it in memory that is made by the first query and follows the file from then on.
 */
export class MemoryStore {
  readonly path: string;
  readonly #namespace: string;
  readonly #logger: Logger;
  readonly #writer: Writer;
  readonly #source: Source;
  readonly #index: MemoryIndex;
  /** Queries take turns: each may have to read on in the file first. */
  readonly #serial = new Serial();
  #told = 0;
  #appended = 0;
  #indexed = false;
  #writeFailed = false;

  constructor(baseDir: string, namespace: string, logger: Logger, budget = new SketchBudget()) {
    this.path = memoryPath(baseDir, namespace);
    this.#namespace = namespace;
    this.#logger = logger;
    this.#writer = new Writer(baseDir, this.path);
    this.#source = new Source(this.path);
    this.#index = new MemoryIndex(this.#source, namespace, budget);
  }

  /** Resolves once the operating system has the record; rejects with its error. */
  async append(record: MemoryRecord): Promise<void> {
    const line = lineOf(record);
    try {
      await this.#writer.append(line);
    } catch (error) {
      this.#writeFailed = true;
      throw error;
    }
    this.#appended += line.length;
    if (this.#indexed && this.#appended > CATCH_UP_BYTES) {
      // The next query is told if the file is wrong; here nobody waits for an answer.
      this.#serial.run(() => this.#catchUp()).catch(() => {});
    }
  }

  /** The newest records that match, newest first. Rejects with the operating system's error. */
  query(query: MemoryQuery): Promise<MemoryRecord[]> {
    return this.#serial.run(async () => {
      const size = await this.#catchUp();
      const search = new Search(query, this.#index.takenBack());
      if (size === 0 || search.limit === 0) return [];
      const rest = await this.#unfinishedLine(size);
      return scan(this.#source, this.#index.blocks, search, this.#namespace, rest);
    });
  }

  /** Number of lines that were passed over because they are no records, as far as the file was read. */
  get brokenLines(): number {
    return this.#index.broken;
  }

  /** The same as `close`, but queries that are under way or wait are rejected instead of answered. */
  async stop(): Promise<void> {
    this.#source.cancelled = true;
    try {
      await this.close();
    } finally {
      this.#source.cancelled = false;
    }
  }

  /** Waits for all writes and queries, and drops file and index. The store can be used again afterwards. */
  async close(): Promise<void> {
    await this.#writer.close();
    await this.#serial.run(async () => {
      await this.#source.close();
      this.#forget();
    });
  }

  #forget(): void {
    this.#index.forget();
    this.#indexed = false;
    this.#told = 0;
  }

  /** Brings the index up to the file as it is now. Returns the file's size, 0 when there is none. */
  async #catchUp(): Promise<number> {
    this.#appended = 0;
    let stats = await look(this.path);
    if (!stats) {
      await this.#source.close();
      this.#forget();
      return 0;
    }
    if (await this.#source.follow(stats)) this.#forget();
    if (this.#index.isChangedInPlace(stats)) {
      // A write marks the time before it makes the file longer; one of ours that failed only marks the time.
      if (this.#writeFailed) this.#index.excuse(stats);
      else stats = (await look(this.path)) ?? stats;
    }
    this.#writeFailed = false;
    await this.#index.catchUp(stats);
    this.#indexed = true;
    this.#tellBroken();
    return stats.size;
  }

  /** A last line without an end, which its writer may still be at. It counts when it is a whole record. */
  async #unfinishedLine(size: number): Promise<string> {
    const { end } = this.#index;
    if (end >= size || size - end > MAX_LINE_BYTES) return "";
    return textOf(await this.#source.read(end, size - end), end);
  }

  #tellBroken(): void {
    const { broken, brokenLine: line } = this.#index;
    if (broken <= this.#told) return;
    this.#told = broken;
    this.#logger.warn("memory lines that are no records are passed over, and stay as they are", {
      file: this.path,
      lines: broken,
      line,
    });
  }
}
