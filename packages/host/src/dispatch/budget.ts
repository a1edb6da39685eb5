import type { HostLimits } from "../options.js";

/** The time of one chain. Pure arithmetic on the host's clock. */
export interface Budget {
  readonly untilMs: number;
  /** From here on everyone who is left is asked in parallel. */
  readonly shortFromMs: number;
}

/** At least the largest deadline granted in the chain, so that a lone slow hook gets what its manifest says. */
export function chainBudget(
  nowMs: number,
  subscriptions: readonly { readonly deadlineMs: number }[],
  limits: Pick<HostLimits, "chainBudgetMs" | "chainReserveMs">,
): Budget {
  let totalMs = limits.chainBudgetMs;
  for (const { deadlineMs } of subscriptions) totalMs = Math.max(totalMs, deadlineMs);
  const untilMs = nowMs + totalMs;
  return { untilMs, shortFromMs: untilMs - limits.chainReserveMs };
}

/** When one of several, asked in turn, must have answered: the reserve is kept for those after it. */
export function turnEndsMs(budget: Budget, isLast: boolean): number {
  return isLast ? budget.untilMs : budget.shortFromMs;
}

export function isShort(budget: Budget, nowMs: number): boolean {
  return nowMs >= budget.shortFromMs;
}
