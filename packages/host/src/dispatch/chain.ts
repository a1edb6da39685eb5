import type { HookKindSpec } from "@synaps/sdk/protocol";
import { Annotations } from "../delivery/annotations.js";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import { EventRequest, HANDLE } from "../delivery/request.js";
import type { DeliveryResult } from "../delivery/request.js";
import type { Recorder } from "../observe/recorder.js";
import type { Vote } from "../observe/vote.js";
import type { HostLimits } from "../options.js";
import type { Clock } from "../time/clock.js";
import { onAbort } from "../time/abort.js";
import { accepts } from "./filter.js";
import type { Decision, Outcome } from "./outcome.js";
import type { Subscription } from "./subscription.js";
import type { Rewrites } from "./rewrites.js";
import { judge, underTerms, type Judged, type Terms } from "./verdict.js";

export interface DispatchServices {
  clock: Clock;
  limits: HostLimits;
  recorder: Recorder;
}

export interface ChainResult {
  decision: Decision;
  votes: readonly Vote[];
  /** Undefined when nothing was rewritten. */
  rewrites?: Rewrites | undefined;
}

/** Told of each vote. */
export interface Voting {
  voted(asked: Asked, judged: Judged): void;
}

export type Asked = { place: number; subscription: Subscription };
export type Answered = { asked: Asked; judged: Judged };

/** The time of one chain, on the host's clock. */
export interface Budget {
  readonly untilMs: number;
  /** From here on all subscriptions that are left are asked in parallel. */
  readonly shortFromMs: number;
}

/** At least the largest deadline granted in the chain, up to a limit: a lone slow hook gets the time its manifest says. */
export function chainBudget(
  nowMs: number,
  subscriptions: readonly { readonly deadlineMs: number }[],
  limits: Pick<HostLimits, "chainBudgetMs" | "chainMostMs" | "chainReserveMs">,
): Budget {
  let totalMs = limits.chainBudgetMs;
  for (const { deadlineMs } of subscriptions)
    if (deadlineMs > totalMs) totalMs = Math.max(totalMs, Math.min(deadlineMs, limits.chainMostMs));
  return { untilMs: nowMs + totalMs, shortFromMs: nowMs + totalMs - limits.chainReserveMs };
}

/** The part that both policies of a gate share: asking within the chain's time, and the votes in order. */
export class Chain {
  readonly spec: HookKindSpec;
  readonly subscriptions: readonly Subscription[];
  readonly services: DispatchServices;
  readonly budget: Budget;
  /** Answers that have no effect on this event. Undefined: whatever the kind allows counts. */
  readonly terms: Terms | undefined;
  readonly #votes: (Vote | undefined)[] = [];
  /** Questions that are out, if the program may give the event up. */
  #asking: Set<Question> | undefined;
  #givenUp = false;
  /** The shared context so far. */
  #notes: Annotations | undefined;
  /** Annotations of those who are asked at the same time: none of them sees the others'. */
  #collected: Given[] | undefined;

  /**
   * `subscriptions`: those whose tool filter lets the event pass; their conditions on the input are checked each time.
   * `untilMs`: the end of the time, if it is not the usual budget of a chain.
   */
  constructor(
    spec: HookKindSpec,
    subscriptions: readonly Subscription[],
    services: DispatchServices,
    nowMs: number,
    untilMs?: number,
    terms?: Terms,
  ) {
    this.spec = spec;
    this.terms = terms;
    this.subscriptions = subscriptions;
    this.services = services;
    this.budget =
      untilMs === undefined
        ? chainBudget(nowMs, subscriptions, services.limits)
        : { untilMs, shortFromMs: untilMs };
  }

  /** True if the time runs short, so that all that are left are asked at once. */
  get short(): boolean {
    return this.services.clock.now() >= this.budget.shortFromMs;
  }

  /** All subscriptions with their places. */
  get places(): Asked[] {
    return this.subscriptions.map((subscription, place) => ({ place, subscription }));
  }

  vote(place: number): Vote | undefined {
    return this.#votes[place];
  }

