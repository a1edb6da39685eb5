import type { AskedSubscription } from "./recorder.js";
import type { Vote } from "./vote.js";

const TRUTHY = ["1", "true", "yes", "on"];

/** True if a switch in the environment is on, by the rule of the ecosystem. */
export function isTruthy(value: string | undefined): boolean {
  return value !== undefined && TRUTHY.includes(value.trim().toLowerCase());
}

/**
 * The reference's record of one handler call as a JSON line. Holds no payload: an abstention is named by its
 * reason alone, in a key that the reference does not have.
 */
export function traceLine({ kind, deadlineMs, target }: AskedSubscription, vote: Vote): string {
  const { health, restartCount } = target;
  const timedOut = vote.status === "abstained" && vote.reason === "timeout";
  const duration = vote.status === "not_reached" ? 0 : vote.queueMs + vote.runMs;
  return JSON.stringify({
    level: timedOut ? "warn" : "info",
    message: "Extension hook trace",
    extension_trace: true,
    hook: kind,
    extension: vote.extension,
    action: timedOut ? "timeout" : vote.status === "voted" ? vote.verdict.action : "continue",
    duration_ms: Math.floor(duration),
    ...(timedOut ? { timeout_secs: deadlineMs / 1000 } : {}),
    health,
    restart_count: restartCount,
    ...(vote.status === "abstained" ? { abstained: vote.reason } : {}),
  });
}
