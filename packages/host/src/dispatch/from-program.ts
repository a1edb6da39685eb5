import {
  breakerPolicy,
  wrongBreaker,
  type BreakerChoice,
  type HookKindSpec,
  type JsonValue,
  type PermissionName,
} from "@synaps/sdk/protocol";
import { unlikeJson } from "../delivery/json-likeness.js";
import { HostError, messageOf } from "../errors.js";
import { wrongConditions, type HookEntry } from "@synaps/sdk/manifest";
import { looksAtInput } from "./filter.js";
import type { Condition } from "./hooks/condition.js";
import {
  ANY,
  between,
  NUMBER,
  optionsCheck,
  SWITCH,
  TEXT,
  TEXTS,
  type OptionChecks,
  type OptionCheck,
} from "./options-check.js";
import { InProcessTarget, type InProcessHandler } from "./in-process.js";
import type { ProgramCalls } from "./program-calls.js";
import type { SubscriptionRegistry } from "./registry.js";
import type { Filter, Phase, Subscription } from "./subscription.js";
import { conditionsOf } from "./where.js";

/**
 * Options of `subscribe`. An unknown key, a wrong type or a `deadlineMs` outside of 1 to 60,000 ms throws a HostError
 * `SUBSCRIBE_DENIED`.
 */
export interface SubscribeOptions {
  /** Name that votes carry. Default `program`. */
  id?: string;
  /** Lower is asked first. Default 0. */
  priority?: number;
  /** Default: asked as a rewrite, and as a veto again if the input changed afterwards. */
  phase?: Phase;
  /** True if not answering counts as a block. Default false. */
  closed?: boolean;
  /** Default: the kind's. */
  deadlineMs?: number;
  /** When it is not asked for a while. Default: always asked, as the handler's deadline is all that it can cost. */
  breaker?: BreakerChoice;
  /** Conditions on the event. Default: every event of the kind. */
  filter?: Filter;
  /** Default: what the kind and its actions need. The program itself needs nobody's leave. */
  permissions?: readonly PermissionName[];
}

const OBJECT: OptionCheck = [(value) => typeof value === "object" && value !== null, "an object"];
const FILTER: OptionChecks<Filter> = {
  tool: TEXT,
  tools: TEXTS,
  inputContains: TEXT,
  inputEquals: [(value) => OBJECT[0](value) && "value" in (value as object), "{ value }"],
  where: [isWhere, "an object of texts, numbers, true or false, or lists of them"],
};
const isValue = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

function isWhere(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one) => (Array.isArray(one) ? one.every(isValue) : isValue(one)));
}

/** Longest deadline that a manifest may set, in milliseconds; the same holds for the program's own handlers. */
const MAX_DEADLINE_MS = 60_000;
const wrongOptions = optionsCheck<SubscribeOptions>(
  "subscribe",
  {
    id: [(value) => typeof value === "string" && value !== "", "a text"],
    priority: NUMBER,
    phase: [(value) => value === "rewrite" || value === "veto", "rewrite or veto"],
    closed: SWITCH,
    deadlineMs: between(1, MAX_DEADLINE_MS),
    breaker: ANY,
    filter: OBJECT,
    permissions: TEXTS,
  },
  "SUBSCRIBE_DENIED",
);
const wrongFilter = optionsCheck("subscribe, in 'filter',", FILTER, "SUBSCRIBE_DENIED");

/** A subscription of a function of the program. */
export interface ProgramSubscription extends Subscription {
  readonly target: InProcessTarget;
}

/** Facts of a subscription that belongs to a hook. */
export interface OfHook {
  /** Name of the subscription within the hook. */
  readonly name: string;
  readonly condition: Condition | undefined;
}

