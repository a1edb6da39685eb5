import type { Permission } from "@synaps/sdk/protocol";
import type { Activity } from "../time/activity.js";
import type { Clock } from "../time/clock.js";
import { HostError } from "../errors.js";
import { looksAtInput } from "./filter.js";
import { InProcessTarget, type InProcessHandler } from "./in-process.js";
import type { SubscriptionRegistry } from "./registry.js";
import type { Filter, Phase, Subscription } from "./subscription.js";

export interface SubscribeOptions {
  /** Name that votes carry. Default `program`. */
  id?: string;
  /** Lower is asked first. Default 0. */
  priority?: number;
  phase?: Phase;
  /** True if not answering counts as a block. Default false. */
  closed?: boolean;
  /** Default: the kind's. */
  deadlineMs?: number;
  filter?: Filter;
  /** Default: what the kind and its actions need. The program itself needs nobody's leave. */
  permissions?: readonly Permission[];
}

/** The subscription of a function of the program itself. Throws a HostError for what its kind does not allow. */
export function programSubscription(
  registry: SubscriptionRegistry,
  clock: Clock,
  activity: Activity,
  kind: string,
  handler: InProcessHandler,
  options: SubscribeOptions,
): Subscription {
  const spec = registry.kind(kind);
  const needed = [spec.permission, ...Object.values(spec.actionPermissions ?? {})];
  const permissions = new Set<Permission>(options.permissions ?? needed);
  const id = options.id ?? "program";
  const deadlineMs = options.deadlineMs ?? spec.deadlineMs;
  const refused = !permissions.has(spec.permission)
    ? `Extension '${id}' lacks permission '${spec.permission}' required for hook '${kind}'`
    : options.filter?.tools && !spec.toolFilter
      ? `hook '${kind}' does not allow a tool filter`
      : options.closed === true && !spec.canFailClosed
        ? `hook '${kind}' cannot fail closed: it stops nothing`
        : undefined;
  if (refused !== undefined)
    throw new HostError("SUBSCRIBE_DENIED", refused, { hint: "Correct the options of subscribe." });
  const wrong = wrongOption(handler, options, deadlineMs);
  if (wrong !== undefined)
    throw new HostError("SUBSCRIBE_DENIED", `The subscription of '${id}' to '${kind}' is wrong: ${wrong}`, {
      hint: "Correct the options of subscribe.",
    });
  return {
    id: freeName(registry, kind, id),
    extension: id,
    kind,
    filter: options.filter ?? {},
    conditional: looksAtInput(options.filter ?? {}),
    priority: options.priority ?? 0,
    phase: options.phase,
    closed: options.closed ?? false,
    deadlineMs,
    permissions,
    target: new InProcessTarget(id, handler, clock, activity),
  };
}

/** Longest deadline that a manifest may set, in milliseconds; the same holds for the program's own handlers. */
const MAX_DEADLINE_MS = 60_000;

function wrongOption(
  handler: unknown,
  { priority = 0, phase }: SubscribeOptions,
  deadlineMs: unknown,
): string | undefined {
  if (typeof handler !== "function") return "the handler is no function";
  if (typeof deadlineMs !== "number" || !(deadlineMs >= 1 && deadlineMs <= MAX_DEADLINE_MS))
    return `'deadlineMs' must be 1 to ${MAX_DEADLINE_MS}, not ${String(deadlineMs)}`;
  if (typeof priority !== "number" || !Number.isFinite(priority)) return "'priority' must be a finite number";
  if (phase !== undefined && phase !== "rewrite" && phase !== "veto")
    return "'phase' must be rewrite or veto";
  return undefined;
}

/** The first `kind#n` that nothing of this id is called: one that was taken back leaves a gap. */
function freeName(registry: SubscriptionRegistry, kind: string, id: string): string {
  const own = [...registry.ownedBy(id)].filter((subscription) => subscription.kind === kind);
  const taken = new Set(own.map(({ id: name }) => name));
  let n = 1;
  while (taken.has(`${kind}#${n}`)) n += 1;
  return `${kind}#${n}`;
}
