/** Sorts of what the built-ins raise, by the names of the gateway catalog. */
export type ThreatType = "rate_limit" | "allow_list";

/** An event of the gateway catalog that tells what a built-in refused. Types, so that their values are JSON for the compiler. */
export type GatewaySecurityEvent = {
  kind: "gateway.security_event";
  data: {
    event_type: ThreatType;
    action: "block";
    reason: string;
    severity: "medium" | "high";
    /** Id of the hook that refused. */
    hook: string;
    /** Kind of the event that was refused. */
    refused_kind: string;
    /** Refusals since the event before that were not raised, because there were too many. */
    not_raised: number;
    peer_addr?: string;
  };
};

/** The same of the agent catalog. */
export type AgentSecurityViolation = {
  kind: "agent.security_violation";
  data: {
    component: { type: "agent" | "tool" | "workflow" | "system" | "custom"; name: string };
    reason: string;
    session_id?: string;
    metadata: {
      event_type: ThreatType;
      action: "block";
      severity: "medium" | "high";
      hook: string;
      refused_kind: string;
      not_raised: number;
    };
  };
};

/** Kinds that tell of threats. What is refused of them is never raised: an event about it would be refused as well. */
export const SECURITY_KINDS: ReadonlySet<string> = new Set<string>([
  "gateway.security_event",
  "agent.security_violation",
]);

/** Where a built-in hands its security events. Without `raise` nothing is raised. */
export type RaiseOptions =
  | {
      /** Called with an event of the gateway catalog, usually `(event) => host.emit(event)`. Nobody waits for it. */
      raise?: (event: GatewaySecurityEvent) => unknown;
      raiseAs?: "gateway";
      /** Most events that are raised in a second. Default 10. */
      raisePerSecond?: number;
    }
  | {
      /** Called with an event of the agent catalog. */
      raise?: (event: AgentSecurityViolation) => unknown;
      raiseAs: "agent";
      /** Most events that are raised in a second. Default 10. */
      raisePerSecond?: number;
    };
