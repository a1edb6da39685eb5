import type { Catalog } from "@synaps/sdk/protocol";
import type { MemberListener } from "../supervision/members.js";
import { subscriptionsOf } from "./from-manifest.js";
import type { SubscriptionRegistry } from "./registry.js";
import type { Subscription } from "./subscription.js";

/** Keeps the subscriptions that manifests declare: they come, change places at once, and go with their extension. */
export function followMembers(registry: SubscriptionRegistry, catalogs: readonly Catalog[]): MemberListener {
  return (change) => {
    const { extension, type } = change;
    // By the target: the program may have subscriptions of its own under the same name.
    const of = (one: object) => (subscription: Subscription) => subscription.target === one;
    const declared = (): Subscription[] => subscriptionsOf(extension.loaded, extension, catalogs);
    switch (type) {
      case "added":
        return registry.add(declared(), extension.id);
      case "replaced":
        return registry.replace(of(change.previous), declared(), extension.id);
      case "removed":
        return void registry.remove(of(extension));
    }
  };
}
