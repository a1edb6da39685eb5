import type { HookKindSpec } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import { EventRequest } from "../delivery/request.js";
import type { DeliveryResult } from "../delivery/target.js";
import type { Recorder } from "../observe/recorder.js";
import type { HostLimits } from "../options.js";
import type { Clock } from "../time/clock.js";
import type { Subscription } from "./subscription.js";
import { judge, type Judged } from "./verdict.js";
import type { NotReached } from "../observe/vote.js";

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
  // A rewrite may have made a new event: it must be JSON before it takes a turn.
  void event.text;
  subscription.target.hand(new Question(subscription, event, spec, untilMs, services, done));
}

/** An event on its way to one subscription of a gate or a lifecycle kind, and its vote on the way back. */
class Question extends EventRequest {
  readonly #subscription: Subscription;
  readonly #spec: HookKindSpec;
  readonly #services: DispatchServices;
  readonly #done: (judged: Judged) => void;

  constructor(
    subscription: Subscription,
    event: OutgoingEvent,
    spec: HookKindSpec,
    untilMs: number,
    services: DispatchServices,
    done: (judged: Judged) => void,
  ) {
    const { deadlineMs, id } = subscription;
    // A gate only answers; a lifecycle event may have had effects and is not sent twice.
    const repeatable = spec.delivery === "gate";
    super({ lane: "gate", deadlineMs, untilMs, repeatable, overflow: "drop_newest" }, event, id);
    this.#subscription = subscription;
    this.#spec = spec;
    this.#services = services;
    this.#done = done;
  }

  finished(delivery: DeliveryResult): void {
    const judged = judge(this.#spec, this.#subscription, delivery);
    this.#services.recorder.handlerCalled(this.#subscription, judged.vote);
    this.#done(judged);
  }
}

export function notReached(subscription: Subscription): NotReached {
  return { status: "not_reached", extension: subscription.extension, subscription: subscription.id };
}

/** Puts subscriptions that fail closed first, so that they get the time that is left; otherwise the order stays. */
export function closedFirst<T extends { subscription: Subscription }>(asked: readonly T[]): T[] {
  return [...asked].sort((a, b) => Number(b.subscription.closed) - Number(a.subscription.closed));
}
