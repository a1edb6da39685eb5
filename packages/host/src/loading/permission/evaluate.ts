import type { Origin } from "../manifest/discover.js";
import type { ConsentRecord } from "../records/consent-store.js";

export type ConsentDecision =
  | { type: "run" }
  /** Runs, and is recorded: putting a folder among the user's extensions is the user's act. */
  | { type: "run_and_record" }
  | { type: "pending"; why: "new" | "changed" };

/** Decides from its origin and the user's approval if code may run. Pure. */
export function evaluateConsent(
  origin: Origin,
  record: Pick<ConsentRecord, "hash"> | undefined,
  hash: string,
): ConsentDecision {
  if (origin === "named") return { type: "run" };
  if (record) return record.hash === hash ? { type: "run" } : { type: "pending", why: "changed" };
  return origin === "user" ? { type: "run_and_record" } : { type: "pending", why: "new" };
}
