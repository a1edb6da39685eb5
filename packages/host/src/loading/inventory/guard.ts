import { hookSchema, type ExtensionSection, type HookEntry } from "@synaps/sdk/manifest";
import type { PermissionName } from "@synaps/sdk/protocol";
import type { ConsentRecord } from "../records/consent-store.js";

/** Subscriptions that stand in for a guard that fails closed and may not run, cannot be read, or is not fit to be started. */
export interface StandIn {
  /** Only closed hooks: an open one abstains by being absent. */
  hooks: readonly HookEntry[];
  permissions: ReadonlySet<PermissionName>;
}

/** The closed hooks and the permissions of the last approval. Undefined when no closed hook was approved. */
export function standInOfRecord({ guards = [], permissions }: ConsentRecord): StandIn | undefined {
  const hooks = guards.flatMap((guard) => {
    const { success, data } = hookSchema.safeParse(guard);
    return success ? [data] : [];
  });
  return hooks.length === 0 ? undefined : { hooks, permissions: new Set(permissions) };
}

/** The same for an extension that is trusted without a record. */
export function standInOfSection({ hooks: all, permissions }: ExtensionSection): StandIn | undefined {
  const hooks = all.filter(({ on_failure }) => on_failure === "closed");
  return hooks.length === 0 ? undefined : { hooks, permissions: new Set(permissions) };
}
