import type { Origin } from "../manifest/discover.js";
import type { Change } from "./compare.js";

export type ConsentDecision =
  | { type: "run" }
  /** Runs, and is recorded: putting or changing a folder among the user's extensions is the user's act. */
  | { type: "run_and_record" }
  | { type: "pending"; why: "new" | "changed" };

export interface ConsentQuestion {
  origin: Origin;
  /** True if the user wants to be asked about the own folder, too. */
  strict: boolean;
  /** Changes since the approval; undefined when there is none. */
  changes: readonly Change[] | undefined;
}

/**
 * Decides from its origin and the user's approval if code may run. Data that an extension writes beside its code needs no
 * new approval. Pure.
 */
export function evaluateConsent({ origin, strict, changes }: ConsentQuestion): ConsentDecision {
  if (origin === "named") return { type: "run" };
  if (origin === "user" && !strict) {
    return { type: changes?.length === 0 ? "run" : "run_and_record" };
  }
  if (!changes) return { type: "pending", why: "new" };
  return changes.some(({ loadable }) => loadable) ? { type: "pending", why: "changed" } : { type: "run" };
}
