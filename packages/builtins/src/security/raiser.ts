import { isJsonObject, memberAt, type JsonValue } from "@synaps/sdk/protocol";
import { between, FUNCTION, oneOf, type Check } from "../checks.js";
import type { BuiltInClock, SeenEvent } from "../hook-types.js";
import { rateOf } from "../rate-limit/rate.js";
import { TokenBuckets } from "../rate-limit/token-buckets.js";
import { peerOf } from "../peer.js";
import { tellOf } from "../warnings.js";
import {
  SECURITY_KINDS,
  type AgentSecurityViolation,
  type GatewaySecurityEvent,
  type RaiseOptions,
  type ThreatType,
} from "./security-events.js";

/** Checks of the options. */
export const RAISE_CHECKS: Readonly<Record<string, Check>> = {
  raise: FUNCTION,
  raiseAs: oneOf("gateway", "agent"),
  raisePerSecond: between(1, 10_000),
};

/** Refusals that were told, and those that were not. */
export interface RaiseCounts {
  /** Security events that were handed to `raise`. */
  readonly raised: number;
  /** Refusals of which none was raised, because there were too many. */
  readonly notRaised: number;
  /** Events that `raise` threw or rejected for. */
  readonly raiseFailed: number;
}

/** Facts of one refusal. */
export interface Refusal {
  readonly type: ThreatType;
  readonly reason: string;
  readonly severity: "medium" | "high";
}

/** Most events raised in a second. */
const PER_SECOND = 10;
/** Longest text of an event that is repeated, in characters. */
const MAX_TEXT_LENGTH = 256;
const COMPONENTS = ["agent", "tool", "workflow", "system", "custom"] as const;

/**
 * Raises a security event for a refusal: a bounded number in a second, the next one with how many were left out. Raises
 * nothing for a refused security event, and nothing while `raise` itself runs, so that no refusal can raise itself.
 */
export class SecurityRaiser {
  readonly #id: string;
  readonly #raise: ((event: never) => unknown) | undefined;
  readonly #isAgent: boolean;
  readonly #clock: BuiltInClock;
  readonly #buckets: TokenBuckets;
  #isRaising = false;
  #leftOut = 0;
  #raised = 0;
  #notRaised = 0;
  #failed = 0;

  constructor(
    id: string,
    { raise, raiseAs = "gateway", raisePerSecond = PER_SECOND }: RaiseOptions,
    clock: BuiltInClock,
  ) {
    this.#id = id;
    this.#raise = raise;
    this.#isAgent = raiseAs === "agent";
    this.#clock = clock;
    this.#buckets = new TokenBuckets(rateOf(Math.ceil(raisePerSecond), 0, raisePerSecond, 1_000));
  }

  get counts(): RaiseCounts {
    return { raised: this.#raised, notRaised: this.#notRaised, raiseFailed: this.#failed };
  }

  refused(event: SeenEvent, refusal: Refusal): void {
    if (!this.#raise || SECURITY_KINDS.has(event.kind)) return;
    if (this.#isRaising || !this.#buckets.take("", 1, this.#clock.now()).allowed) {
      this.#leftOut += 1;
      this.#notRaised += 1;
      return;
    }
    this.#raised += 1;
    const raised = this.#isAgent ? this.#violation(event, refusal) : this.#securityEvent(event, refusal);
    this.#leftOut = 0;
    this.#isRaising = true;
    try {
      const result = this.#raise(raised as never);
      Promise.resolve(result).catch((error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isRaising = false;
    }
  }

  #fail(error: unknown): void {
    this.#failed += 1;
    tellOf(this.#failed, `${this.#id}: a security event could not be raised`, error);
  }

  #securityEvent(event: SeenEvent, { type, reason, severity }: Refusal): GatewaySecurityEvent {
    const peer = memberAt(event.data, ["peer_addr"]) ?? peerOf(event);
    return {
      kind: "gateway.security_event",
      data: {
        event_type: type,
        action: "block",
        reason,
        severity,
        hook: this.#id,
        refused_kind: event.kind,
        not_raised: this.#leftOut,
        ...(typeof peer === "string" ? { peer_addr: shortened(peer) } : {}),
      },
    };
  }

  #violation(event: SeenEvent, { type, reason, severity }: Refusal): AgentSecurityViolation {
    const session = event.session_id ?? memberAt(event.data, ["session_id"]);
    return {
      kind: "agent.security_violation",
      data: {
        component: componentOf(event) ?? { type: "system", name: this.#id },
        reason,
        ...(typeof session === "string" ? { session_id: shortened(session) } : {}),
        metadata: {
          event_type: type,
          action: "block",
          severity,
          hook: this.#id,
          refused_kind: event.kind,
          not_raised: this.#leftOut,
        },
      },
    };
  }
}

function componentOf({ data }: SeenEvent): AgentSecurityViolation["data"]["component"] | undefined {
  const component = memberAt(data, ["component"]);
  if (!isJsonObject(component)) return undefined;
  const { name } = component as { name?: JsonValue };
  const type = COMPONENTS.find((one) => one === component["type"]);
  return type === undefined || typeof name !== "string" ? undefined : { type, name: shortened(name) };
}

function shortened(text: string): string {
  return text.length <= MAX_TEXT_LENGTH ? text : `${text.slice(0, MAX_TEXT_LENGTH)}…`;
}
