import { existsSync, readFileSync } from "node:fs";

/** What audit-log left behind: how many records, by kind of event, and which files it saw being written. */
export interface AuditSummary {
  records: number;
  byEvent: Record<string, number>;
  /** Paths of `write_file` calls as they were recorded: the final ones. */
  written: string[];
}

interface AuditRecord {
  event: string;
  tool_name?: string;
  input?: { path?: string };
}

export function readAudit(path: string): AuditSummary {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const records = text.split("\n").flatMap(parse);
  const byEvent: Record<string, number> = {};
  const written = new Set<string>();
  for (const { event, tool_name, input } of records) {
    byEvent[event] = (byEvent[event] ?? 0) + 1;
    const asked = event === "before_tool_call" && tool_name === "write_file";
    if (asked && input?.path !== undefined) written.add(input.path);
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
