import type { JsonValue } from "@synaps/sdk";
import type { Notification } from "./notification.js";
import type { Settings } from "./settings.js";

/** Facts about one message beside what it reports. */
export interface Envelope {
  /** The same for each try, so that a receiver can leave out what it has. */
  readonly id: string;
  /** Time of the event in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Further events about the same thing that this message stands for. */
  readonly repeated: number;
  /** Messages that had no room since the one before. */
  readonly dropped: number;
}

/** Most characters of a chat message: Discord takes 2,000. */
const MAX_TEXT = 1_900;
/** Members of data that a chat message has. */
const MAX_PAIRS = 12;

/** The body of a message. */
export function bodyOf(form: Settings["form"], notification: Notification, envelope: Envelope): string {
  switch (form) {
    case "json":
      return JSON.stringify(recordOf(notification, envelope));
    case "slack":
      // Names between angle brackets would call people and make links.
      return JSON.stringify({ text: escaped(textOf(notification, envelope)) });
    case "discord":
      return JSON.stringify({ content: textOf(notification, envelope), allowed_mentions: { parse: [] } });
  }
}

function recordOf(notification: Notification, { id, atMs, repeated, dropped }: Envelope): object {
  const { what, severity, data, sessionId, eventId } = notification;
  return {
    id,
    time: new Date(atMs).toISOString(),
    event: what,
    severity,
    session_id: sessionId,
    event_id: eventId,
    repeated,
    dropped_before: dropped,
    data,
  };
}

function textOf({ what, severity, data, sessionId }: Notification, { repeated, dropped }: Envelope): string {
  const session = sessionId === null ? [] : [`session ${sessionId}`];
  const parts = [...pairsIn(data).slice(0, MAX_PAIRS), ...session];
  const more = repeated > 0 ? `, and ${repeated} more like this` : "";
  const missing = dropped > 0 ? ` (${dropped} messages before had no room)` : "";
  const text = plain(`[${severity}] ${what}: ${parts.join(", ")}`).slice(0, MAX_TEXT);
  return `${text}${more}${missing}`;
}

/** The single values of an object and of the objects in it, as texts. */
function pairsIn(data: JsonValue, before = ""): string[] {
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return data === null ? [] : [`${before}${typeof data === "string" ? data : JSON.stringify(data)}`];
  return Object.entries(data).flatMap(([name, value]) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return value === null
        ? []
        : [`${before}${name} ${typeof value === "string" ? value : JSON.stringify(value)}`];
    return before === "" ? pairsIn(value, `${name} `) : [];
  });
}

/** Names come from outside: they cannot begin a line, turn the direction of writing or move a cursor. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
