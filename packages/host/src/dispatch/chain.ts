import type { HookKindSpec } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../event/outgoing-event.js";
import { ask, closedFirst, notReached, type DispatchServices } from "./ask.js";
import { chainBudget, isShort, turnEndsMs, type Budget } from "./budget.js";
import { skippedBy } from "./filter.js";
import type { Decision } from "./outcome.js";
import type { Subscription } from "./subscription.js";
import type { Judged } from "./verdict.js";
import type { Vote } from "./votes.js";

export interface ChainResult {
  decision: Decision;
  votes: readonly Vote[];
}

export type Asked = { place: number; subscription: Subscription };

/** What both policies of a gate share: who is asked when, within which time, and the votes in order. */
export class Chain {
  readonly spec: HookKindSpec;
  readonly subscriptions: readonly Subscription[];
  readonly services: DispatchServices;
  readonly budget: Budget;
  readonly #votes: (Vote | undefined)[];

  constructor(spec: HookKindSpec, subscriptions: readonly Subscription[], services: DispatchServices) {
    this.spec = spec;
    this.subscriptions = subscriptions;
    this.services = services;
    const deadlines = subscriptions.map(({ deadlineMs }) => deadlineMs);
    this.budget = chainBudget(services.clock.now(), deadlines, services.limits);
    this.#votes = Array.from({ length: subscriptions.length });
  }

  /** Whether the time runs short, so that all who are left are asked at once. */
  get short(): boolean {
    return isShort(this.budget, this.services.clock.now());
  }

  get votes(): Vote[] {
    return this.#votes.filter((vote) => vote !== undefined);
  }

  matches(place: number, event: OutgoingEvent): boolean {
    const subscription = this.subscriptions[place];
    return subscription !== undefined && skippedBy(subscription.filter, event) === undefined;
  }

  async askOne(asked: Asked, event: OutgoingEvent, isLast: boolean): Promise<Judged> {
    return this.#ask(asked, event, turnEndsMs(this.budget, isLast));
  }

  /** Asks several on the same event at the same time; the answers come in chain order. */
  async askAll(asked: readonly Asked[], event: OutgoingEvent): Promise<{ asked: Asked; judged: Judged }[]> {
    const answers = await Promise.all(
      closedFirst(asked).map(async (one) => ({
        asked: one,
        judged: await this.#ask(one, event, this.budget.untilMs),
      })),
    );
    return answers.sort((a, b) => a.asked.place - b.asked.place);
  }

  passOver({ place, subscription }: Asked): void {
    this.#votes[place] ??= notReached(subscription);
  }

  /** Sets or corrects the vote of one place. */
  record({ place }: Asked, vote: Vote): void {
    this.#votes[place] = vote;
  }

  async #ask(asked: Asked, event: OutgoingEvent, untilMs: number): Promise<Judged> {
    const options = { spec: this.spec, untilMs };
    const judged = await ask(asked.subscription, event, options, this.services);
    this.record(asked, judged.vote);
    return judged;
  }
}
