import { findKind, priorityNumber, type HookEntry } from "@synaps/sdk/manifest";
import { DEFAULT_DEADLINE_MS, type Catalog } from "@synaps/sdk/protocol";
import type { Target } from "../delivery/target.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import { looksAtInput } from "./filter.js";
import type { Filter, Subscription } from "./subscription.js";

/** The subscriptions that a manifest declares. They exist before the process does, so that its absence counts. */
export function subscriptionsOf(
  extension: LoadedExtension,
  target: Target,
  catalogs: readonly Catalog[],
): Subscription[] {
  const counts = new Map<string, number>();
  return extension.section.hooks.map((hook) => {
    const count = (counts.get(hook.hook) ?? 0) + 1;
    counts.set(hook.hook, count);
    const filter = filterOf(hook);
    return Object.freeze({
      id: hook.id ?? `${hook.hook}#${count}`,
      extension: extension.id,
      kind: hook.hook,
      filter,
      conditional: looksAtInput(filter),
      priority: priorityNumber(hook.priority),
      phase: hook.phase,
      closed: hook.on_failure === "closed",
      deadlineMs: hook.timeout_ms ?? findKind(hook.hook, catalogs)?.deadlineMs ?? DEFAULT_DEADLINE_MS,
      permissions: extension.permissions,
      target,
    });
  });
}

function filterOf({ tool, tools, match }: HookEntry): Filter {
  const names = [...(tool == null ? [] : [tool]), ...(tools ?? [])];
  return {
    ...(tool == null && tools === undefined ? {} : { tools: names }),
    ...(match?.input_contains === undefined ? {} : { inputContains: match.input_contains }),
    ...(match?.input_equals === undefined ? {} : { inputEquals: { value: match.input_equals } }),
  };
}
