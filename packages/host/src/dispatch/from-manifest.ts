import { breakerChoice, findKind, priorityNumber, type HookEntry } from "@synaps/sdk/manifest";
import { breakerPolicy, DEFAULT_DEADLINE_MS, type Catalog, type PermissionName } from "@synaps/sdk/protocol";
import { Projection } from "../delivery/projection.js";
import type { Target } from "../delivery/target.js";
import { looksAtInput } from "./filter.js";
import type { Filter, Subscription } from "./subscription.js";
import { conditionsOf } from "./where.js";

/** The parts of an extension that subscriptions are made of. */
export interface Declared {
  id: string;
  section: { hooks: readonly HookEntry[] };
  permissions: ReadonlySet<PermissionName>;
}

/** The subscriptions that a manifest declares. They exist before the process does, so that its absence counts. */
export function subscriptionsOf(
  { id: extension, section, permissions }: Declared,
  target: Target,
  catalogs: readonly Catalog[],
): Subscription[] {
  const counts = new Map<string, number>();
  return section.hooks.map((hook) => {
    const count = (counts.get(hook.hook) ?? 0) + 1;
    counts.set(hook.hook, count);
    const filter = filterOf(hook);
    const spec = findKind(hook.hook, catalogs);
    const where = conditionsOf(filter.where, spec?.attributes);
    return Object.freeze({
      id: hook.id ?? `${hook.hook}#${count}`,
      extension,
      kind: hook.hook,
      filter,
      where,
      conditional: looksAtInput(filter) || where !== undefined,
      projection: hook.fields === undefined ? undefined : new Projection(hook.fields),
      priority: priorityNumber(hook.priority),
      phase: hook.phase,
      closed: hook.on_failure === "closed",
      breaker: breakerPolicy(breakerChoice(hook.breaker)),
      deadlineMs: hook.timeout_ms ?? spec?.deadlineMs ?? DEFAULT_DEADLINE_MS,
      permissions,
      target,
    });
  });
}

function filterOf({ tool, tools, match, where }: HookEntry): Filter {
  return {
    ...(tool == null ? {} : { tool }),
    ...(tools === undefined ? {} : { tools }),
    ...(match?.input_contains === undefined ? {} : { inputContains: match.input_contains }),
    ...(match?.input_equals === undefined ? {} : { inputEquals: { value: match.input_equals } }),
    ...(where === undefined ? {} : { where }),
  };
}
