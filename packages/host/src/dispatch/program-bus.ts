import type { EventInput } from "../delivery/event-input.js";
import type { Activity } from "../time/activity.js";
import type { Clock } from "../time/clock.js";
import type { Dispatcher } from "./dispatcher.js";
import type { EmitOptions, Entrance, InterceptOptions, Operation } from "./entrance.js";
import { programSubscription, type SubscribeOptions } from "./from-program.js";
import type { InProcessHandler } from "./in-process.js";
import type { InterceptKinds, InterceptResult, OperationResult } from "./intercept.js";
import type {
  AfterKindOf,
  AnswerOf,
  BeforeKindOf,
  Catalogs,
  FieldsOf,
  InputOf,
  KindOf,
  OutcomeOf,
  SeenEvent,
} from "./kind-types.js";
import type { SubscriptionRegistry } from "./registry.js";

/** Parts of the host that the events of the program go through. */
export interface EventParts {
  readonly activity: Activity;
  readonly clock: Clock;
  readonly registry: SubscriptionRegistry;
  readonly dispatcher: Dispatcher;
  readonly entrance: Entrance;
}

/** The methods with which a program raises events and subscribes to them, typed by the host's catalogs. */
export abstract class ProgramBus<C extends Catalogs> {
  protected abstract readonly events: EventParts;

  /**
   * Raises an event. For gates and lifecycle kinds the outcome is final; for observers `settled` resolves later.
   * While the host starts, the event waits until the folders are read, at most for a chain's budget (default 10 s).
   * Never rejects because of an extension; rejects with a HostError for an unknown kind, an event that is not JSON or does
   * not have what its kind requires, before `start`, after a failed start, and from `stop` on. When the signal is aborted,
   * extensions are told where they can be, nobody further is asked, and the call rejects with the signal's reason.
   */
  emit<K extends KindOf<C>>(
    event: { readonly kind: K } & FieldsOf<C, NoInfer<K>>,
    options?: EmitOptions,
  ): Promise<OutcomeOf<C, K>>;
  emit(event: object, options?: EmitOptions): Promise<unknown> {
    return this.events.entrance.emit(event as EventInput, options);
  }

  /**
   * Runs an operation between its before and after hooks and carries out what they decide: block, confirm, modify
   * and replace. Uses `rewrite_then_veto` unless told otherwise, so that no rewrite hides a call from a guard.
   */
  intercept<B extends BeforeKindOf<C>, A extends AfterKindOf<C, NoInfer<B>> = never>(
    kinds: InterceptKinds<B, A>,
    event: FieldsOf<C, NoInfer<B>>,
    run: (input: InputOf<C, NoInfer<B>>) => OperationResult | Promise<OperationResult>,
    options?: InterceptOptions,
  ): Promise<
    InterceptResult<OutcomeOf<C, B>, [A] extends [never] ? undefined : OutcomeOf<C, A>, InputOf<C, B>>
  >;
  intercept(
    kinds: InterceptKinds,
    event: object,
    run: (input: never) => OperationResult | Promise<OperationResult>,
    options?: InterceptOptions,
  ): Promise<unknown> {
    return this.events.activity.during(
      this.events.entrance.intercept(kinds, event, run as Operation, options),
    );
  }

  /** Subscribes a function of the program itself. Returns how to take it back. */
  subscribe<K extends KindOf<C>>(
    kind: K,
    handler: (event: SeenEvent<K>) => AnswerOf<C, K> | Promise<AnswerOf<C, K>>,
    options?: SubscribeOptions,
  ): () => void;
  subscribe(kind: string, handler: InProcessHandler, options: SubscribeOptions = {}): () => void {
    const { registry, clock, activity } = this.events;
    const subscription = programSubscription(registry, clock, activity, kind, handler, options);
    registry.add([subscription], undefined);
    return () => void registry.remove([subscription]);
  }

  /** Removes all subscriptions of one extension or of one `id` given to `subscribe`; returns how many those were. */
  unsubscribeAll(id: string): number {
    return this.events.registry.remove([...this.events.registry.ownedBy(id)]);
  }

  /** Returns the subscriptions of one extension, sorted by kind, then by tool filter, those without a filter first. */
  subscriptionsFor(
    id: string,
  ): { kind: string; subscription: string; tools: readonly string[] | undefined }[] {
    return this.events.registry.describe(id);
  }

  /** Number of subscriptions, of one kind or of all. */
  handlerCount(kind?: string): number {
    return this.events.registry.count(kind);
  }

  isEmpty(): boolean {
    return this.handlerCount() === 0;
  }

  /** Resolves when no observer owes an answer any more. */
  settled(): Promise<void> {
    return this.events.dispatcher.settled();
  }
}
