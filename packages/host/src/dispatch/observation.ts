import type { HookKindSpec } from "@synaps/sdk/protocol";
import type { DeliveryResult } from "../event/delivery.js";
import type { OutgoingEvent } from "../event/outgoing-event.js";
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
  readonly #votes: Vote[];
  #left: number;
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
    this.#votes = Array.from({ length: subscriptions.length });
  }

  get settled(): Promise<Outcome> {
    if (this.#outcome) return Promise.resolve(this.#outcome);
    this.#promise ??= new Promise((resolve) => (this.#resolve = resolve));
    return this.#promise;
  }

  /** Hands the event to everybody. Resolves when each has its place in a queue, at once where nobody must wait. */
  start(event: OutgoingEvent): Promise<void> | undefined {
    if (this.#left === 0) this.#finish(event.kind);
    const waiting: Promise<void>[] = [];
    for (const [place, { target, deadlineMs }] of this.#subscriptions.entries()) {
      const settle = (delivery: DeliveryResult): void => this.#take(place, delivery, event.kind);
      const overflow = this.#spec.overflow ?? "drop_newest";
      if (target.observe?.({ event, deadlineMs, overflow, settle })) continue;
      const queued = new Promise<void>((onQueued) => {
        const request = {
          event,
          lane: "observe",
          deadlineMs,
          untilMs: Number.POSITIVE_INFINITY,
          overflow,
        } as const;
        void target.deliver({ ...request, onQueued }).then((delivery) => {
          onQueued();
          settle(delivery);
        });
      });
      if (overflow === "block") waiting.push(queued);
    }
    return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => {});
  }

  #take(place: number, delivery: DeliveryResult, kind: string): void {
    const subscription = this.#subscriptions[place];
    if (!subscription) return;
    const { vote } = judge(this.#spec, subscription, delivery);
    const { target, deadlineMs } = subscription;
    const { health, restartCount } = target;
    this.#services.recorder.handlerCalled({ kind, vote, health, restartCount, deadlineMs });
    this.#votes[place] = vote;
    this.#left -= 1;
    if (this.#left === 0) this.#finish(kind);
  }

  #finish(kind: string): void {
    const { clock, recorder } = this.#services;
    recorder.eventSettled(kind, this.#votes);
    this.#outcome = outcomeOf(kind, CONTINUE, this.#votes, clock.now() - this.#startedMs);
    this.#resolve?.(this.#outcome);
    this.#onSettled();
  }
}
