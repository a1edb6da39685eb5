import type { HookKindSpec } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import { ask, closedFirst, notReached, type DispatchServices } from "./ask.js";
import { chainBudget, isShort, turnEndsMs, type Budget } from "./budget.js";
import { acceptsInput } from "./filter.js";
import type { Decision } from "./outcome.js";
import type { Subscription } from "./subscription.js";
import type { Judged } from "./verdict.js";
import type { Vote } from "../observe/vote.js";

export interface ChainResult {
  decision: Decision;
  votes: readonly Vote[];
}

/** Told of each vote. */
export interface Voting {
  voted(asked: Asked, judged: Judged): void;
}

export type Asked = { place: number; subscription: Subscription };
export type Answered = { asked: Asked; judged: Judged };

/** The part that both policies of a gate share: asking within the chain's time, and the votes in order. */
export class Chain {
  readonly spec: HookKindSpec;
  readonly subscriptions: readonly Subscription[];
  readonly services: DispatchServices;
  readonly budget: Budget;
  readonly #votes: (Vote | undefined)[] = [];

  /** `subscriptions`: those whose tool filter lets the event pass; what they say of its input is asked each time. */
  constructor(
    spec: HookKindSpec,
    subscriptions: readonly Subscription[],
    services: DispatchServices,
    nowMs: number,
  ) {
    this.spec = spec;
    this.subscriptions = subscriptions;
    this.services = services;
    this.budget = chainBudget(nowMs, subscriptions, services.limits);
  }

  /** True if the time runs short, so that all that are left are asked at once. */
  get short(): boolean {
    return isShort(this.budget, this.services.clock.now());
  }

  /** All subscriptions with their places. */
  get places(): Asked[] {
    return this.subscriptions.map((subscription, place) => ({ place, subscription }));
  }

  vote(place: number): Vote | undefined {
    return this.#votes[place];
  }

  get votes(): Vote[] {
    return this.#votes.filter((vote) => vote !== undefined);
  }

  /** True if a subscription fails closed. */
  get anyClosed(): boolean {
    return this.subscriptions.some(({ closed }) => closed);
  }

  matches(place: number, event: OutgoingEvent): boolean {
    const subscription = this.subscriptions[place];
    return subscription !== undefined && acceptsInput(subscription.filter, event);
  }

  askOne(asked: Asked, event: OutgoingEvent, isLast: boolean): Promise<Judged> {
    return new Promise((done) => {
      this.askInTurn(asked, event, isLast, { voted: (_, judged) => done(judged) });
    });
  }

  /** The same without a promise. May be told at once. Throws only when the event is not JSON. */
  askInTurn(asked: Asked, event: OutgoingEvent, isLast: boolean, voting: Voting): void {
    this.#ask(asked, event, turnEndsMs(this.budget, isLast), voting);
  }

  /** Asks several on the same event at the same time; the answers come in chain order. */
  async askAll(asked: readonly Asked[], event: OutgoingEvent): Promise<Answered[]> {
    const answers = await Promise.all(
      closedFirst(asked).map(async (one) => ({
        asked: one,
        judged: await new Promise<Judged>((done) => {
          this.#ask(one, event, this.budget.untilMs, { voted: (_, judged) => done(judged) });
        }),
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

  #ask(asked: Asked, event: OutgoingEvent, untilMs: number, voting: Voting): void {
    ask(asked.subscription, event, this.spec, untilMs, this.services, (judged) => {
      this.record(asked, judged.vote);
      voting.voted(asked, judged);
    });
  }
}
