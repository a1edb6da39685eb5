import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  AuditWriter,
  type FoundLine,
  queryAudit,
  type WriterOptions,
} from "../../packages/audit/src/index.js";
import { FakeClock } from "../helpers/fake-clock.js";
import { tempDir } from "../helpers/temp.js";

/** The moment at which clocks of these tests begin. */
export const START_MS = Date.parse("2026-02-16T10:30:15.123Z");

/** A clock that stands still until a test moves it, forwards or, what is written down, backwards. */
export class TestClock extends FakeClock {
  startMs = START_MS;

  override wallMs(): number {
    return this.startMs + this.now();
  }
}

export interface Log {
  folder: string;
  clock: TestClock;
  notes: string[];
  writer: AuditWriter;
}

/** A writer in a folder that is gone after the test. */
export function newLog(options: Partial<WriterOptions> = {}, pid?: number): Log {
  const folder = options.folder ?? join(tempDir(), "audit");
  const [clock, notes] = [new TestClock(), [] as string[]];
  const note = (message: string): void => void notes.push(message);
  return { folder, clock, notes, writer: new AuditWriter({ clock, note, ...options, folder }, pid) };
}

/** Names of the audit files in a folder, in the order of their numbers. */
export function filesIn(folder: string): string[] {
  const number = (file: string): number => Number(/\.(\d+)\.\w+$/.exec(file)?.[1]);
  return readdirSync(folder)
    .filter((file) => !/\.open/.test(file))
    .sort((a, b) => number(a) - number(b));
}

export function linesOf(folder: string, file: string): string[] {
  return readFileSync(join(folder, file), "utf8").split("\n").slice(0, -1);
}

/** All lines of a folder that a query finds. */
export async function found(folder: string, filter = {}): Promise<FoundLine[]> {
  const lines: FoundLine[] = [];
  await queryAudit(folder, filter, (line) => lines.push(line));
  return lines;
}

/** A tool call as a host writes it. */
export const call = (n: number): [string, { tool_name: string; decision: string; session_id: string }] => [
  "before_tool_call",
  {
    tool_name: n % 2 ? "bash" : "read_file",
    decision: n % 3 ? "continue" : "block",
    session_id: `s${n % 5}`,
  },
];
