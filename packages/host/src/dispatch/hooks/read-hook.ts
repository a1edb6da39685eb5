import { PRIORITIES, priorityNumber } from "@synaps/sdk/manifest";
import { unknownKey } from "@synaps/sdk/protocol";
import type { Envelope } from "../../delivery/event-input.js";
import { HostError, messageOf } from "../../errors.js";
import { programSubscription, type ProgramSubscription, type SubscribeOptions } from "../from-program.js";
import type { InProcessHandler } from "../in-process.js";
import { FUNCTION, LIST, TEXT, TEXTS, optionsCheck, type OptionCheck } from "../options-check.js";
import type { ProgramCalls } from "../program-calls.js";
import type { SubscriptionRegistry } from "../registry.js";
import { Condition } from "./condition.js";
import type { HookInfo, HookMetadata, HookPlugin, HookPriority, HookQuery } from "./hook.js";

/** Longest id and name of a hook, in characters: the same as for the id of a hook in a manifest. */
const MAX_NAME_LENGTH = 64;
/** Most entries of one hook. More than all catalogs together have kinds. */
const MAX_ENTRIES = 256;

/** A hook as it was read from the program's object, which is not looked at again. */
export interface ReadHook {
  readonly info: Omit<HookInfo, "plugin" | "enabled" | "breakers">;
  readonly subscriptions: readonly ProgramSubscription[];
  readonly onRegister: (() => unknown) | undefined;
  readonly onUnregister: (() => unknown) | undefined;
}

const NAME: OptionCheck = [
  (value) => typeof value === "string" && value.trim() !== "" && value.length <= MAX_NAME_LENGTH,
  `a text of 1 to ${MAX_NAME_LENGTH} characters`,
];
const OBJECT: OptionCheck = [(value) => typeof value === "object" && value !== null, "an object"];
const PRIORITY: OptionCheck = [
  (value) => (typeof value === "string" ? Object.hasOwn(PRIORITIES, value) : Number.isFinite(value)),
  `a finite number or one of ${Object.keys(PRIORITIES).join(", ")}`,
];

const HOOK = {
  id: NAME,
  metadata: OBJECT,
  events: [
    (value: unknown) => Array.isArray(value) && value.length > 0 && value.length <= MAX_ENTRIES,
    `a list of 1 to ${MAX_ENTRIES} kinds`,
  ] as OptionCheck,
  on: FUNCTION,
  shouldExecute: FUNCTION,
  onRegister: FUNCTION,
  onUnregister: FUNCTION,
};
const METADATA: Readonly<Record<keyof HookMetadata, OptionCheck>> = {
  name: NAME,
  version: TEXT,
  description: TEXT,
  tags: TEXTS,
  priority: PRIORITY,
};
const PLUGIN: Readonly<Record<keyof HookPlugin, OptionCheck>> = { name: NAME, version: TEXT, hooks: LIST };
const ENTRY_KEYS = ["kind", "handler", "filter", "phase", "closed", "deadlineMs", "breaker"];

type Members<S> = { readonly [N in keyof S]?: unknown };

/**
 * Reads each member once. Throws for a member that is unknown, cannot be read or is of a wrong type. Instances of classes
 * may have further members of their own.
 */
function readMembers<S extends Readonly<Record<string, OptionCheck>>>(
  what: string,
  given: unknown,
  checks: S,
  required: readonly (keyof S & string)[],
): Members<S> {
  if (typeof given !== "object" || given === null) throw refused(what, "it is no object");
  const read: Record<string, unknown> = {};
  let name = "its keys";
  try {
    const unknown = isPlain(given) ? unknownKey(given, Object.keys(checks)) : undefined;
    if (unknown !== undefined) throw refused(what, unknown);
    for (name of Object.keys(checks)) read[name] = Reflect.get(given, name) as unknown;
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw refused(what, `reading '${name}' threw: ${messageOf(error)}`);
  }
  for (const [key, [isRight, wanted]] of Object.entries(checks)) {
    if (read[key] === undefined && !required.includes(key)) continue;
    if (!isRight(read[key])) throw refused(what, `'${key}' must be ${wanted}`);
  }
  return read as Members<S>;
}

function isPlain(given: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === null || prototype === Object.prototype;
}

