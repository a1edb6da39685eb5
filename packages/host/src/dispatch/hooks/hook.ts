import type { Envelope } from "../../delivery/event-input.js";
import type { BreakerStatus } from "../../supervision/work.js";
import type { SubscribeOptions } from "../from-program.js";
import type { HookContext } from "../in-process.js";
import type { AnswerOf, Catalogs, FilterOf, KindOf, SeenEvent, SynapsCatalogs } from "../kind-types.js";

/** Place in a chain: a number, or a word for one. Lower is asked first: highest, high (-100), normal (0), low (100), lowest. */
export type HookPriority = number | "highest" | "high" | "normal" | "low" | "lowest";

/** Facts about a hook for people and for `hooks.list`. Only `priority` changes anything. */
export interface HookMetadata {
  /** Default: the id. */
  name?: string;
  version?: string;
  description?: string;
  tags?: readonly string[];
  /** Default `normal`. */
  priority?: HookPriority;
}

type Awaitable<T> = T | Promise<T>;

/** One kind that a hook wants, with conditions and, if it has one, a handler of its own. */
export interface HookEntry<C extends Catalogs, K extends KindOf<C>> extends Pick<
  SubscribeOptions,
  "phase" | "closed" | "deadlineMs" | "breaker"
> {
  kind: K;
  /** Conditions on the event. Default: every event of the kind. */
  filter?: FilterOf<C, K>;
  /** Default: the hook's `on`. */
  handler?(event: SeenEvent<C, K>, context: HookContext): Awaitable<AnswerOf<C, K>>;
}

type AnyEntry<C extends Catalogs> = { [K in KindOf<C>]: HookEntry<C, K> }[KindOf<C>];

/**
 * A hook of the program: kinds and handlers under one id, with a beginning and an end. An instance of a class will do. The
 * properties are read once, when the hook is registered; methods are called as the hook's own.
 */
export interface Hook<C extends Catalogs = SynapsCatalogs, K extends KindOf<C> = KindOf<C>> {
  /** Unique among the hooks and extensions of the host, at most 64 characters. Votes carry it. */
  id: string;
  metadata?: HookMetadata;
  /** Names of kinds, which `on` handles, and entries with conditions and handlers of their own. At least one. */
  events: readonly (K | AnyEntry<C>)[];
  /** Handles every event whose entry has no handler. */
  on?(event: SeenEvent<C, K>, context: HookContext): Awaitable<AnswerOf<C, K>>;
  /**
   * A cheap condition. For false the hook is not asked, as for a filter: there is no vote. When it throws, the vote is an
   * abstention with the reason `error`. It must answer at once.
   */
  shouldExecute?(event: Envelope): boolean;
  /** Runs before anything is subscribed. Throwing refuses the hook. */
  onRegister?(): Awaitable<void>;
  /** Runs once after the hook was unregistered, and when the host stops. */
  onUnregister?(): Awaitable<void>;
}

/** Several hooks that come and go together. */
export interface HookPlugin<C extends Catalogs = SynapsCatalogs, K extends KindOf<C> = KindOf<C>> {
  name: string;
  version: string;
  hooks: readonly Hook<C, K>[];
}

/** A hook as `hooks.list` shows it. */
export interface HookInfo {
  readonly id: string;
  readonly name: string;
  readonly version: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly priority: number;
  readonly kinds: readonly string[];
  readonly plugin: string | null;
  /** False while it is switched off, by the program or by the host's configuration. */
  readonly enabled: boolean;
  /** Breakers of its entries that are not closed: those are not asked for a while. `enable` closes them. */
  readonly breakers: readonly BreakerStatus[];
}

/** Conditions of `hooks.list`, `names` and `count`: all that are given must hold. */
export interface HookQuery {
  kind?: string;
  tag?: string;
  plugin?: string;
  enabled?: boolean;
  /** Lowest and highest priority, both included. */
  priority?: { from?: HookPriority; to?: HookPriority };
}

/** The hooks of the program, in the order in which they were registered. */
export interface Hooks<C extends Catalogs = SynapsCatalogs> {
  /** The same as `host.use`. */
  use<K extends KindOf<C>>(hook: Hook<C, K>): Promise<() => Promise<void>>;
  /**
   * Registers several hooks, all or none: when one is refused, those whose `onRegister` had ended are unregistered, the
   * last one first, and the call rejects with the first refusal. Resolves with how to unregister all of them.
   */
  registerMultiple(hooks: readonly Hook<C>[]): Promise<() => Promise<void>>;
  /** Registers the hooks of a plugin, all or none, as `registerMultiple` does. Also refuses a name that is taken. */
  usePlugin(plugin: HookPlugin<C>): Promise<() => Promise<void>>;
  /** The hooks that fit, in the order in which they were registered. Throws a HostError for a wrong condition. */
  list(query?: HookQuery): HookInfo[];
  names(query?: HookQuery): string[];
  count(query?: HookQuery): number;
  /** Undefined when no hook has the id. */
  get(id: string): HookInfo | undefined;
  /** Lets the hook be asked again, at the place in the order that it had, and closes its breakers. Throws when no hook has the id. */
  enable(id: string): void;
  /** Keeps the hook registered and from being asked. Events that it has already still get its answer. */
  disable(id: string): void;
  /**
   * Removes the hook, then runs its `onUnregister`. Rejects with HOOK_NOT_FOUND when no hook has the id, and with
   * HOOK_UNREGISTER_FAILED when `onUnregister` throws or takes longer than `lifecycleBudgetMs`: it is gone all the same.
   */
  unregister(id: string): Promise<void>;
  /** Unregisters the hooks of a plugin, the last one first. Rejects as `unregister` does. */
  unregisterPlugin(name: string): Promise<void>;
}
