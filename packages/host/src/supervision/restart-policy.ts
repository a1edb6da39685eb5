import type { HostLimits } from "../options.js";

type RestartLimits = Pick<
  HostLimits,
  "restartBaseMs" | "restartCapMs" | "restartResetMs" | "restartAttempts" | "crashBudget" | "crashWindowMs"
>;

export type RestartDecision =
  { type: "restart"; delayMs: number } | { type: "fail" } | { type: "quarantine" };

/** The policy's memory of one extension. Plain data; times are on the host's clock. */
export interface RestartHistory {
  /** Crashes of processes that had shaken hands, within the window. */
  readonly crashes: readonly number[];
  /** Restarts since the last long enough health: the exponent of the pause. */
  readonly streak: number;
  /** Restarts in a row that did not reach the handshake. */
  readonly failedAttempts: number;
}

export const NO_HISTORY: RestartHistory = { crashes: [], streak: 0, failedAttempts: 0 };

/** Decides after the end of a live process. `upMs` is the time for which the process was live. */
export function afterCrash(
  history: RestartHistory,
  nowMs: number,
  upMs: number,
  random: number,
  limits: RestartLimits,
): { history: RestartHistory; decision: RestartDecision } {
  const crashes = [...history.crashes.filter((at) => nowMs - at < limits.crashWindowMs), nowMs];
  const streak = upMs >= limits.restartResetMs ? 0 : history.streak;
  const next = { crashes, streak: streak + 1, failedAttempts: 0 };
  if (crashes.length >= limits.crashBudget) return { history: next, decision: { type: "quarantine" } };
  return { history: next, decision: { type: "restart", delayMs: pauseMs(streak, random, limits) } };
}

/** Decides after a restart that did not get to the end of its handshake. */
export function afterFailedRestart(
  history: RestartHistory,
  random: number,
  limits: RestartLimits,
): { history: RestartHistory; decision: RestartDecision } {
  const next = { ...history, streak: history.streak + 1, failedAttempts: history.failedAttempts + 1 };
  if (next.failedAttempts >= limits.restartAttempts) return { history: next, decision: { type: "fail" } };
  return { history: next, decision: { type: "restart", delayMs: pauseMs(history.streak, random, limits) } };
}

/** Exponential, capped, with full jitter: extensions that crashed together do not restart together. */
export function pauseMs(streak: number, random: number, limits: RestartLimits): number {
  return Math.min(limits.restartCapMs, limits.restartBaseMs * 2 ** Math.min(streak, 30)) * random;
}
