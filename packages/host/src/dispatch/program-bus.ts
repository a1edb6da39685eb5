import type { EventInput } from "../delivery/event-input.js";
import type { Activity } from "../time/activity.js";
import type { Dispatcher } from "./dispatcher.js";
import type { EmitOptions, Entrance, InterceptOptions } from "./entrance.js";
import type { Hook, Hooks } from "./hooks/hook.js";
import type { ProgramHooks } from "./hooks/hooks.js";
import type { Catalogs } from "./kind-types.js";
import { programSubscription, type SubscribeOptions } from "./from-program.js";
import type { InProcessHandler } from "./in-process.js";
import type { InterceptKinds, InterceptResult, Operation } from "./operation/types.js";
import type { Outcome } from "./outcome.js";
import type { ProgramCalls } from "./program-calls.js";
import type { SubscriptionRegistry } from "./registry.js";
import type { SubscriptionInfo } from "./subscription.js";

/** Parts of the host that the events of the program go through. */
export interface EventParts {
  readonly activity: Activity;
  readonly calls: ProgramCalls;
  readonly hooks: ProgramHooks;
  readonly registry: SubscriptionRegistry;
  readonly dispatcher: Dispatcher;
  readonly entrance: Entrance;
}

/** The methods with which a program raises events and subscribes to them. */
export abstract class ProgramBus {
  protected abstract readonly parts: EventParts;

  /**
   * Raises an event. For gates and lifecycle kinds the outcome is final; for observers `settled` resolves later.
   * While the host starts, the event waits until the folders are read, at most for a chain's budget (default 10 s).
   * Never rejects because of an extension; rejects with a HostError for an unknown kind, an event that is not JSON or does
   * not have what its kind requires, before `start`, after a failed start, and from `stop` on. When the signal is aborted,
   * extensions are told where they can be, nobody further is asked, and the call rejects with the signal's reason.
   */
  emit(event: EventInput, options?: EmitOptions): Promise<Outcome> {
    return this.parts.entrance.emit(event, options);
  }

  /**
   * Runs an operation between its before and after hooks and carries out what they decide: block, confirm, modify,
   * replace, skip, cache, redirect, retry and fork, as far as the kinds allow them. Uses `rewrite_then_veto` unless told otherwise, so that no rewrite hides a call from a guard.
   */
  intercept(
    kinds: InterceptKinds,
    event: Omit<EventInput, "kind">,
    run: Operation,
    options?: InterceptOptions,
  ): Promise<InterceptResult> {
    return this.parts.activity.during(this.parts.entrance.intercept(kinds, event, run, options));
  }

  /** Subscribes a function of the program itself. Returns how to take it back. */
  subscribe(kind: string, handler: InProcessHandler, options: SubscribeOptions = {}): () => void {
    const { registry, calls } = this.parts;
    const subscription = programSubscription(registry, calls, kind, handler, options);
    registry.add([subscription], undefined);
    return () => void registry.remove([subscription]);
  }

  /**
   * Registers a hook of the program: an object with an id, the kinds it wants, and handlers. Nothing is subscribed before
   * its `onRegister` has ended. Resolves with how to unregister it. Rejects with a HostError `HOOK_REFUSED` for a malformed
   * hook, an id that is taken, and an `onRegister` that fails or takes longer than `lifecycleBudgetMs` (default 5 s).
   */
  use(hook: Hook<Catalogs>): Promise<() => Promise<void>> {
    return this.parts.hooks.use(hook);
  }

  /** The hooks of the program: listed, switched off and on, registered together, unregistered. */
  get hooks(): Hooks<Catalogs> {
    return this.parts.hooks;
  }

  /**
   * Removes all subscriptions of one extension or of one `id` given to `subscribe` or `use`; returns how many those were.
   * A hook is unregistered; its `onUnregister` is not waited for.
   */
  unsubscribeAll(id: string): number {
    const { registry, hooks } = this.parts;
    const removed = registry.remove([...registry.ownedBy(id)]);
    hooks.gone(id);
    return removed;
  }

  /** Returns the subscriptions of one extension, sorted by kind, then by tool filter, those without a filter first. */
  subscriptionsFor(id: string): SubscriptionInfo[] {
    return this.parts.registry.describe(id);
  }

  /** Number of subscriptions, of one kind or of all. */
  handlerCount(kind?: string): number {
    return this.parts.registry.count(kind);
  }

  isEmpty(): boolean {
    return this.handlerCount() === 0;
  }

  /** Resolves when no observer owes an answer any more. */
  settled(): Promise<void> {
    return this.parts.dispatcher.settled();
  }
}
