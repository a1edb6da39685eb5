import type { Recorder } from "./recorder.js";
import type { Settings } from "../settings.js";
import type { Accounting } from "./accounting.js";
import type { ReplacementLog } from "./replacement-log.js";
import { isTruthy, traceLine } from "./trace.js";

/** Where everything goes that is known of handler calls and settled events. */
export function recorderOf(
  { env, trace }: Settings,
  accounting: Accounting,
  replacements: () => ReplacementLog,
): Recorder {
  return {
    handlerCalled: (subscription, vote) => {
      // Read each time: somebody who debugs a running program can switch it on.
      if (isTruthy(env["SYNAPS_EXTENSIONS_TRACE"])) trace(traceLine(subscription, vote));
    },
    eventSettled: (kind, votes) => accounting.add(kind, votes),
    outputReplaced: (event, votes) => replacements().add(event, votes),
  };
}