/** Reads a hook and makes its subscriptions, which nobody knows yet. Throws a HostError `HOOK_REFUSED`. */
export function readHook(given: unknown, registry: SubscriptionRegistry, calls: ProgramCalls): ReadHook {
  const hook = readMembers(named(given), given, HOOK, ["id", "events"]);
  const id = hook.id as string;
  const metadata = readMembers(`'${id}', in 'metadata',`, hook.metadata ?? {}, METADATA, []) as HookMetadata;
  const priority = priorityNumber(metadata.priority ?? "normal");
  const own = <F>(method: unknown): F | undefined =>
    method === undefined ? undefined : ((method as CallableFunction).bind(given) as F);
  const on = own<InProcessHandler>(hook.on);
  const shouldExecute = own<(event: Envelope) => boolean>(hook.shouldExecute);
  const counts = new Map<string, number>();
  const subscribe = (event: unknown): ProgramSubscription => {
    const { kind, handler, ...options } = readEntry(event);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const condition = shouldExecute && new Condition(shouldExecute);
    const calledFor = handler ?? on;
    if (!calledFor) throw new Error(`'${kind}' has no handler: give the hook an 'on'`);
    const ofHook = { name: `${kind}#${count}`, condition };
    return programSubscription(registry, calls, kind, calledFor, { ...options, id, priority }, ofHook);
  };
  const subscriptions = (hook.events as readonly unknown[]).map((event) => {
    try {
      return subscribe(event);
    } catch (error) {
      throw refused(`'${id}'`, messageOf(error), error);
    }
  });
  const info = {
    id,
    name: metadata.name ?? id,
    version: metadata.version ?? null,
    description: metadata.description ?? null,
    tags: [...(metadata.tags ?? [])],
    priority,
    kinds: [...counts.keys()],
  };
  return {
    info,
    subscriptions,
    onRegister: own(hook.onRegister),
    onUnregister: own(hook.onUnregister),
  };
}

interface Entry extends SubscribeOptions {
  kind: string;
  handler?: InProcessHandler;
}

function readEntry(event: unknown): Entry {
  if (typeof event === "string") return { kind: event };
  if (typeof event !== "object" || event === null)
    throw new Error("'events' holds something that is neither the name of a kind nor an object");
  const problem = unknownKey(event, ENTRY_KEYS);
  if (problem !== undefined) throw new Error(`in 'events', ${problem}`);
  const { kind, handler, ...options } = event as Entry;
  if (typeof kind !== "string") throw new Error("in 'events', 'kind' must be the name of a kind");
  if (handler !== undefined && typeof handler !== "function")
    throw new Error(`in 'events', the handler of '${kind}' must be a function`);
  return { kind, ...options, ...(handler ? { handler: handler.bind(event) as InProcessHandler } : {}) };
}

/** Reads a plugin. Its hooks are not looked at. Throws a HostError `HOOK_REFUSED`. */
export function readPlugin(given: unknown): { name: string; hooks: readonly unknown[] } {
  const { name, hooks } = readMembers(named(given, "name"), given, PLUGIN, ["name", "version", "hooks"]);
  return { name: name as string, hooks: [...(hooks as unknown[])] };
}

/** The name of something malformed, as far as it has one. */
function named(given: unknown, key = "id"): string {
  try {
    const name: unknown = Reflect.get(Object(given) as object, key);
    return typeof name === "string" && name !== "" ? `'${name.slice(0, MAX_NAME_LENGTH)}'` : `without ${key}`;
  } catch {
    return `without ${key}`;
  }
}

export function refused(what: string, why: string, cause?: unknown): HostError {
  return new HostError("HOOK_REFUSED", `The hook ${what} was refused: ${why}`, {
    hint: "Correct the object that was passed: the types Hook and HookPlugin say what it may have.",
    cause,
  });
}

const wrongQuery = optionsCheck<HookQuery>("hooks.list", {
  kind: TEXT,
  tag: TEXT,
  plugin: TEXT,
  enabled: [(value) => typeof value === "boolean", "true or false"],
  priority: OBJECT,
});
const wrongRange = optionsCheck<{ from?: HookPriority; to?: HookPriority }>("hooks.list, in 'priority',", {
  from: PRIORITY,
  to: PRIORITY,
});

/** Returns a function that tells if a hook fits the conditions. Throws a HostError for wrong ones. */
export function fits(query: HookQuery): (info: HookInfo) => boolean {
  const { kind, tag, plugin, enabled, priority = {} } = query;
  const wrong = wrongQuery(query) ?? wrongRange(priority);
  if (wrong) throw wrong;
  const from = priority.from === undefined ? Number.NEGATIVE_INFINITY : priorityNumber(priority.from);
  const to = priority.to === undefined ? Number.POSITIVE_INFINITY : priorityNumber(priority.to);
  return (info) =>
    (kind === undefined || info.kinds.includes(kind)) &&
    (tag === undefined || info.tags.includes(tag)) &&
    (plugin === undefined || info.plugin === plugin) &&
    (enabled === undefined || info.enabled === enabled) &&
    info.priority >= from &&
    info.priority <= to;
}
