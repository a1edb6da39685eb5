import type { HookKindSpec } from "@synaps/sdk/protocol";
import type { Clock } from "../time/clock.js";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { HostLimits } from "../options.js";
import type { Recorder } from "../observe/recorder.js";
import type { Subscription } from "./subscription.js";
import { judge, type Judged } from "./verdict.js";
import type { NotReached } from "./votes.js";

export interface DispatchServices {
  clock: Clock;
  limits: HostLimits;
  recorder: Recorder;
}

/** Hands an event to one subscription and tells `done` its vote. Throws only when the event is not JSON. */
export function ask(
  subscription: Subscription,
  event: OutgoingEvent,
  spec: HookKindSpec,
  untilMs: number,
  services: DispatchServices,
  done: (judged: Judged) => void,
): void {
  const { target, deadlineMs } = subscription;
  // A rewrite may have made a new one: it must be JSON before it takes anybody's turn.
  void event.text;
  const repeatable = spec.delivery === "gate";
  target.ask({ event, deadlineMs, untilMs, repeatable }, (delivery) => {
    const judged = judge(spec, subscription, delivery);
    services.recorder.handlerCalled(subscription, judged.vote);
    done(judged);
  });
}

export function notReached(subscription: Subscription): NotReached {
  return { status: "not_reached", extension: subscription.extension, subscription: subscription.id };
}

/** Those that fail closed come first, so that they get what time there is; otherwise the order stays. */
export function closedFirst<T extends { subscription: Subscription }>(asked: readonly T[]): T[] {
  return [...asked].sort((a, b) => Number(b.subscription.closed) - Number(a.subscription.closed));
}
