/**
 * Reasons of a matching subscription for not voting. One table for types, documentation, status and tests; whoever
 * switches over it is checked for completeness by the compiler.
 */
export const ABSTENTION_REASONS = {
  timeout: "did not answer within its deadline",
  error: "answered with an error",
  crash: "its process ended while the event was with it",
  starting: "was still starting when its deadline passed",
  restarting: "was restarting when its deadline passed",
  failed: "could not be started",
  quarantined: "crashed too often and is quarantined",
  stopped: "is stopped",
  busy: "was still answering an earlier request",
  overloaded: "its queue was full",
  budget: "the time for the whole chain ran out",
  breaker: "timed out, failed or was slow too often and is asked again later",
  poison: "crashed on the same event before",
  invalid: "answered with something that is not a result",
  denied: "answered with an action it has no permission for",
  too_large: "the event is larger than the limit",
} as const;

/** Reason of a subscription for not voting: a key of `ABSTENTION_REASONS`. */
export type AbstentionReason = keyof typeof ABSTENTION_REASONS;

/** True for a key of `ABSTENTION_REASONS`. Takes anything and never throws. */
export function isAbstentionReason(value: unknown): value is AbstentionReason {
  return typeof value === "string" && Object.hasOwn(ABSTENTION_REASONS, value);
}
