import type { JsonValue } from "@synaps/sdk";
import { memberAt } from "@synaps/sdk/protocol";
import { abridge, addressIn, type Limits } from "@synaps/sdk/values";

/** Something that is to be reported. */
export interface Notification {
  /** Kind or topic. */
  readonly what: string;
  readonly severity: Severity;
  /** Masked, and within bounds. */
  readonly data: JsonValue;
  readonly sessionId: string | null;
  /** The event's name in the outcome and in the audit; null for raised events. */
  readonly eventId: string | null;
  /** Events with the same subject are about the same thing: of one address, name, budget or component. */
  readonly subject: string;
}

type Severity = "low" | "medium" | "high";

/** An event as far as it is reported. */
export interface Reported {
  readonly kind: string;
  readonly session_id?: string | null;
  readonly data?: unknown;
  readonly meta?: { readonly event_id: string };
}

/** Enough for a chat and for a SIEM that has the audit beside it: a message stays below 16 KiB. */
const LIMITS: Limits = { chars: 200, members: 20, depth: 4, values: 60 };
/** Longest subject, in characters. */
const MAX_SUBJECT = 128;

/** Members of data that name who or what an event is about, the most exact one first. */
const SUBJECTS = [
  ["peer_addr"],
  ["peer_ip"],
  ["username"],
  ["name"],
  ["component", "name"],
  ["budget"],
  ["session_id"],
];

/** Makes the report of an event of a hook or of a raised event. */
export function notificationOf({ kind, session_id, data, meta }: Reported): Notification {
  return {
    what: kind,
    severity: severityOf(kind, data),
    data: abridge((data ?? null) as JsonValue, LIMITS),
    sessionId: session_id ?? null,
    eventId: meta?.event_id ?? null,
    subject: subjectOf(kind, data),
  };
}

function severityOf(kind: string, data: unknown): Severity {
  const own = memberAt(data, ["severity"]);
  if (own === "low" || own === "medium" || own === "high") return own;
  if (own === "critical") return "high";
  switch (kind) {
    case "gateway.security_event":
      return memberAt(data, ["action"]) === "warn" ? "medium" : "high";
    case "gateway.auth_failure":
      return memberAt(data, ["locked_out"]) === true ? "high" : "medium";
    case "messaging.auth":
    case "agent.resource_limit_exceeded":
      return "medium";
    default:
      return kind.startsWith("notify.") ? "low" : "high";
  }
}

function subjectOf(kind: string, data: unknown): string {
  const found = SUBJECTS.map((keys) => memberAt(data, keys)).find((value) => typeof value === "string");
  const type = memberAt(data, ["event_type"]);
  // The port of a client is another one each time.
  const name = found === undefined ? "" : (addressIn(String(found))?.address ?? String(found));
  return `${kind} ${typeof type === "string" ? type : ""} ${name}`.slice(0, MAX_SUBJECT);
}
