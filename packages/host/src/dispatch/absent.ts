import type { Catalog } from "@synaps/sdk/protocol";
import type { EventRequest } from "../delivery/request.js";
import type { Target } from "../delivery/target.js";
import type { InventoryEntry } from "../loading/inventory/inventory.js";
import type { StandInListener } from "../supervision/members.js";
import { subscriptionsOf } from "./from-manifest.js";
import type { SubscriptionRegistry } from "./registry.js";
import type { Subscription } from "./subscription.js";

/** Keeps the subscriptions of closed guards that cannot run. */
export function followStandIns(
  registry: SubscriptionRegistry,
  catalogs: readonly Catalog[],
): StandInListener {
  const subscribed = new Map<InventoryEntry, Subscription[]>();
  return (entry, standIn) => {
    registry.remove(subscribed.get(entry) ?? []);
    subscribed.delete(entry);
    if (!standIn) return;
    const { hooks, permissions } = standIn;
    const declared = { id: entry.id, section: { hooks }, permissions };
    const subscriptions = subscriptionsOf(declared, new AbsentTarget(entry), catalogs);
    subscribed.set(entry, subscriptions);
    registry.add(subscriptions, entry.id);
  };
}

/**
 * Stands in for a closed guard that may not run, cannot be read, or is not fit to be started: it takes no event and
 * abstains with the reason, which counts as a block.
 */
class AbsentTarget implements Target {
  readonly id: string;
  readonly health: string;
  readonly restartCount = 0;
  readonly #detail: string;

  constructor({ id, status, diagnostics }: InventoryEntry) {
    this.id = id;
    this.health = status;
    const wrong = diagnostics.find(({ severity }) => severity === "error");
    this.#detail = wrong?.message ?? `it is ${status}`;
  }

  hand(request: EventRequest): void {
    request.finished({ answered: false, reason: "failed", detail: this.#detail, queueMs: 0, runMs: 0 });
  }
}
