import type { JsonObject } from "@synaps/sdk";
import { memberAt } from "@synaps/sdk/protocol";
import { addressBits, addressIn, isIpv4, maskText } from "@synaps/sdk/values";

/** A login as it is written down. Texts are within bounds and have no control characters. */
export interface Login {
  readonly success: boolean;
  readonly user: string | null;
  /** Address without port; null where there is none. */
  readonly peer: string | null;
  readonly method: string | null;
  readonly reason: string | null;
  readonly attempts: number | null;
  readonly locked_out: boolean | null;
  readonly session_id: string | null;
  /** The event's name in the outcome and in the audit. */
  readonly event_id: string | null;
}

/** An event of a login as far as it is looked at. */
export interface LoginEvent {
  readonly kind: string;
  readonly session_id?: string | null;
  readonly data?: unknown;
  readonly meta?: { readonly event_id: string };
}

/** Longest text that is kept, in characters. */
const MAX_TEXT = 128;

/** Reads the event of a login. */
export function loginOf({ kind, session_id, data, meta }: LoginEvent): Login {
  const at = (name: string): unknown => memberAt(data, [name]);
  const success = kind === "gateway.auth_success" || (kind === "messaging.auth" && at("success") === true);
  const peer = at("peer_addr") ?? at("peer_ip");
  return {
    success,
    user: plain(at("username")),
    peer: typeof peer === "string" ? (addressIn(peer)?.address ?? plain(peer)) : null,
    method: plain(at("method")),
    reason: success ? null : plain(at("failure_reason")),
    attempts: typeof at("attempts") === "number" ? (at("attempts") as number) : null,
    locked_out: typeof at("locked_out") === "boolean" ? (at("locked_out") as boolean) : null,
    session_id: plain(session_id),
    event_id: meta?.event_id ?? null,
  };
}

/** The name under which a peer is counted: of IPv6 the first 64 bits, because one subscriber has all of these. */
export function peerKey(peer: string): string {
  const found = addressIn(peer);
  if (found === undefined) return peer;
  const bits = addressBits(found);
  return isIpv4(bits) ? `4 ${bits[3]}` : `6 ${bits[0]} ${bits[1]}`;
}

/** The login without the members that it does not have. */
export function fieldsOf(login: Login): JsonObject {
  return Object.fromEntries(Object.entries(login).filter(([, value]) => value !== null));
}

/** The login as one line. */
export function lineOf(login: Login): string {
  const { success, event_id: _, ...rest } = fieldsOf(login);
  const pairs = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `login ${success === true ? "succeeded" : "failed"}: ${pairs.join(" ")}`;
}

/** Names come from whoever tries to log in: they end no line, move no cursor and turn no direction of writing. */
function plain(value: unknown): string | null {
  if (typeof value !== "string" || value === "") return null;
  const text = value.slice(0, MAX_TEXT + 1).replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, "?");
  return maskText(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
}
