import type { JsonValue } from "@synaps/sdk/protocol";

/** Why a call through a lease was not answered. */
export const LEASE_REASONS = {
  not_deferred: "the extension is not there, or is not one that starts when its tools are needed",
  manifest_invalid: "its manifest is no longer valid, or its code no longer approved",
  launch_drift: "its command, configuration or place is no longer what the host has read",
  declaration_drift: "its manifest declares or may do something else than what the host has read",
  declaration_mismatch: "it declares something else than its manifest",
  name_not_listed: "its manifest, or its process, has no tool of this name",
  schema_mismatch: "its process declares another schema for the tool than its manifest",
  not_granted: "the tool was not activated for this session",
  revoked: "the activation was revoked, because extension and manifest did not agree",
  capacity: "too many extensions of this kind are running",
  transport: "its process did not start, ended, or did not answer in time",
  extension_reported: "it answered with an error",
  cancelled: "the caller gave it up",
  stopped: "the host, the session or the extension was ended",
} as const;

export type LeaseReason = keyof typeof LEASE_REASONS;

/** After these the tool has to be activated again: what was agreed to is not what is there. */
export const REVOKING: ReadonlySet<LeaseReason> = new Set([
  "not_deferred",
  "manifest_invalid",
  "launch_drift",
  "declaration_drift",
  "declaration_mismatch",
  "name_not_listed",
  "schema_mismatch",
]);

export interface LeaseFailure {
  ok: false;
  reason: LeaseReason;
  /** For people. Of what an extension said, only what went wrong with its process, at most 200 bytes of it. */
  message: string;
  /** Whether the activation of the tool was revoked by this. */
  revoked: boolean;
}

export type LeaseResult = { ok: true; result: JsonValue } | LeaseFailure;

export function leaseFailure(reason: LeaseReason, detail?: string): LeaseFailure {
  const message = detail === undefined ? LEASE_REASONS[reason] : `${LEASE_REASONS[reason]}: ${detail}`;
  return { ok: false, reason, message, revoked: REVOKING.has(reason) };
}
