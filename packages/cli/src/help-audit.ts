import type { Help } from "./help.js";

/** Help of the command about what hosts write down of their decisions. */
export const AUDIT_HELP = {
  audit: {
    examples: [
      "synaps-ext audit query --tool bash --decision block --since 2026-01-31",
      "synaps-ext audit query --text secrets --limit 1000 --json",
      "synaps-ext audit query --label agent=codex",
      "synaps-ext audit verify",
      "synaps-ext audit verify --folder ./audit --key-file ./audit.key",
    ],
    notes: [
      "Starts nothing, and may run beside the hosts that write. Looks at all processes' files in the folder. docs/audit.md tells what is recorded.",
      "query prints the newest lines that fit, in the order of time; lines of one process keep their order whatever the clock said. Lines that are damaged are told on standard error.",
      "verify checks numbers, counts, hashes and ends, and tells the first fault of each run with its file and line: changed, removed_line, cut_tail, missing_file, not_a_line, wrong_count, unreadable.",
      'JSON of query: {"schemaVersion","folder","files","lines","matched","records":[{"timestamp","event","metadata","seq","file","number","clockBack"}],"unreadable":[{"file","number","why"}]}; of verify: {"schemaVersion","folder","lines","faults","runs":[{"run","files","lines","events","dropped","lost","chained","hash","end","fault"}]}',
    ],
    exitCodes: [
      "0  ok, also when nothing matches",
      "1  verify: a fault was found; or the folder or the key file cannot be read",
      "2  wrong flag or argument",
      "3  no such folder",
    ],
  },
} as const satisfies Record<string, Help>;
