import { randomUUID } from "node:crypto";
import type { Extras } from "./event-input.js";

/** The first part tells the events of all hosts apart, the count behind it those of this process. */
const EVENT_ID_PREFIX = `${randomUUID().slice(0, 24)}000`;
/** Nine digits, so that an id has the form of a UUID; and small numbers, which are quickly turned into text. */
let lastEventId = 100_000_000;
let lastSentAt = { ms: 0, text: "0" };
let lastEnd = { deadlineMs: 0, attempt: 0, text: "" };

/** The number of a further event of this process. */
export function nextEventNumber(): number {
  return (lastEventId += 1);
}

/** Name of the event with a number: in `meta` on the wire, and in the trace. */
export function eventIdOf(number: number): string {
  return `${EVENT_ID_PREFIX}${number}`;
}

/** The part of `meta` that all subscriptions get. `output` is the whole output, `shown` the part of it that is sent. */
export function metaStart(
  number: number,
  sentAt: number,
  extras: Extras | undefined,
  output: string | null,
  shown: string | null,
): string {
  // Large numbers are slow to turn into text, and many events share a millisecond.
  if (lastSentAt.ms !== sentAt) lastSentAt = { ms: sentAt, text: String(sentAt) };
  const start = `,"meta":{"event_id":"${EVENT_ID_PREFIX}${number}","sent_at":${lastSentAt.text},`;
  if (output === null && extras === undefined) return `${start}"deadline_ms":`;
  const truncated = output !== shown;
  const own = JSON.stringify({
    ...extras,
    ...(output === null ? {} : { truncated }),
    ...(truncated && output !== null ? { total_bytes: Buffer.byteLength(output) } : {}),
    deadline_ms: 0,
  });
  return start + own.slice(1, -"0}".length);
}

/**
 * The part of `meta` behind it, which is each subscription's own. Most have the same deadline. `dropped`: items of the
 * stream's session that the subscription did not get before this one; said where there are any.
 */
export function metaEnd(deadlineMs: number, attempt: number, dropped = 0): string {
  const wholeMs = Math.max(1, Math.floor(deadlineMs));
  if (lastEnd.deadlineMs !== wholeMs || lastEnd.attempt !== attempt)
    lastEnd = { deadlineMs: wholeMs, attempt, text: `${wholeMs},"attempt":${attempt}}}` };
  return dropped === 0 ? lastEnd.text : `${lastEnd.text.slice(0, -2)},"dropped":${dropped}}}`;
}
