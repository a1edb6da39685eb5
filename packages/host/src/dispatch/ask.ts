import type { HookKindSpec } from "@synaps/sdk/protocol";
import type { Clock } from "../clock.js";
import type { OutgoingEvent } from "../event/outgoing-event.js";
import type { HostLimits } from "../options.js";
import type { Recorder } from "../recorder.js";
import type { Subscription } from "./subscription.js";
import { judge, type Judged } from "./verdict.js";
import type { NotReached } from "./votes.js";

export interface DispatchServices {
  clock: Clock;
  limits: HostLimits;
  recorder: Recorder;
}

export interface AskOptions {
  spec: HookKindSpec;
  untilMs: number;
}

/** Hands an event to one subscription and returns its vote. Rejects only when the event is not JSON. */
export async function ask(
  subscription: Subscription,
  event: OutgoingEvent,
  { spec, untilMs }: AskOptions,
  services: DispatchServices,
): Promise<Judged> {
  const { target, deadlineMs } = subscription;
  void event.text;
  const delivery = await target.deliver({
    event,
    lane: "gate",
    deadlineMs,
    untilMs,
    overflow: "drop_newest",
    repeatable: spec.delivery === "gate",
  });
  const judged = judge(spec, subscription, delivery);
  services.recorder.handlerCalled({
    kind: subscription.kind,
    vote: judged.vote,
    health: target.health,
    restartCount: target.restartCount,
    deadlineMs,
  });
  return judged;
}

export function notReached(subscription: Subscription): NotReached {
  return { status: "not_reached", extension: subscription.extension, subscription: subscription.id };
}

/** Those that fail closed come first, so that they get what time there is; otherwise the order stays. */
export function closedFirst<T extends { subscription: Subscription }>(asked: readonly T[]): T[] {
  return [...asked].sort((a, b) => Number(b.subscription.closed) - Number(a.subscription.closed));
}