  get votes(): Vote[] {
    const only = this.#votes[0];
    if (this.#votes.length === 1 && only) return [only];
    return this.#votes.filter((vote) => vote !== undefined);
  }

  /** True if a subscription fails closed. */
  get anyClosed(): boolean {
    return this.subscriptions.some(({ closed }) => closed);
  }

  matches(place: number, event: OutgoingEvent): boolean {
    const subscription = this.subscriptions[place];
    return subscription !== undefined && accepts(subscription, event);
  }

  askOne(asked: Asked, event: OutgoingEvent, isLast: boolean): Promise<Judged> {
    return new Promise((done) => {
      this.askInTurn(asked, event, isLast, { voted: (_, judged) => done(judged) });
    });
  }

  /** The same without a promise. May be told at once. Of the time, the reserve is kept for those after the asked one. */
  askInTurn(asked: Asked, event: OutgoingEvent, isLast: boolean, voting: Voting): void {
    const untilMs = isLast ? this.budget.untilMs : this.budget.shortFromMs;
    const question = new Question(this, asked, event, untilMs, voting);
    if (this.#notes !== undefined) question.annotations = this.#notes;
    if (this.#givenUp) return question.finished(GIVEN_UP);
    this.#asking?.add(question);
    asked.subscription.target.hand(question);
  }

  /**
   * Gives the event up when the signal is aborted: questions that are out end at once, and nobody further is asked. Returns
   * how to stop waiting for the abort.
   */
  endOn(signal: AbortSignal): () => void {
    const asking = (this.#asking = new Set<Question>());
    return onAbort(signal, () => {
      this.#givenUp = true;
      for (const question of asking) question.giveUp();
    });
  }

  /** The question has its answer. */
  answered(question: Question): void {
    this.#asking?.delete(question);
  }

  /** Asks several on the same event at the same time; the answers come in chain order. */
  async askAll(asked: readonly Asked[], event: OutgoingEvent): Promise<Answered[]> {
    // Closed ones come first, so that they get what time there is.
    const inTurn = [...asked].sort((a, b) => Number(b.subscription.closed) - Number(a.subscription.closed));
    const collected: Given[] = (this.#collected = []);
    const answers = await Promise.all(
      inTurn.map(async (one) => ({ asked: one, judged: await this.askOne(one, event, true) })),
    );
    this.#collected = undefined;
    // In the order of the chain, whoever answered first.
    for (const one of collected.sort((a, b) => a.asked.place - b.asked.place)) this.#annotate(one);
    return answers.sort((a, b) => a.asked.place - b.asked.place);
  }

  /** The shared context that the hooks made, with who set what; undefined when there is none. */
  get annotations(): Outcome["annotations"] {
    return this.#notes?.members;
  }

  /** Takes the annotations of an answer. */
  annotate(given: Given): void {
    if (this.#collected) this.#collected.push(given);
    else this.#annotate(given);
  }

  #annotate({ asked, judged, value }: Given): void {
    const { extension, id, target } = asked.subscription;
    if (target.annotates !== true || judged.vote.status !== "voted") return;
    const { annotations, dropped } = (this.#notes ?? Annotations.NONE).with(value, extension, id);
    this.#notes = annotations.isEmpty ? undefined : annotations;
    if (dropped === undefined) return;
    judged.vote = { ...judged.vote, annotationsDropped: dropped };
    this.record(asked, judged.vote);
  }

  passOver({ place, subscription: { extension, id } }: Asked): void {
    this.#votes[place] ??= { status: "not_reached", extension, subscription: id };
  }

  /** Sets or corrects the vote of one place. */
  record({ place }: Asked, vote: Vote): void {
    this.#votes[place] = vote;
  }
}

/** Annotations of one answer. */
interface Given {
  readonly asked: Asked;
  readonly judged: Judged;
  readonly value: unknown;
}

/** The member of an answer that adds to the shared context; undefined when it has none. */
export function annotationsIn(result: unknown): unknown {
  return typeof result === "object" && result !== null
    ? (result as { annotations?: unknown }).annotations
    : undefined;
}

const GIVEN_UP: DeliveryResult = {
  answered: false,
  reason: "stopped",
  detail: "the program gave the event up",
  queueMs: 0,
  runMs: 0,
};

/** An event on its way to one subscription of a chain, and the vote on the way back. */
class Question extends EventRequest {
  readonly #chain: Chain;
  readonly #asked: Asked;
  readonly #voting: Voting;

  constructor(chain: Chain, asked: Asked, event: OutgoingEvent, untilMs: number, voting: Voting) {
    const { deadlineMs, id, projection } = asked.subscription;
    // A gate only answers; a lifecycle event may have had effects and is not sent twice.
    const repeatable = chain.spec.delivery === "gate";
    const overflow = "drop_newest";
    const options = { method: HANDLE, lane: "gate", deadlineMs, untilMs, repeatable, overflow } as const;
    super(options, event, id, projection);
    this.breaker = asked.subscription.breaker;
    this.#chain = chain;
    this.#asked = asked;
    this.#voting = voting;
  }

  giveUp(): void {
    this.#asked.subscription.target.abandon?.(this);
  }

  finished(delivery: DeliveryResult): void {
    this.#chain.answered(this);
    const { subscription } = this.#asked;
    const answer = judge(this.#chain.spec, subscription, delivery, this.source);
    const { terms } = this.#chain;
    const judged = terms === undefined ? answer : underTerms(answer, terms);
    this.#chain.services.recorder.handlerCalled(subscription, judged.vote, this.source);
    this.#chain.record(this.#asked, judged.vote);
    const value = delivery.answered ? annotationsIn(delivery.result) : undefined;
    if (value !== undefined) this.#chain.annotate({ asked: this.#asked, judged, value });
    this.#voting.voted(this.#asked, judged);
  }
}
