import { isJsonObject, type JsonObject, type JsonValue } from "@synaps/sdk/protocol";
import { abridge, type Limits } from "@synaps/sdk/values";
import type { SeenEvent, SeenOutcome, SeenVote } from "../hook-types.js";
import { nameOf, saidOf, type EventFacts } from "../watch/facts.js";

/** One vote of a trace. */
export interface TracedVote {
  readonly extension: string;
  readonly subscription: string;
  /** The action, the reason of an abstention, or `not_reached`. */
  readonly said: string;
  readonly queueMs: number;
  readonly runMs: number;
  /** Reason why a verdict had no effect. */
  readonly ignored?: string;
}

/** Question and answers of one event. Everything from outside is masked and cut. */
export interface Trace {
  readonly kind: string;
  /** Time of the outcome in milliseconds since 1970. */
  readonly atMs: number;
  readonly eventId: string | null;
  readonly tool: string | null;
  readonly component: string | null;
  readonly session: string | null;
  readonly correlation: string | null;
  /** The content of the event; null if a hook ended the chain before this one saw the event. */
  readonly asked: JsonObject | null;
  readonly action: string;
  /** Further members of the outcome: who decided, the reason, the new input and the like. */
  readonly answered: JsonObject;
  readonly votes: readonly TracedVote[];
  readonly durationMs: number;
}

/** Enough to recognise a call. */
const KEPT: Limits = { chars: 200, members: 24, depth: 5, values: 120 };
const MOST_VOTES = 64;
const CARRYING = ["tool_input", "tool_output", "message", "data"] as const;
/** Members of an outcome that a trace has under names of its own. */
const OWN = new Set(["kind", "action", "votes", "durationMs"]);

/** The content of an event, masked and cut. */
export function askedOf(event: SeenEvent): JsonObject {
  const carried = CARRYING.flatMap((part) => (event[part] == null ? [] : [[part, event[part]] as const]));
  return shortened(Object.fromEntries(carried));
}

/** The trace of an outcome. `facts` and `asked`: of its event, if it was seen. */
export function traceOf(
  outcome: SeenOutcome,
  facts: EventFacts | undefined,
  asked: JsonObject | undefined,
  atMs: number,
): Trace {
  const { kind, action, votes, durationMs } = outcome;
  const { tool = null, component = null, session = null, correlation = null } = facts ?? {};
  return {
    kind,
    atMs,
    eventId: outcome.eventId ?? null,
    tool,
    component,
    session,
    correlation,
    asked: asked ?? null,
    action,
    answered: shortened(Object.fromEntries(Object.entries(outcome).filter(([name]) => !OWN.has(name)))),
    votes: votes.slice(0, MOST_VOTES).map(voteOf),
    durationMs: rounded(durationMs),
  };
}

function voteOf(vote: SeenVote): TracedVote {
  const { extension, subscription, queueMs = 0, runMs = 0, ignored } = vote;
  const times = { queueMs: rounded(queueMs), runMs: rounded(runMs) };
  const why = ignored === undefined ? {} : { ignored: nameOf(ignored, KEPT.chars) };
  return { extension, subscription, said: saidOf(vote), ...times, ...why };
}

/** The object as JSON would have it, masked and cut. */
function shortened(object: Readonly<Record<string, unknown>>): JsonObject {
  const short = abridge(object as { [key: string]: JsonValue }, KEPT);
  return isJsonObject(short) ? short : {};
}

/** Milliseconds to a microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
