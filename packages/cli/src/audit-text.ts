import type { AuditStatus } from "@synaps/audit";
import type { AuditOptions } from "@synaps/host";
import { resolve } from "node:path";
import { baseDirFlag } from "./hosts.js";
import type { Output } from "./io.js";
import { placesOf, type PlaceFlags } from "./places.js";
import { count, plain, shellWord } from "./text.js";

/** Flags of `run` about writing down its decisions. */
export interface RunAuditFlags {
  /** True without a folder: that of the user's folder is taken. */
  audit?: string | true;
}

export function auditOptionsOf({ audit }: RunAuditFlags): AuditOptions | boolean {
  return typeof audit === "string" ? { folder: resolve(audit) } : (audit ?? false);
}

/** Place of the audit, and the command that searches it. */
export function auditStart({ folder }: AuditStatus, flags: RunAuditFlags & PlaceFlags): string {
  const place =
    flags.audit === true ? baseDirFlag(placesOf(flags).baseDir) : ` --folder ${shellWord(folder)}`;
  return `Decisions are written to ${plain(folder)}; search them with: synaps-ext audit query${place}\n`;
}

/** The counts of an audit that has ended. With `isQuiet` nothing, unless events have no line. */
export function auditEnd(
  { written, lost, waiting, failing }: AuditStatus,
  isQuiet: boolean,
  out: Output,
): string {
  const missing = lost + waiting;
  if (missing === 0 && failing === null) return isQuiet ? "" : `audit: ${count(written, "event")} written\n`;
  const why = failing === null ? "" : `: ${plain(failing)}`;
  return `${out.paint("yellow", "warn")}  audit: ${count(written, "event")} written, ${missing} without a line${why}\n`;
}
