import type { AuditSummary } from "./audit.js";
import type { Skipped } from "./bundled.js";
import type { Watcher } from "./loop.js";

export interface Running {
  id: string;
  version: string;
}

/** How the program shows what happens, from the start to the end. */
export interface Screen extends Watcher {
  started(scratch: string, running: readonly Running[], skipped: readonly Skipped[]): void;
  noted(text: string): void;
  interrupted(): void;
  /** `reports` holds one line per extension. */
  finished(reports: readonly string[], audit: AuditSummary): void;
}

export type Write = (line: string) => void;

export const WHAT_IS_REAL = "The model's turns are scripted; tools, extensions and files are real.";

/** What to try after this. */
export const NEXT = {
  why: "Next, put extensions in front of your own events:",
  command: "node packages/cli/bin/synaps-ext.js run --help",
};
