import { memberAt } from "@synaps/sdk/protocol";
import { maskText } from "@synaps/sdk/values";
import type { EventNames, SeenEvent, SeenVote } from "../hook-types.js";

/** The names that tell one event from others. Texts from outside are cut and have no control characters. */
export interface EventFacts {
  readonly eventId: string;
  readonly tool: string | null;
  /** Type and name of the component of an event of the agent catalog. */
  readonly component: string | null;
  readonly session: string | null;
  readonly correlation: string | null;
}

/** Longest name that is repeated, in characters. */
const MAX_NAME_LENGTH = 128;
/** Characters behind the cut in which a secret that begins before it is still recognised. */
const LOOKED_AHEAD = 4_096;
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Reads the names of an event. */
export function factsOf(
  { tool_name, session_id, data }: SeenEvent,
  { eventId, correlationId }: EventNames,
): EventFacts {
  const type = memberAt(data, ["component", "type"]);
  const name = memberAt(data, ["component", "name"]);
  const isComponent = typeof type === "string" && typeof name === "string";
  return {
    eventId,
    tool: nameOrNull(tool_name),
    component: isComponent ? nameOf(`${type} ${name}`) : null,
    session: nameOrNull(session_id ?? memberAt(data, ["session_id"])),
    correlation: nameOrNull(correlationId),
  };
}

/** A text of an event as one short line without secrets of a known shape. */
export function nameOf(text: string, maxLength = MAX_NAME_LENGTH): string {
  // Masked before it is cut: the beginning of a secret would look like no secret.
  const masked = maskText(text.slice(0, maxLength + LOOKED_AHEAD).replace(UNSEEN, " "));
  const isWhole = text.length <= maxLength + LOOKED_AHEAD && masked.length <= maxLength;
  return isWhole ? masked : `${masked.slice(0, maxLength)}…`;
}

/** The answer of a vote in one word: the action, the reason of an abstention, or `not_reached`. */
export function saidOf({ status, verdict, reason }: SeenVote): string {
  if (status === "voted") return verdict?.action ?? "continue";
  return status === "abstained" ? (reason ?? "abstained") : "not_reached";
}

function nameOrNull(value: unknown): string | null {
  return typeof value === "string" ? nameOf(value) : null;
}
