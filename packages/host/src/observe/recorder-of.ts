import type { Recorder } from "./recorder.js";
import type { Accounting } from "./accounting.js";
import type { ReplacementLog } from "./replacement-log.js";
import { isTruthy, traceLine } from "./trace.js";

interface TraceSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  trace(line: string): void;
}

/** Sends handler calls and settled events to the trace, the accounting and the log of replacements. */
export function recorderOf(
  { env, trace }: TraceSettings,
  accounting: Accounting,
  replacements: () => ReplacementLog,
): Recorder {
  return {
    handlerCalled: (subscription, vote) => {
      // Read each time: a user who debugs a running program can switch the trace on.
      const value = env["SYNAPS_EXTENSIONS_TRACE"];
      if (value !== undefined && isTruthy(value)) trace(traceLine(subscription, vote));
    },
    eventSettled: (kind, votes) => accounting.add(kind, votes),
    outputReplaced: (event, votes) => replacements().add(event, votes),
  };
}
