import { memberAt } from "@synaps/sdk/protocol";
import type { SeenEvent, SeenOutcome } from "../hook-types.js";
import { LEVELS, type LogLevel } from "./options.js";

/** Ends of the names of kinds that tell of something that should not be. */
const BAD = /(?:_failure|_error|_violation|security_event|_exceeded|_conflict)$/;

/** Importance of an event by itself: `warn` when it tells of a failure. */
export function levelOfEvent({ kind, data }: SeenEvent): LogLevel {
  return BAD.test(kind) || memberAt(data, ["success"]) === false ? "warn" : "info";
}

/** Importance of an outcome: `error` when a guard could not answer, `warn` when something was blocked or did not answer. */
export function levelOfOutcome({ action, votes }: SeenOutcome): LogLevel {
  if (votes.some(({ status, closed }) => status === "abstained" && closed === true)) return "error";
  return action === "block" || votes.some(({ status }) => status === "abstained") ? "warn" : "info";
}

/** The more important one. */
export function higher(one: LogLevel, other: LogLevel): LogLevel {
  return LEVELS.indexOf(one) >= LEVELS.indexOf(other) ? one : other;
}
