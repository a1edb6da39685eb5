import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The records that audit-log left behind: how many, by kind of event, and which files it saw being written. */
export interface AuditSummary {
  records: number;
  byEvent: Record<string, number>;
  /** Paths of `write_file` calls as they were recorded: the final ones. */
  written: string[];
}

interface AuditRecord {
  event: string;
  metadata: { tool_name?: string; input?: { path?: string } };
}

/** Lines that the log writes about itself: its beginning, its end, and what it could not write. */
const OWN = "audit_";

/** Each process of audit-log has files of its own, called like the path that it was given. */
export function readAudit(path: string): AuditSummary {
  const folder = dirname(path);
  const prefix = `${basename(path, ".jsonl")}.`;
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const records = files
    .filter((file) => file.startsWith(prefix) && file.endsWith(".jsonl"))
    .flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n").flatMap(parse))
    .filter(({ event }) => !event.startsWith(OWN));
  const byEvent: Record<string, number> = {};
  const written = new Set<string>();
  for (const { event, metadata } of records) {
    byEvent[event] = (byEvent[event] ?? 0) + 1;
    const asked = event === "before_tool_call" && metadata.tool_name === "write_file";
    const recorded = metadata.input?.path;
    if (asked && recorded !== undefined) written.add(recorded);
  }
  return { records: records.length, byEvent, written: [...written] };
}

/** A line that was cut off by a crash is no record. */
function parse(line: string): AuditRecord[] {
  try {
    return [JSON.parse(line) as AuditRecord];
  } catch {
    return [];
  }
}
