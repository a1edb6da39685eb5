import { join } from "node:path";
import { globMatches, type JsonObject } from "@synaps/sdk/protocol";
import { isOwn, parseLine, type AuditLine } from "./line.js";
import { linesIn, type RawLine } from "./read-lines.js";
import { runsIn, type Run } from "./run-files.js";

/** Conditions on lines; all that are given must hold. */
export interface AuditFilter {
  /** Milliseconds since the epoch; the moment itself included. */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** Name of the event, `*` and `?` allowed. */
  readonly event?: string | undefined;
  /** Name of the tool, `*` and `?` allowed. */
  readonly tool?: string | undefined;
  /** The decision: `block`, `continue` and so on. */
  readonly decision?: string | undefined;
  readonly session?: string | undefined;
  /** Values of labels by name, as `traceFields` of a host's `emit` gives them; a number as it is written. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Part of the line as it stands in the file, in any case. */
  readonly text?: string | undefined;
}

/** A line that a query found. */
export interface FoundLine extends Omit<AuditLine, "hash"> {
  readonly file: string;
  readonly number: number;
  /** True when its time is earlier than that of a line before it in the same run: the clock was set back. */
  readonly clockBack: boolean;
}

/** A place that a query could not read. */
export interface Unreadable {
  readonly file: string;
  /** 0 for a file that cannot be read at all. */
  readonly number: number;
  readonly why: string;
}

export interface QueryResult {
  readonly files: number;
  /** Lines that were looked at. */
  readonly lines: number;
  readonly matched: number;
  readonly unreadable: readonly Unreadable[];
}

/** Unreadable places that are named; more are not remembered. */
const MAX_UNREADABLE = 1_000;

/**
 * Calls `found` for each line of all runs in a folder that fits, in the order of time; lines of one run stay in their
 * order whatever their clock said. Holds a piece of each run that was written at the same time. Rejects when the folder
 * cannot be read.
 */
export async function queryAudit(
  folder: string,
  filter: AuditFilter,
  found: (line: FoundLine) => void,
): Promise<QueryResult> {
  const runs = (await runsIn(folder)).filter(({ files }) => files.length > 0);
  const count = { files: 0, lines: 0, matched: 0, unreadable: [] as Unreadable[] };
  const fits = conditionOf(filter);
  const waiting = runs.map((run) => new Cursor(folder, run, count));
  const open: Cursor[] = [];
  for (;;) {
    let first = earliest(open);
    // A run is opened when its start is reached, so that few are open at the same time.
    while (waiting[0] !== undefined && (first === undefined || waiting[0].startMs <= first.atMs)) {
      const next = waiting.shift() as Cursor;
      if (await next.advance()) open.push(next);
      first = earliest(open);
    }
    if (first === undefined) break;
    const line = first.line as Found;
    if (fits(line.found, line.bytes)) {
      count.matched += 1;
      found(line.found);
    }
    if (!(await first.advance())) open.splice(open.indexOf(first), 1);
  }
  return count;
}

interface Found {
  readonly found: FoundLine;
  readonly bytes: Buffer;
}

interface Count {
  files: number;
  lines: number;
  unreadable: Unreadable[];
}

/** Goes through the lines of one run. */
class Cursor {
  readonly startMs: number;
  readonly #folder: string;
  readonly #run: Run;
  readonly #count: Count;
  #line: Found | undefined;
  /** Place in the order of time: never before that of an earlier line of the run. */
  atMs = Number.NEGATIVE_INFINITY;
  #file = -1;
  #reader: AsyncGenerator<RawLine[]> | undefined;
  #piece: RawLine[] = [];
  #next = 0;

  constructor(folder: string, run: Run, count: Count) {
    this.#folder = folder;
    this.#run = run;
    this.#count = count;
    this.startMs = stampMs(run.stamp);
  }

  get line(): Found | undefined {
    return this.#line;
  }

  /** Goes to the next readable line. Resolves to false at the end of the run. */
  async advance(): Promise<boolean> {
    for (;;) {
      const raw = this.#piece[this.#next];
      if (raw === undefined) {
        if (!(await this.#fill())) return false;
        continue;
      }
      this.#next += 1;
      if (this.#take(raw)) return true;
    }
  }

  #take(raw: RawLine): boolean {
    const file = this.#name;
    const line = raw.isWhole && !raw.isTooLong ? parseLine(raw.bytes) : undefined;
    if (line === undefined) {
      this.#skip(raw.number, raw.isWhole ? "it is no line of an audit log" : "the line is cut off");
      return false;
    }
    this.#count.lines += 1;
    const ms = Date.parse(line.timestamp);
    // Lines of the log itself have the time of their writing, and stand before events that had waited.
    const own = isOwn(line.event);
    const clockBack = !own && ms < this.atMs;
    const { timestamp, event, metadata, seq } = line;
    this.#line = {
      found: { timestamp, event, metadata, seq, file, number: raw.number, clockBack },
      bytes: raw.bytes,
    };
    if (!own && !clockBack) this.atMs = ms;
    return true;
  }

  async #fill(): Promise<boolean> {
    try {
      const next = await this.#reader?.next();
      if (next !== undefined && next.done !== true) {
        [this.#piece, this.#next] = [next.value, 0];
        return true;
      }
    } catch (error) {
      this.#skip(0, error instanceof Error ? error.message : String(error));
    }
    this.#file += 1;
    const file = this.#run.files[this.#file];
    if (file === undefined) return false;
    this.#count.files += 1;
    this.#reader = linesIn(join(this.#folder, file.file));
    [this.#piece, this.#next] = [[], 0];
    return true;
  }

  get #name(): string {
    return this.#run.files[this.#file]?.file ?? "";
  }

  #skip(number: number, why: string): void {
    if (this.#count.unreadable.length < MAX_UNREADABLE)
      this.#count.unreadable.push({ file: this.#name, number, why });
  }
}

function earliest(open: readonly Cursor[]): Cursor | undefined {
  let first = open[0];
  for (const one of open) if (first === undefined || one.atMs < first.atMs) first = one;
  return first;
}

/** `20260216T103015123Z` in milliseconds. */
function stampMs(stamp: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(stamp) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}

/** The filter as a function of a line and of its bytes in the file. */
export function conditionOf(
  filter: AuditFilter,
): (line: Omit<FoundLine, "file" | "number" | "clockBack">, bytes: Buffer) => boolean {
  const { sinceMs, untilMs, event, tool, decision, session } = filter;
  const labels = Object.entries(filter.labels ?? {});
  const text = filter.text?.toLowerCase();
  return (line, bytes) => {
    const ms = Date.parse(line.timestamp);
    if (sinceMs !== undefined && ms < sinceMs) return false;
    if (untilMs !== undefined && ms > untilMs) return false;
    if (event !== undefined && !globMatches(event, line.event)) return false;
    if (tool !== undefined && !globMatches(tool, textOf(line.metadata, "tool_name"))) return false;
    if (decision !== undefined && line.metadata["decision"] !== decision) return false;
    if (session !== undefined && line.metadata["session_id"] !== session) return false;
    if (!labels.every(([name, value]) => labelOf(line.metadata, name) === value)) return false;
    return text === undefined || bytes.toString("utf8").toLowerCase().includes(text);
  };
}

function labelOf({ labels }: JsonObject, name: string): string | undefined {
  if (typeof labels !== "object" || labels === null || Array.isArray(labels)) return undefined;
  return Object.hasOwn(labels, name) ? String(labels[name]) : undefined;
}

function textOf(metadata: JsonObject, name: string): string {
  const value = metadata[name];
  return typeof value === "string" ? value : "";
}
