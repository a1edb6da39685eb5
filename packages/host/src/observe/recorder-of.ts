import { messageOf } from "../errors.js";
import type { Clock } from "../time/clock.js";
import type { Logger } from "../logger.js";
import type { AskedSubscription, ConcludedEvent, Recorder } from "./recorder.js";
import type { Vote, Voted } from "./vote.js";
import type { Accounting } from "./accounting.js";
import type { ReplacementLog } from "./replacement-log.js";
import { traceForm } from "./trace.js";

interface TraceSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly clock: Pick<Clock, "wallMs">;
  trace(line: string): void;
}

/**
 * Sends handler calls and settled events to the trace, the accounting and the log of replacements, and votes that may
 * show a mistake to `mistaken`. Environment and clock are the program's own objects: what they throw is logged once and
 * costs a record, never an event.
 */
export function recorderOf(
  { env, logger, trace, clock }: TraceSettings,
  accounting: Accounting,
  replacements: () => ReplacementLog,
  mistaken: (subscription: AskedSubscription, vote: Vote) => void,
  onOutcome: (outcome: ConcludedEvent) => void,
): Recorder {
  let told = false;
  const failed = (error: unknown): void => {
    if (!told) logger.warn("a record of an event was lost", { reason: messageOf(error) });
    told = true;
  };
  return {
    handlerCalled: (subscription, vote, event) => {
      try {
        // Read each time: a user who debugs a running program can switch the trace on.
        const value = env["SYNAPS_EXTENSIONS_TRACE"];
        const form = value === undefined ? undefined : traceForm(value);
        if (form) trace(form({ subscription, vote, event, wallMs: clock.wallMs() }));
        if (vote.status === "abstained" || (vote.status === "voted" && isOdd(vote)))
          mistaken(subscription, vote);
      } catch (error) {
        failed(error);
      }
    },
    outcomeMade: (outcome) => {
      accounting.concluded(outcome);
      onOutcome(outcome);
    },
    eventSettled: (kind, votes) => accounting.add(kind, votes),
    outputReplaced: (event, votes) => {
      try {
        replacements().add(event, votes);
      } catch (error) {
        failed(error);
      }
    },
  };
}

/** True if the host took the answer otherwise than it was given, for a reason that its author should know. */
function isOdd({ ignored, markersEscaped }: Voted): boolean {
  return ignored !== undefined || markersEscaped !== undefined;
}
