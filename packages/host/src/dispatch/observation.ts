import { memberAt, pointerKeys, type HookKindSpec, type Overflow } from "@synaps/sdk/protocol";
import type { Envelope } from "../delivery/event-input.js";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import { EventRequest, HANDLE } from "../delivery/request.js";
import type { DeliveryResult } from "../delivery/request.js";
import { annotationsIn, type DispatchServices } from "./chain.js";
import { CONTINUE } from "./merge.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import type { Subscription } from "./subscription.js";
import { judge } from "./verdict.js";
import type { Drops } from "../observe/drops/drops.js";
import type { Entry, StreamBooks, StreamEnd } from "../observe/stream-books.js";
import type { Vote } from "../observe/vote.js";

export interface ObservationServices extends DispatchServices {
  streams: StreamBooks;
  drops: Drops;
}

/**
 * One event that observers get and nobody waits for. Handed over without a promise where a target can take it so;
 * a promise is only made when somebody asks for `settled`.
 */
export class Observation {
  readonly #spec: HookKindSpec;
  readonly #subscriptions: readonly Subscription[];
  readonly #services: ObservationServices;
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
    services: ObservationServices,
    onSettled: () => void,
  ) {
    this.#spec = spec;
    this.#subscriptions = subscriptions;
    this.#services = services;
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
    if (this.#left === 0) this.#finish(event);
    const { delivery } = this.#spec;
    const overflow = event.overflow ?? this.#spec.overflow ?? "drop_newest";
    const lane = delivery === "stream" ? "stream" : "observe";
    const direction = lane === "stream" ? directionOf(this.#spec, event) : null;
    let waiting: Promise<void>[] | undefined;
    for (let place = 0; place < this.#subscriptions.length; place += 1) {
      const subscription = this.#subscriptions[place] as Subscription;
      const share = new Share(this, place, event, subscription, lane, overflow);
      if (lane === "stream")
        share.entry = this.#services.streams.offered(subscription, event.sessionId, direction);
      subscription.target.hand(share);
      if (!share.isPlaced) (waiting ??= []).push(share.untilPlaced());
    }
    return waiting && Promise.all(waiting).then(() => {});
  }

  /** Takes what came back from one of them. */
  take(place: number, delivery: DeliveryResult, event: OutgoingEvent, wasDropped: boolean): void {
    const subscription = this.#subscriptions[place];
    if (!subscription) return;
    if (wasDropped) {
      const reason = delivery.answered ? "" : delivery.reason;
      this.#services.drops.add(subscription, event.sessionId, reason);
    }
    let { vote } = judge(this.#spec, subscription, delivery, event);
    if (vote.status === "voted" && subscription.target.annotates && isAnnotated(delivery))
      vote = { ...vote, annotationsDropped: "an observed event has no later hooks" };
    this.#services.recorder.handlerCalled(subscription, vote, event);
    this.#votes[place] = vote;
    this.#tookMs = Math.max(this.#tookMs, delivery.queueMs + delivery.runMs);
    this.#left -= 1;
    if (this.#left === 0) this.#finish(event);
  }

  #finish({ kind, number }: OutgoingEvent): void {
    this.#services.recorder.eventSettled(kind, this.#votes);
    const [votes, tookMs] = [this.#votes, this.#tookMs];
    this.#outcome = outcomeOf(kind, CONTINUE, votes, tookMs, undefined, undefined, undefined, number);
    this.#services.recorder.outcomeMade?.(this.#outcome);
    this.#resolve?.(this.#outcome);
    this.#onSettled();
  }
}

function isAnnotated(delivery: DeliveryResult): boolean {
  return delivery.answered && annotationsIn(delivery.result) !== undefined;
}

/** An event on its way to one observer. */
class Share extends EventRequest {
  readonly #observation: Observation;
  readonly #place: number;
  #whenPlaced: (() => void) | undefined;

  constructor(
    observation: Observation,
    place: number,
    event: OutgoingEvent,
    { deadlineMs, id, projection, breaker }: Subscription,
    lane: "observe" | "stream",
    overflow: Overflow,
  ) {
    const untilMs = Number.POSITIVE_INFINITY;
    super({ method: HANDLE, lane, deadlineMs, untilMs, repeatable: false, overflow }, event, id, projection);
    this.breaker = breaker;
    this.#observation = observation;
    this.#place = place;
  }

  /** For streams: the item in the books. */
  entry: Entry | undefined;
  isPlaced = false;

  /** An item that is dropped is never written. Batches of observed events need the length of their text. */
  override get size(): number {
    return this.home === "stream" ? this.event.size : super.size;
  }

  override placed(): void {
    this.isPlaced = true;
    this.#whenPlaced?.();
  }

  /** Resolves when the queue has a place for the event, or none. */
  untilPlaced(): Promise<void> {
    return new Promise((resolve) => (this.#whenPlaced = resolve));
  }

  finished(delivery: DeliveryResult): void {
    const end = endOf(delivery, this.attempt);
    this.entry?.ended(end);
    this.#observation.take(this.#place, delivery, this.source, end === "dropped");
  }
}

/** The kind's attribute `direction` of an event, by which the books of streams are kept. */
function directionOf({ attributes }: HookKindSpec, event: OutgoingEvent): string | null {
  const at = attributes?.["direction"]?.at;
  const [member, ...inner] = (at === undefined ? undefined : pointerKeys(at)) ?? [];
  if (member === undefined) return null;
  const value = event.attribute(member as keyof Envelope);
  const direction = inner.length === 0 ? value : memberAt(value, inner);
  return typeof direction === "string" ? direction : null;
}

/** An answer that cannot be used is an answer: the item has been with the handler. */
function endOf(result: DeliveryResult, attempt: number): StreamEnd {
  if (result.answered || result.reason === "error" || result.reason === "invalid") return "answered";
  return attempt > 0 ? "lost" : "dropped";
}
