import type { ExtensionStatus, HostSnapshot } from "@synaps/host";
import { didYouMean } from "@synaps/sdk/protocol";
import { errors } from "./present-error.js";
import { reasonOf } from "./status-problems.js";

const LIVE: readonly string[] = ["running", "degraded"];

/** Throws for an extension that has to run and does not; one that starts with its first use counts as running. */
export function requireRunning(ids: readonly string[], { extensions }: HostSnapshot): void {
  for (const id of ids) {
    const own = extensions.filter((one) => one.id === id);
    const [first] = own;
    if (!first) {
      const known = [...new Set(extensions.map((one) => one.id))];
      throw errors.extensionNotFound(id, known, didYouMean(id, known));
    }
    if (!own.some(isReady)) throw errors.requiredNotRunning(id, first.state, reasonOf(first));
  }
}

/** Throws for an extension that has to run and abstained from an event. */
export function requireVotes(ids: readonly string[], { subscriptions }: HostSnapshot): void {
  for (const id of ids) {
    const reasons = new Map<string, number>();
    for (const { extension, reasons: own } of subscriptions)
      if (extension === id)
        for (const [reason, times] of Object.entries(own))
          reasons.set(reason, (reasons.get(reason) ?? 0) + (times ?? 0));
    const told = [...reasons].filter(([, times]) => times > 0).map(([reason, times]) => `${times} ${reason}`);
    if (told.length > 0) throw errors.requiredAbstained(id, told.join(", "));
  }
}

function isReady({ state, process }: ExtensionStatus): boolean {
  return LIVE.includes(state) || process?.waitsForUse === true;
}