/** The subscription of a function of the program itself. Throws a HostError for what its kind does not allow. */
export function programSubscription(
  registry: SubscriptionRegistry,
  calls: ProgramCalls,
  kind: string,
  handler: InProcessHandler,
  options: SubscribeOptions,
  hook?: OfHook,
): ProgramSubscription {
  if (typeof kind !== "string") throw denied("A hook kind is named by a string");
  const spec = registry.kind(kind);
  if (typeof handler !== "function")
    throw denied(`The subscription to '${kind}' is wrong: the handler is no function`);
  const wrong = wrongOptions(options) ?? (options.filter && wrongFilter(options.filter));
  if (wrong) throw wrong;
  const choice = ownChoice(options.breaker);
  const misfit = misfitOf(kind, options, choice, spec);
  if (misfit !== undefined) throw denied(`The subscription to '${kind}' is wrong: ${misfit}`);
  const needed = [spec.permission, ...Object.values(spec.actionPermissions ?? {})];
  const permissions = new Set<PermissionName>(options.permissions ?? needed);
  const id = options.id ?? "program";
  if (!permissions.has(spec.permission))
    throw denied(`Extension '${id}' lacks permission '${spec.permission}' required for hook '${kind}'`);
  const filter = copyOf(options.filter ?? {});
  const where = conditionsOf(filter.where, spec.attributes);
  const name = hook?.name ?? freeName(registry, kind, id);
  return {
    id: name,
    extension: id,
    kind,
    filter,
    where,
    conditional: looksAtInput(filter) || where !== undefined || hook?.condition !== undefined,
    condition: hook?.condition,
    projection: undefined,
    priority: options.priority ?? 0,
    phase: options.phase,
    closed: options.closed ?? false,
    deadlineMs: options.deadlineMs ?? spec.deadlineMs,
    breaker: breakerPolicy(choice),
    permissions,
    target: new InProcessTarget(id, handler, calls, hook?.condition),
  };
}

/** A copy: what was checked is what counts, whatever the program's object says the next time. */
function ownChoice(choice: BreakerChoice | undefined): BreakerChoice | undefined {
  try {
    return typeof choice === "object" && !Array.isArray(choice) && choice !== null ? { ...choice } : choice;
  } catch (error) {
    throw denied(`The 'breaker' of the subscription cannot be read: ${messageOf(error)}`);
  }
}

function denied(why: string): HostError {
  return new HostError("SUBSCRIBE_DENIED", why, { hint: "Correct the arguments of subscribe." });
}

/** Says what the kind does not allow. */
function misfitOf(
  kind: string,
  { closed, filter }: SubscribeOptions,
  breaker: BreakerChoice | undefined,
  spec: HookKindSpec,
): string | undefined {
  if (closed === true && !spec.canFailClosed) return `hook '${kind}' cannot fail closed: it stops nothing`;
  if ((filter?.tools ?? filter?.tool) !== undefined && !spec.toolFilter)
    return `hook '${kind}' does not allow a tool filter`;
  if (breaker !== undefined && spec.delivery === "stream")
    return `hook '${kind}' takes no 'breaker': one slow session would silence all others`;
  const wrongPolicy = breaker === undefined ? undefined : wrongBreaker(breaker);
  if (wrongPolicy !== undefined) return `its 'breaker': ${wrongPolicy}`;
  const { where } = filter ?? {};
  const [wrong] = where
    ? wrongConditions({ hook: kind, where: { ...where } as HookEntry["where"] }, spec)
    : [];
  if (wrong) return `${wrong.message}. ${wrong.hint}`;
  if (filter?.inputEquals === undefined) return undefined;
  return unlikeJson(filter.inputEquals.value ?? null, "/filter/inputEquals/value");
}

/** A copy, whose values are those that JSON has: the program may change its own object, and events are JSON. */
function copyOf({ tool, tools, inputContains, inputEquals, where }: Filter): Filter {
  return {
    ...(tool === undefined ? {} : { tool }),
    ...(tools === undefined ? {} : { tools: [...tools] }),
    ...(inputContains === undefined ? {} : { inputContains }),
    ...(inputEquals === undefined
      ? {}
      : { inputEquals: { value: JSON.parse(JSON.stringify(inputEquals.value ?? null)) as JsonValue } }),
    ...(where === undefined ? {} : { where: structuredClone(where) }),
  };
}

/** The first `kind#n` that nothing of this id is called: one that was taken back leaves a gap. */
function freeName(registry: SubscriptionRegistry, kind: string, id: string): string {
  const taken = new Set([...registry.ownedBy(id)].map(({ id: name }) => name));
  let n = 1;
  while (taken.has(`${kind}#${n}`)) n += 1;
  return `${kind}#${n}`;
}
