import type { BreakerPolicy } from "@synaps/sdk/protocol";
import type { Subscription } from "./subscription.js";

/** Settings of the hooks of one extension or id, or of one subscription. What is not set stays as declared. */
export interface HookTuning {
  readonly enabled?: boolean | undefined;
  readonly priority?: number | undefined;
  readonly deadlineMs?: number | undefined;
  /** `default` is the breaker that a subscription has which chose none. */
  readonly breaker?: BreakerPolicy | "default" | undefined;
}

/** The part of a host's configuration that decides who is asked, in which order, for how long. Never changed. */
export interface Tuning {
  /** False: nobody is asked. */
  readonly enabled: boolean;
  /** Longest deadline of a hook for which none is set here. */
  readonly mostMs?: number | undefined;
  /** The breaker of subscriptions that chose none. */
  readonly breaker?: BreakerPolicy | undefined;
  /** By extension or id, and by `<extension>/<subscription>`, which counts before the former. */
  readonly of: ReadonlyMap<string, HookTuning>;
}

/** Everything as declared. */
export const AS_DECLARED: Tuning = Object.freeze({ enabled: true, of: new Map() });

/**
 * The subscription as it is asked under a tuning; undefined if it is not asked. `isStream`: its kind is a stream, which takes
 * no breaker from anywhere, because one bad session would silence all others.
 */
export function tuned(
  subscription: Subscription,
  tuning: Tuning,
  isStream = false,
): Subscription | undefined {
  if (tuning === AS_DECLARED) return subscription;
  const { extension, id, deadlineMs, breaker } = subscription;
  const own: HookTuning = { ...tuning.of.get(extension), ...definedOf(tuning.of.get(`${extension}/${id}`)) };
  if (!tuning.enabled || own.enabled === false) return undefined;
  const chosen = own.breaker === "default" ? undefined : (own.breaker ?? breaker ?? tuning.breaker);
  return Object.freeze({
    ...subscription,
    priority: own.priority ?? subscription.priority,
    deadlineMs: own.deadlineMs ?? Math.min(deadlineMs, tuning.mostMs ?? deadlineMs),
    breaker: isStream ? breaker : chosen,
  });
}

function definedOf(tuning: HookTuning | undefined): HookTuning {
  return Object.fromEntries(Object.entries(tuning ?? {}).filter(([, value]) => value !== undefined));
}
