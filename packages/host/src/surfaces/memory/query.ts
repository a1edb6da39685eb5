import type { MemoryQuery, MemoryRecord } from "@synaps/sdk/protocol";
import { isBlank, linesOf, type Block } from "./block.js";
import { fold, parseRecord } from "./record.js";
import { mayHold, traceOfTag, traceOfText } from "./sketch.js";

/** Notes returned when the query does not say; the reference's. */
const DEFAULT_LIMIT = 50;

/** Characters that JSON escapes in strings. A text without them stands in a plain line as it is. */
// oxlint-disable-next-line no-control-regex
const ESCAPED = /["\\/\u0000-\u001f]/;

/** A query made ready: which blocks and lines it needs to look at, and which records it wants. */
export class Search {
  readonly limit: number;
  readonly #text: string;
  readonly #prefix: string | undefined;
  readonly #sinceMs: number;
  readonly #untilMs: number;
  readonly #trace: readonly number[];
  readonly #takenBack: ReadonlyMap<string, number>;

  /** `takenBack`: ids of notes that count as deleted, each with the time up to which. */
  constructor(query: MemoryQuery, takenBack: ReadonlyMap<string, number>) {
    this.#takenBack = takenBack;
    this.limit = query.limit ?? DEFAULT_LIMIT;
    this.#text = fold(query.content_contains ?? "");
    this.#prefix = query.tag_prefix;
    this.#sinceMs = query.since_ms ?? Number.NEGATIVE_INFINITY;
    this.#untilMs = query.until_ms ?? Number.POSITIVE_INFINITY;
    this.#trace = [
      ...(this.#prefix === undefined ? [] : traceOfTag(this.#prefix)),
      ...traceOfText(this.#text),
    ];
  }

  /** True if a block has to be read. */
  concerns({ records, oldestMs, newestMs, sketch }: Block): boolean {
    if (records === 0 || newestMs < this.#sinceMs || oldestMs > this.#untilMs) return false;
    return sketch === undefined || mayHold(sketch, this.#trace);
  }

  /** The records of a block's text that are wanted, each with its line's place and length. */
  *wanted(
    text: string,
    plain: boolean,
    namespace: string,
  ): Generator<{ record: MemoryRecord; place: number; length: number }> {
    for (const [place, line] of this.#candidates(text, plain)) {
      const record = isBlank(line) ? undefined : parseRecord(line, namespace);
      if (record && this.#matches(record)) yield { record, place, length: line.length };
    }
  }

  #matches({ timestamp_ms, content, tags, id }: MemoryRecord): boolean {
    if (typeof id === "string" && timestamp_ms <= (this.#takenBack.get(id) ?? Number.NEGATIVE_INFINITY))
      return false;
    if (timestamp_ms < this.#sinceMs || timestamp_ms > this.#untilMs) return false;
    const prefix = this.#prefix;
    if (prefix !== undefined && !tags.some((tag) => tag.startsWith(prefix))) return false;
    return this.#text === "" || fold(content).includes(this.#text);
  }

  /** Lines that could be wanted, with their place. Where the text can be searched as it is, only those that hit. */
  #candidates(text: string, plain: boolean): Iterable<[place: number, line: string]> {
    if (!plain) return linesOf(text).entries();
    if (this.#text !== "" && !ESCAPED.test(this.#text)) {
      const folded = fold(text);
      // Some capital letters become two: then places in one text are not those in the other.
      return folded.length === text.length ? hits(text, folded, this.#text) : linesOf(text).entries();
    }
    if (this.#prefix && !ESCAPED.test(this.#prefix)) return hits(text, text, `"${this.#prefix}`);
    return linesOf(text).entries();
  }
}

/** The lines of `text` at which `searched`, which is as long, contains `wanted`; the place is where the line starts. */
function* hits(text: string, searched: string, wanted: string): Generator<[number, string]> {
  let at = searched.indexOf(wanted);
  while (at !== -1) {
    const start = text.lastIndexOf("\n", at) + 1;
    const next = text.indexOf("\n", at);
    const end = next === -1 ? text.length : next;
    yield [start, text.slice(start, end)];
    at = searched.indexOf(wanted, end);
  }
}
