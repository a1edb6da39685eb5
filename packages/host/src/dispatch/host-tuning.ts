import { breakerPolicy, didYouMean, type BreakerChoice } from "@synaps/sdk/protocol";
import type { HookConfig, HostConfig } from "../loading/host-config/host-config.js";
import { withoutUnseen } from "../text-bounds.js";
import type { Subscription } from "./subscription.js";
import { tuned, type HookTuning, type Tuning } from "./tuning.js";

/** Id of the hook that counts the gateway's events, which `hooks.metrics_hook` switches. */
const METRICS_HOOK = "metrics";

/** The tuning that a host's configuration asks for. */
export function tuningOf({ hooks }: Pick<HostConfig, "hooks">): Tuning {
  const { enabled, timeoutMs, circuitBreakerThreshold, breaker, metricsHook } = hooks;
  const threshold = circuitBreakerThreshold === null ? null : { failureRate: circuitBreakerThreshold };
  const choice: BreakerChoice | null = threshold ?? breaker;
  const of = new Map(Object.entries(hooks.of).map(([id, own]) => [id, hookTuning(own)]));
  // Switched off by either of the two.
  if (!metricsHook) of.set(METRICS_HOOK, { ...of.get(METRICS_HOOK), enabled: false });
  return {
    enabled,
    mostMs: timeoutMs ?? undefined,
    breaker: choice === null ? undefined : breakerPolicy(choice),
    of,
  };
}

function hookTuning({ enabled, priority, timeoutMs, breaker }: HookConfig): HookTuning {
  return {
    enabled: enabled ?? undefined,
    priority: priority ?? undefined,
    deadlineMs: timeoutMs ?? undefined,
    breaker: breaker === null ? undefined : (breakerPolicy(breaker) ?? "default"),
  };
}

/** Says which guards among subscriptions a tuning switches off. */
export function guardsOff(tuning: Tuning, subscriptions: readonly Subscription[]): string[] {
  const guards = subscriptions.filter((one) => one.closed && tuned(one, tuning) === undefined);
  return guards.map(
    ({ extension, id }) =>
      `The guard '${extension}/${id}' is switched off by the host's configuration: nothing waits for it`,
  );
}

/** Says what a tuning does that its user should know: guards that it switches off, and names that nothing has. */
export function remarksOn(tuning: Tuning, subscriptions: readonly Subscription[]): string[] {
  const names = new Set(subscriptions.flatMap(({ extension, id }) => [extension, `${extension}/${id}`]));
  const unknown = [...tuning.of.keys()].filter((name) => !names.has(name) && name !== METRICS_HOOK);
  const dead = unknown.slice(0, MOST_REMARKS).map((name) => {
    const meant = didYouMean(name, [...names]);
    return `[hooks.of.${withoutUnseen(JSON.stringify(name))}] of the host's configuration concerns nothing so far: no hook has this name${meant === undefined ? "" : `. Did you mean '${meant}'?`}`;
  });
  const more = unknown.length - dead.length;
  return [
    ...guardsOff(tuning, subscriptions),
    ...dead,
    ...(more > 0 ? [`${more} more names under [hooks.of] concern nothing so far`] : []),
  ];
}

/** Names of nothing that are told one by one. */
const MOST_REMARKS = 20;
