import { channel, type Channel } from "node:diagnostics_channel";
import type { ConcludedEvent } from "./recorder.js";
import type { Vote } from "./vote.js";

/** The message of the channel `synaps:outcome`: an outcome without its payload. */
export interface OutcomeMessage {
  readonly kind: string;
  readonly action: string;
  readonly durationMs: number;
  readonly votes: readonly VoteMessage[];
}

/** A vote as the channel `synaps:outcome` shows it: without texts, inputs and outputs. */
export interface VoteMessage {
  readonly extension: string;
  readonly subscription: string;
  readonly status: Vote["status"];
  /** The action of a vote, or the reason of an abstention. */
  readonly said: string | null;
  readonly queueMs: number;
  readonly runMs: number;
}

/** Told to channels as they are. Lines of extensions are in none: they may repeat a payload. */
const AS_THEY_ARE = ["state", "crash", "quarantine", "breaker", "config_reload", "stopped"] as const;

const CHANNELS: ReadonlyMap<string, Channel> = new Map(
  [...AS_THEY_ARE, "outcome"].map((name) => [name, channel(`synaps:${name}`)]),
);

/**
 * Publishes an event of a host on the channel `synaps:<name>` of `node:diagnostics_channel`. Makes nothing while nobody
 * subscribes. Never throws: Node raises the error of a subscriber as an uncaught exception, after the event went on.
 */
export function publish(name: string, event: unknown): void {
  const to = CHANNELS.get(name);
  if (to?.hasSubscribers !== true) return;
  to.publish(name === "outcome" ? outcomeMessage(event as ConcludedEvent) : { ...(event as object) });
}

function outcomeMessage({ kind, action, durationMs, votes }: ConcludedEvent): OutcomeMessage {
  return { kind, action, durationMs, votes: votes.map(voteMessage) };
}

function voteMessage(vote: Vote): VoteMessage {
  const { extension, subscription, status } = vote;
  if (status === "not_reached") return { extension, subscription, status, said: null, queueMs: 0, runMs: 0 };
  const { queueMs, runMs } = vote;
  const said = status === "voted" ? vote.verdict.action : vote.reason;
  return { extension, subscription, status, said, queueMs, runMs };
}
