import type { ActivationClass } from "@synaps/sdk/manifest";
import type { Clock } from "../time/clock.js";
import type { DeliveryGuards } from "./delivery-guards.js";
import type { ToolDeclaration } from "@synaps/sdk/protocol";
import type { Extension } from "../supervision/extension.js";
import { LANES } from "./lanes.js";
import type { ExtensionState } from "../supervision/states.js";

/** An event that is kept from an extension. Says nothing of its content. */
export interface PoisonedEventStatus {
  fingerprint: string;
  kind: string;
  tool: string | null;
  crashes: number;
  /** Until when, in milliseconds since the epoch. */
  until: number;
}

/** What anybody may know of an extension; no configuration and no payload. */
export interface ExtensionSnapshot {
  id: string;
  version: string | null;
  protocol: number;
  state: ExtensionState;
  /** What kind of lazy extension it is, or `eager`. */
  activation: ActivationClass;
  /** Whether it has no process because nobody needed it so far. */
  dormant: boolean;
  pid: number | undefined;
  restartCount: number;
  /** Requests that are with it, and events that wait for their turn. */
  inFlight: number;
  waiting: number;
  /** Answers that came after their deadline. */
  lateReplies: number;
  /** Bytes outside of frames that this process printed on standard output. */
  strayBytes: number;
  /** Hook kinds that are not asked for a while, because they timed out too often in a row. */
  openBreakers: readonly string[];
  /** Events that are kept from it, because it fell over them. */
  poisoned: readonly PoisonedEventStatus[];
  tools: readonly ToolDeclaration[];
  /** Why it is not live, or why it was restarted last. */
  reason: string | undefined;
}

/** One extension as it is now. */
export function snapshotOf(extension: Extension, lateReplies: number): ExtensionSnapshot {
  const { lanes, generation, guards, batcher, loaded } = extension;
  return {
    id: extension.id,
    version: loaded.version,
    protocol: loaded.protocol,
    state: extension.state,
    activation: loaded.activation,
    dormant: extension.dormant,
    pid: generation?.child.pid,
    restartCount: extension.restartCount,
    inFlight: lanes.inFlight,
    waiting: LANES.reduce((sum, lane) => sum + lanes.waiting(lane), batcher.waiting),
    lateReplies,
    strayBytes: generation?.strayBytes ?? 0,
    openBreakers: guards.openBreakers(),
    poisoned: poisonedStatus(guards, extension.services.clock),
    tools: extension.declarations?.tools ?? [],
    reason: extension.reason,
  };
}

/** What is kept from an extension now, with times that mean something outside of this process. */
function poisonedStatus(guards: DeliveryGuards, clock: Clock): PoisonedEventStatus[] {
  const now = clock.now();
  return guards.poisoned(now).map(({ untilMs = now, ...event }) => ({
    ...event,
    until: Math.round(clock.wallMs() + untilMs - now),
  }));
}
