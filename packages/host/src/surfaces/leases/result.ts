import type { JsonValue } from "@synaps/sdk/protocol";
import type { CallFailure } from "../../delivery/results.js";
import { lineOf } from "../../text-bounds.js";

/** Text of a process in a message, at most. */
const MAX_DETAIL_BYTES = 200;

/** Reasons for a call through a lease without an answer. */
export const LEASE_REASONS = {
  not_deferred: "the extension is not there, or is not one that starts when its tools are needed",
  manifest_invalid: "its manifest is no longer valid, or its code no longer approved",
  config_invalid: "its configuration is not valid any more",
  launch_drift: "its command or place is no longer what the host has read",
  declaration_drift: "its manifest declares or may do something else than what the host has read",
  declaration_mismatch: "it declares something else than its manifest",
  name_not_listed: "its manifest, or its process, has no tool of this name",
  schema_mismatch: "its process declares another schema for the tool than its manifest",
  not_granted: "the tool was not activated for this session",
  revoked: "the activation was revoked, because extension and manifest did not agree",
  capacity: "too many extensions of this kind are running",
  transport: "its process did not start, ended, or did not answer in time",
  extension_reported: "it answered with an error",
  blocked: "a hook or the user said no, or could not be asked",
  cancelled: "the caller gave it up",
  stopped: "the host, the session or the extension was ended",
} as const;

/** Reason for which a call of a lazy tool failed: a key of a fixed table. Reasons are stable; messages may change. */
export type LeaseReason = keyof typeof LEASE_REASONS;

/** After these reasons the tool has to be activated again: the code is not the code that was agreed to. */
export const REVOKING: ReadonlySet<LeaseReason> = new Set([
  "not_deferred",
  "manifest_invalid",
  "launch_drift",
  "declaration_drift",
  "declaration_mismatch",
  "name_not_listed",
  "schema_mismatch",
]);

/** A call of a lazy tool that came to nothing. */
export interface LeaseFailure {
  ok: false;
  reason: LeaseReason;
  /** For people. Holds at most 200 bytes of text about the process, and no error text of the extension. */
  message: string;
  /** True if this failure revoked the activation of the tool. */
  revoked: boolean;
}

/** The end of a call of a lazy tool: its result as the extension sent it, or the reason why there is none. */
export type LeaseResult = { ok: true; result: JsonValue } | LeaseFailure;

/** A result with the error that the tool itself answered with, which the failure's message withholds. */
export type ToldResult = LeaseResult & { error?: { code: number; message: string; data?: unknown } };

/**
 * One call of a tool of a lazy extension. The tool has to be activated for the session first, else the call fails with
 * `not_granted`.
 */
export interface LeaseCall {
  session: string;
  extension: string;
  tool: string;
  input: JsonValue;
  /** For its turn, and then for the answer. Default 120 s. */
  deadlineMs?: number;
  signal?: AbortSignal;
}

/** Tools of lazy extensions, as other surfaces call them. */
export interface LeasedTools {
  /** Activates exactly one tool for a session. Starts nothing. Undefined when the tool may be called now. */
  grant(session: string, extension: string, tool: string): LeaseFailure | undefined;
  /** The reason why a tool may not be called in a session, if there is one. */
  refusal(session: string, extension: string, tool: string): LeaseFailure | undefined;
  /**
   * Calls an activated tool between the hooks that every tool call passes, and starts its extension for the session if the
   * session has none. An output that a hook replaced is the result. Never rejects for what becomes of the call.
   */
  execute(call: LeaseCall): Promise<LeaseResult>;
  /** The same without hooks, for the host's tools, which ask them; callers get a tool's own error as of any other tool. */
  executeTold(call: LeaseCall): Promise<ToldResult>;
}

/** The end of a call, in the terms of leases. */
export function leaseResultOf(end: { value: JsonValue } | CallFailure): ToldResult {
  if ("value" in end) return { ok: true, result: end.value };
  switch (end.status) {
    case "failed": {
      // An extension's error text may be meant for nobody: only its length is told.
      const told = end.error ? `${Buffer.byteLength(end.error.message)} bytes, withheld` : end.reason;
      const failure = leaseFailure("extension_reported", told);
      return end.error ? { ...failure, error: end.error } : failure;
    }
    case "cancelled":
      return leaseFailure("cancelled");
    case "unavailable":
      return end.cause === "stopped" ? leaseFailure("stopped") : transportFailure(end.reason);
    case "timeout":
      return transportFailure(end.reason);
  }
}

export function transportFailure(why: string): LeaseFailure {
  return leaseFailure("transport", lineOf(why, MAX_DETAIL_BYTES));
}

export function leaseFailure(reason: LeaseReason, detail?: string): LeaseFailure {
  const message = detail === undefined ? LEASE_REASONS[reason] : `${LEASE_REASONS[reason]}: ${detail}`;
  return { ok: false, reason, message, revoked: REVOKING.has(reason) };
}
