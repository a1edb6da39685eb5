import type { Accounting } from "../observe/accounting.js";
import { extensionsOf, type HostMetrics } from "../observe/metrics/reading.js";
import type { ExtensionStatus } from "./members.js";
import { MOVES } from "./states.js";

/** Every state of an extension, with a process and without one. */
const STATES: readonly ExtensionStatus["state"][] = [
  ...(Object.keys(MOVES) as (keyof typeof MOVES)[]),
  "invalid",
  "pending_consent",
  "disabled",
];

/** The numbers of a host at this moment. */
export function hostMetrics(
  extensions: readonly ExtensionStatus[],
  accounting: Accounting,
  atMs: number,
): HostMetrics {
  return { atMs, ...extensionsOf(extensions, STATES), ...accounting.metrics() };
}
