import { withoutUnseen } from "../text-bounds.js";
import type { AskedSubscription, TracedEvent } from "./recorder.js";
import type { Vote } from "./vote.js";

const TRUTHY = ["1", "true", "yes", "on"];

/** True if a switch in the environment is on, by the rule of the ecosystem. */
export function isTruthy(value: string | undefined): boolean {
  return value !== undefined && TRUTHY.includes(value.trim().toLowerCase());
}

/** True if the value of `SYNAPS_EXTENSIONS_TRACE` asks for lines that people read at a terminal. */
export function isPretty(value: string): boolean {
  return value.trim().toLowerCase() === "pretty";
}

/** One call of a handler, as the trace tells it. */
export interface Traced {
  readonly subscription: AskedSubscription;
  readonly vote: Vote;
  readonly event: TracedEvent;
  /** Milliseconds since the epoch. */
  readonly wallMs: number;
}

/** The form that the value of `SYNAPS_EXTENSIONS_TRACE` asks for; undefined when the trace is off. */
export function traceForm(value: string): ((traced: Traced) => string) | undefined {
  if (isPretty(value)) return prettyLine;
  return isTruthy(value) ? traceLine : undefined;
}

/**
 * The reference's record of one handler call as a JSON line, and behind it what tells interleaved events apart. Holds no
 * payload: an abstention and an ignored verdict are named by their reason alone.
 */
export function traceLine({ subscription, vote, event, wallMs }: Traced): string {
  const { kind, deadlineMs, target } = subscription;
  const timedOut = isTimeout(vote);
  const reason = reasonOf(vote);
  const line = JSON.stringify({
    level: timedOut ? "warn" : "info",
    message: "Extension hook trace",
    extension_trace: true,
    hook: kind,
    extension: vote.extension,
    action: timedOut ? "timeout" : vote.status === "voted" ? vote.verdict.action : "continue",
    duration_ms: Math.floor(durationOf(vote)),
    ...(timedOut ? { timeout_secs: deadlineMs / 1000 } : {}),
    health: target.health,
    restart_count: target.restartCount,
    ...(vote.status === "abstained" ? { abstained: vote.reason } : {}),
    time: new Date(wallMs).toISOString(),
    event_id: event.eventId,
    ...event.traceFields,
    tool: event.toolName,
    subscription: vote.subscription,
    ...(reason === undefined ? {} : { reason }),
  });
  // Names of tools come from outside, and the trace goes to a terminal.
  return withoutUnseen(line);
}

/** The same for a reader at a terminal. */
function prettyLine({ subscription, vote, event, wallMs }: Traced): string {
  const time = new Date(wallMs).toISOString().slice(11, -1);
  const own = Object.entries(event.traceFields ?? {}).map(([name, value]) => `${name}=${value}`);
  const about = [...own, event.eventId.slice(-9), subscription.kind, event.toolName ?? "-"].join(" ");
  const said = vote.status === "voted" ? vote.verdict.action : vote.status;
  const reason = reasonOf(vote);
  const why = reason === undefined ? "" : ` (${reason})`;
  const line = `${time}  ${about}  ${vote.extension}/${vote.subscription}  ${said}${why}  ${durationOf(vote).toFixed(1)} ms`;
  return withoutUnseen(line);
}

function isTimeout(vote: Vote): boolean {
  return vote.status === "abstained" && vote.reason === "timeout";
}

/** Reason why a vote has no effect. Never the text of an extension, which may repeat a payload. */
function reasonOf(vote: Vote): string | undefined {
  return vote.status === "abstained" ? vote.reason : vote.status === "voted" ? vote.ignored : undefined;
}

function durationOf(vote: Vote): number {
  return vote.status === "not_reached" ? 0 : vote.queueMs + vote.runMs;
}
