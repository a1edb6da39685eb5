import { globMatches, type HookKindSpec } from "@synaps/sdk/protocol";
import type { AuditSettings } from "./audit-settings.js";

/** Kinds that the audit of the RustyClaw gateway records always. */
const SECURITY_KINDS: ReadonlySet<string> = new Set([
  "gateway.auth_success",
  "gateway.auth_failure",
  "gateway.security_event",
  "gateway.config_reload",
]);

/** Kinds that it records for tools whose use matters. */
const TOOL_KINDS: ReadonlySet<string> = new Set(["gateway.before_tool_call", "before_tool_call"]);
const SENSITIVE_TOOLS = ["execute_command", "secrets_*", "gateway"] as const;

/** Decides which events are recorded. Items of streams are only where they are named: they are parts of one answer. */
export function selection(
  events: AuditSettings["events"],
): (spec: Pick<HookKindSpec, "delivery">, kind: string, tool: string | null) => boolean {
  if (events === "all") return ({ delivery }) => delivery !== "stream";
  if (events === "security")
    return (_, kind, tool) =>
      SECURITY_KINDS.has(kind) ||
      (TOOL_KINDS.has(kind) && tool !== null && SENSITIVE_TOOLS.some((one) => globMatches(one, tool)));
  return (_, kind) => events.some((glob) => globMatches(glob, kind));
}
