import type { BreakerPolicy, JsonValue, PermissionName } from "@synaps/sdk/protocol";
import type { Projection } from "../delivery/projection.js";
import type { Condition } from "./hooks/condition.js";
import type { Target } from "../delivery/target.js";
import type { AttributeCondition, Where } from "./where.js";

/**
 * Under `rewrite_then_veto`: `rewrite` may change the input, `veto` sees the final input and may only stop it. A
 * subscription without a phase is asked in the first, and once more as a veto if the input changed after it.
 */
export type Phase = "rewrite" | "veto";

/** Conditions under which an event concerns a subscription; all that are given must hold. */
export interface Filter {
  /** One name as it stands; matches the API-safe or the runtime name. With `tools`, either may match. */
  tool?: string;
  /** Names and globs; one must match the API-safe or the runtime name. */
  tools?: readonly string[];
  inputContains?: string;
  /** Deep equality; `has` tells an absent condition from one that wants null. */
  inputEquals?: { value: JsonValue };
  /** Conditions on attributes that the kind declares, each with a value or several of which one must hold. */
  where?: Where;
}

/** One subscription as `subscriptionsFor` lists it. */
export interface SubscriptionInfo {
  readonly kind: string;
  /** Its name among those of the same extension or `id`. */
  readonly subscription: string;
  readonly tools: readonly string[] | undefined;
  /** Its conditions on attributes. */
  readonly where: Where | undefined;
  /** JSON pointers of the only parts that it gets; undefined for whole events. */
  readonly fields: readonly string[] | undefined;
  /** False while it is switched off, by the program or by the host's configuration. */
  readonly asked: boolean;
}

/** One extension's interest in one hook kind, after its permission was checked. Exists from the manifest on. */
export interface Subscription {
  /** The hook's `id`, else `kind#n` with n counting the extension's hooks of that kind from 1. */
  readonly id: string;
  readonly extension: string;
  readonly kind: string;
  readonly filter: Filter;
  /** The conditions on attributes, ready to be asked. */
  readonly where: readonly AttributeCondition[] | undefined;
  /** True if there are conditions on more than the event's names. */
  readonly conditional: boolean;
  /** The program's own condition. */
  readonly condition?: Condition | undefined;
  /** The parts of the event that it gets; undefined for all. */
  readonly projection: Projection | undefined;
  readonly priority: number;
  readonly phase: Phase | undefined;
  readonly closed: boolean;
  readonly deadlineMs: number;
  /** The policy of its breaker; undefined for the one that every subscription has. */
  readonly breaker: BreakerPolicy | undefined;
  readonly permissions: ReadonlySet<PermissionName>;
  readonly target: Target;
}
