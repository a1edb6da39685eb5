import type { AbstentionReason, JsonValue } from "@synaps/sdk/protocol";
import type { Leases } from "../leases/leases.js";
import type { LeaseReason } from "../leases/result.js";
import { attemptOf, CANCELLED } from "./tool-answer.js";
import type { IndexedTool } from "./tool-index.js";
import type { ToolAttempt, ToolCallOptions } from "./tool-types.js";

/**
 * Calls a tool of an extension that sleeps until its tools are needed, through the process that the session has for
 * itself. That the program names exactly this tool activates it; one whose activation was revoked stays closed until the
 * program activates it again.
 */
export async function leasedAttempt(
  leases: Leases,
  { info }: IndexedTool,
  input: JsonValue,
  deadlineMs: number,
  { sessionId, signal }: ToolCallOptions,
): Promise<ToolAttempt> {
  const { extension, tool, name } = info;
  // Calls without a session share one.
  const session = sessionId ?? "";
  if (leases.refusal(session, extension, tool)?.reason === "not_granted")
    leases.grant(session, extension, tool);
  const call = { session, extension, tool, input, deadlineMs };
  const result = await leases.execute(signal ? { ...call, signal } : call);
  if (result.ok) {
    const reply = { type: "result", result: result.result } as const;
    return attemptOf(name, { type: "reply", reply, queueMs: 0, runMs: 0 });
  }
  const content = `The tool '${name}' gave no answer: ${result.message}.`;
  if (result.reason === "cancelled") return CANCELLED;
  if (result.reason === "extension_reported") return { status: "error", isError: true, content };
  return { status: "unavailable", isError: true, reason: REASONS[result.reason], content };
}

/** In the words that are used for everything that gives no answer. */
const REASONS: Readonly<Record<Exclude<LeaseReason, "cancelled" | "extension_reported">, AbstentionReason>> =
  {
    not_deferred: "denied",
    manifest_invalid: "denied",
    launch_drift: "denied",
    declaration_drift: "denied",
    declaration_mismatch: "denied",
    name_not_listed: "denied",
    schema_mismatch: "denied",
    not_granted: "denied",
    revoked: "denied",
    capacity: "overloaded",
    transport: "crash",
    stopped: "stopped",
  };
