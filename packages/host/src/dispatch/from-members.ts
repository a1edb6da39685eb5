import type { Catalog } from "@synaps/sdk/protocol";
import type { MemberListener } from "../supervision/members.js";
import type { Target } from "../delivery/target.js";
import type { Extension } from "../supervision/extension.js";
import { subscriptionsOf } from "./from-manifest.js";
import type { SubscriptionRegistry } from "./registry.js";
import type { Subscription } from "./subscription.js";

/** Keeps the subscriptions that manifests declare: they come, change places at once, and go with their extension. */
export function followMembers(
  registry: SubscriptionRegistry,
  catalogs: readonly Catalog[],
  targetOf: (extension: Extension) => Target,
): MemberListener {
  const targets = new Map<Extension, Target>();
  const target = (extension: Extension): Target => {
    const known = targets.get(extension) ?? targetOf(extension);
    targets.set(extension, known);
    return known;
  };
  return (change) => {
    const { extension, type } = change;
    const of = (one: Extension): Subscription[] => {
      // By the target: the program may have subscriptions of its own under the same name.
      const gone = target(one);
      targets.delete(one);
      return [...registry.ownedBy(one.id)].filter((subscription) => subscription.target === gone);
    };
    const declared = (): Subscription[] => subscriptionsOf(extension.loaded, target(extension), catalogs);
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
