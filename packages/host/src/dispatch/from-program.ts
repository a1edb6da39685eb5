import type { HookKindSpec, JsonValue, Permission } from "@synaps/sdk/protocol";
import { unlikeJson } from "../delivery/json-likeness.js";
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
  if (typeof kind !== "string") throw denied("A hook kind is named by a string");
  const spec = registry.kind(kind);
  const wrong = wrongOption(handler, kind, options, spec);
  if (wrong !== undefined) throw denied(`The subscription to '${kind}' is wrong: ${wrong}`);
  const needed = [spec.permission, ...Object.values(spec.actionPermissions ?? {})];
  const permissions = new Set<Permission>(options.permissions ?? needed);
  const id = options.id ?? "program";
  if (!permissions.has(spec.permission))
    throw denied(`Extension '${id}' lacks permission '${spec.permission}' required for hook '${kind}'`);
  const filter = copyOf(options.filter ?? {});
  return {
    id: freeName(registry, kind, id),
    extension: id,
    kind,
    filter,
    conditional: looksAtInput(filter),
    priority: options.priority ?? 0,
    phase: options.phase,
    closed: options.closed ?? false,
    deadlineMs: options.deadlineMs ?? spec.deadlineMs,
    permissions,
    target: new InProcessTarget(id, handler, clock, activity),
  };
}

/** Longest deadline that a manifest may set, in milliseconds; the same holds for the program's own handlers. */
const MAX_DEADLINE_MS = 60_000;

function denied(why: string): HostError {
  return new HostError("SUBSCRIBE_DENIED", why, { hint: "Correct the arguments of subscribe." });
}

/** Programs in plain JavaScript have no compiler to say so: an odd option must not fail far away, at an event. */
function wrongOption(
  handler: unknown,
  kind: string,
  options: unknown,
  spec: HookKindSpec,
): string | undefined {
  if (typeof handler !== "function") return "the handler is no function";
  if (typeof options !== "object" || options === null) return "the options are no object";
  const { id, priority, phase, closed, deadlineMs, filter, permissions } = options as Partial<
    Record<keyof SubscribeOptions, unknown>
  >;
  if (id !== undefined && (typeof id !== "string" || id === "")) return "'id' must be a text";
  if (deadlineMs !== undefined && !isBetween(deadlineMs, 1, MAX_DEADLINE_MS))
    return `'deadlineMs' must be 1 to ${MAX_DEADLINE_MS}`;
  if (priority !== undefined && !Number.isFinite(priority)) return "'priority' must be a finite number";
  if (phase !== undefined && phase !== "rewrite" && phase !== "veto")
    return "'phase' must be rewrite or veto";
  if (closed !== undefined && typeof closed !== "boolean") return "'closed' must be true or false";
  if (closed === true && !spec.canFailClosed) return `hook '${kind}' cannot fail closed: it stops nothing`;
  if (permissions !== undefined && !isTexts(permissions)) return "'permissions' must be a list of names";
  return filter === undefined ? undefined : wrongFilter(filter, kind, spec);
}

function wrongFilter(filter: unknown, kind: string, spec: HookKindSpec): string | undefined {
  if (typeof filter !== "object" || filter === null) return "'filter' must be an object";
  const { tools, inputContains, inputEquals } = filter as Partial<Record<keyof Filter, unknown>>;
  if (tools !== undefined && !isTexts(tools)) return "'filter.tools' must be a list of names";
  if (tools !== undefined && !spec.toolFilter) return `hook '${kind}' does not allow a tool filter`;
  if (inputContains !== undefined && typeof inputContains !== "string")
    return "'filter.inputContains' must be a text";
  if (inputEquals === undefined) return undefined;
  if (typeof inputEquals !== "object" || inputEquals === null || !("value" in inputEquals))
    return "'filter.inputEquals' must be { value }";
  return unlikeJson(inputEquals.value ?? null, "/filter/inputEquals/value");
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

/** A copy, whose values are those that JSON has: the program may change its own object, and events are JSON. */
function copyOf({ tools, inputContains, inputEquals }: Filter): Filter {
  return {
    ...(tools === undefined ? {} : { tools: [...tools] }),
    ...(inputContains === undefined ? {} : { inputContains }),
    ...(inputEquals === undefined
      ? {}
      : { inputEquals: { value: JSON.parse(JSON.stringify(inputEquals.value ?? null)) as JsonValue } }),
  };
}

/** The first `kind#n` that nothing of this id is called: one that was taken back leaves a gap. */
function freeName(registry: SubscriptionRegistry, kind: string, id: string): string {
  const taken = new Set([...registry.ownedBy(id)].map(({ id: name }) => name));
  let n = 1;
  while (taken.has(`${kind}#${n}`)) n += 1;
  return `${kind}#${n}`;
}
