import type { EmitOptions, InterceptOptions } from "./entrance.js";
import type { SubscribeOptions } from "./from-program.js";
import type { Hook, Hooks } from "./hooks/hook.js";
import type { HookContext } from "./in-process.js";
import type {
  InterceptKinds,
  InterceptResult,
  OperationContext,
  OperationResult,
} from "./operation/types.js";
import type {
  AfterKindOf,
  AnswerOf,
  BeforeKindOf,
  Catalogs,
  FieldsOf,
  FilterOf,
  InputOf,
  KindOf,
  OutcomeOf,
  SeenEvent,
} from "./kind-types.js";

/** The methods of a host that know the kinds of its catalogs: names, fields, outcomes and answers. */
export interface TypedEvents<C extends Catalogs> {
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

  /**
   * Runs an operation between its before and after hooks and carries out what they decide: block, confirm, modify,
   * replace, skip, cache, redirect, retry and fork, as far as the kinds allow them. Uses `rewrite_then_veto` unless told otherwise, so that no rewrite hides a call from a guard.
   */
  intercept<B extends BeforeKindOf<C>, A extends AfterKindOf<C, NoInfer<B>> = never>(
    kinds: InterceptKinds<B, A>,
    event: FieldsOf<C, NoInfer<B>>,
    run: (
      input: InputOf<C, NoInfer<B>>,
      context: OperationContext,
    ) => OperationResult | Promise<OperationResult>,
    options?: InterceptOptions,
  ): Promise<
    InterceptResult<OutcomeOf<C, B>, [A] extends [never] ? undefined : OutcomeOf<C, A>, InputOf<C, B>>
  >;

  /** Subscribes a function of the program itself. Returns how to take it back. */
  subscribe<K extends KindOf<C>>(
    kind: K,
    handler: (event: SeenEvent<C, K>, context: HookContext) => AnswerOf<C, K> | Promise<AnswerOf<C, K>>,
    options?: Omit<SubscribeOptions, "filter"> & { filter?: FilterOf<C, NoInfer<K>> },
  ): () => void;

  /** Registers a hook of the program: kinds and handlers under one id. Resolves with how to unregister it. */
  use<K extends KindOf<C>>(hook: Hook<C, K>): Promise<() => Promise<void>>;

  /** The hooks of the program: listed, switched off and on, registered together, unregistered. */
  readonly hooks: Hooks<C>;
}
