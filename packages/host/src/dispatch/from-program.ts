import type { Permission } from "@synaps/sdk/protocol";
import type { Clock } from "../time/clock.js";
import { HostError } from "../errors.js";
import type { SubscribeOptions } from "../host-types.js";
import { InProcessTarget, type InProcessHandler } from "./in-process.js";
import type { SubscriptionRegistry } from "./registry.js";
import type { Subscription } from "./subscription.js";

/** The subscription of a function of the program itself. Throws a HostError for what its kind does not allow. */
export function programSubscription(
  registry: SubscriptionRegistry,
  clock: Clock,
  kind: string,
  handler: InProcessHandler,
  options: SubscribeOptions,
): Subscription {
  const spec = registry.kind(kind);
  const needed = [spec.permission, ...Object.values(spec.actionPermissions ?? {})];
  const permissions = new Set<Permission>(options.permissions ?? needed);
  const id = options.id ?? "program";
  const refused = !permissions.has(spec.permission)
    ? `Extension '${id}' lacks permission '${spec.permission}' required for hook '${kind}'`
    : options.filter?.tools && !spec.toolFilter
      ? `hook '${kind}' does not allow a tool filter`
      : undefined;
  if (refused !== undefined)
    throw new HostError("SUBSCRIBE_DENIED", refused, { hint: "Correct the options of subscribe." });
  return {
    id: freeName(registry, kind, id),
    extension: id,
    kind,
    filter: options.filter ?? {},
    priority: options.priority ?? 0,
    phase: options.phase,
    closed: options.closed ?? false,
    deadlineMs: options.deadlineMs ?? spec.deadlineMs,
    permissions,
    target: new InProcessTarget(id, handler, clock),
  };
}

/** The first `kind#n` that nothing of this id is called: one that was taken back leaves a gap. */
function freeName(registry: SubscriptionRegistry, kind: string, id: string): string {
  const own = registry.of(kind).filter(({ extension }) => extension === id);
  const taken = new Set(own.map(({ id: name }) => name));
  let n = 1;
  while (taken.has(`${kind}#${n}`)) n += 1;
  return `${kind}#${n}`;
}
