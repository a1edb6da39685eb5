import type { HookKindSpec, Overflow } from "@synaps/sdk/protocol";
import type { DeliveryResult, ObserveRequest, Target } from "../delivery/delivery.js";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { DispatchServices } from "./ask.js";
import { CONTINUE } from "./merge.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import type { Subscription } from "./subscription.js";
import { judge } from "./verdict.js";
import type { Vote } from "./votes.js";

/**
 * One event that observers get and nobody waits for. Handed over without a promise where a target can take it so;
 * a promise is only made when somebody asks for `settled`.
 */
export class Observation {
  readonly #spec: HookKindSpec;
  readonly #subscriptions: readonly Subscription[];
  readonly #services: DispatchServices;
  readonly #startedMs: number;
  readonly #onSettled: () => void;
  readonly #votes: Vote[] = [];
  #left: number;
  /** Until the last of them was done: each times itself. */
  #tookMs = 0;
  #outcome: Outcome | undefined;
  #promise: Promise<Outcome> | undefined;
  #resolve: ((outcome: Outcome) => void) | undefined;

  constructor(
    spec: HookKindSpec,
    subscriptions: readonly Subscription[],
    services: DispatchServices,
    startedMs: number,
    onSettled: () => void,
  ) {
    this.#spec = spec;
    this.#subscriptions = subscriptions;
    this.#services = services;
    this.#startedMs = startedMs;
    this.#onSettled = onSettled;
    this.#left = subscriptions.length;
  }

  get settled(): Promise<Outcome> {
    if (this.#outcome) return Promise.resolve(this.#outcome);
    this.#promise ??= new Promise((resolve) => (this.#resolve = resolve));
    return this.#promise;
  }

  /** Hands the event to everybody. Resolves when each has its place in a queue, at once where nobody must wait. */
  start(event: OutgoingEvent): Promise<void> | undefined {
    if (this.#left === 0) this.#finish(event.kind);
    const overflow = this.#spec.overflow ?? "drop_newest";
    let waiting: Promise<void>[] | undefined;
    for (let place = 0; place < this.#subscriptions.length; place += 1) {
      const { target, deadlineMs } = this.#subscriptions[place] as Subscription;
      const share = new Share(this, place, event, deadlineMs, this.#startedMs, overflow);
      if (target.observe?.(share)) continue;
      const queued = share.theLongWay(target);
      if (overflow === "block") (waiting ??= []).push(queued);
    }
    return waiting && Promise.all(waiting).then(() => {});
  }

  /** Takes what came back from one of them. */
  take(place: number, delivery: DeliveryResult, kind: string): void {
    const subscription = this.#subscriptions[place];
    if (!subscription) return;
    const { vote } = judge(this.#spec, subscription, delivery);
    this.#services.recorder.handlerCalled(subscription, vote);
    this.#votes[place] = vote;
    this.#tookMs = Math.max(this.#tookMs, delivery.queueMs + delivery.runMs);
    this.#left -= 1;
    if (this.#left === 0) this.#finish(kind);
  }

  #finish(kind: string): void {
    this.#services.recorder.eventSettled(kind, this.#votes);
    this.#outcome = outcomeOf(kind, CONTINUE, this.#votes, this.#tookMs);
    this.#resolve?.(this.#outcome);
    this.#onSettled();
  }
}

/** One observer's share of an event. */
class Share implements ObserveRequest {
  readonly event: OutgoingEvent;
  readonly deadlineMs: number;
  readonly arrivedMs: number;
  readonly overflow: Overflow;
  readonly #observation: Observation;
  readonly #place: number;

  constructor(
    observation: Observation,
    place: number,
    event: OutgoingEvent,
    deadlineMs: number,
    arrivedMs: number,
    overflow: Overflow,
  ) {
    this.event = event;
    this.deadlineMs = deadlineMs;
    this.arrivedMs = arrivedMs;
    this.overflow = overflow;
    this.#observation = observation;
    this.#place = place;
  }

  settle(delivery: DeliveryResult): void {
    this.#observation.take(this.#place, delivery, this.event.kind);
  }

  /** For a target that cannot take it at once. Resolves when it has a place in the queue, or none. */
  theLongWay(target: Target): Promise<void> {
    const { event, deadlineMs, overflow } = this;
    const untilMs = Number.POSITIVE_INFINITY;
    return new Promise((onQueued) => {
      void target
        .deliver({ event, lane: "observe", deadlineMs, untilMs, overflow, onQueued })
        .then((delivery) => {
          onQueued();
          this.settle(delivery);
        });
    });
  }
}
