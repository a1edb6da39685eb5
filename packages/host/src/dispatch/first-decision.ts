import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { Asked, Chain, ChainResult, Voting } from "./chain.js";
import { askClosed, replacedTogether } from "./closed.js";
import { CONTINUE, decisionOf, forcedBy, isStop, joinInjections, stricter, type Stop } from "./merge.js";
import type { Decision } from "./outcome.js";
import type { Subscription } from "./subscription.js";
import { ignore, type Judged } from "./verdict.js";

/**
 * The reference's policy: in order, the first block, modify, confirm or replace ends the chain; injections add up.
 * Closed subscriptions are asked even after the end, on the input as it then is; they can only stop it.
 * Calls `failed` only when the event is not JSON.
 */
export function firstDecision(
  chain: Chain,
  event: OutgoingEvent,
  done: (result: ChainResult) => void,
  failed: (error: unknown) => void,
): void {
  new InTurn(chain, event, done, failed).goOn();
}

/** One event on its way along the chain. Steps by callbacks: a promise for each would cost more than all the rest. */
class InTurn implements Voting {
  readonly #chain: Chain;
  readonly #event: OutgoingEvent;
  readonly #done: (result: ChainResult) => void;
  readonly #failed: (error: unknown) => void;
  #next = 0;
  #decision: Decision | undefined;
  #injected: string[] | undefined;
  /** True while a subscription is being asked, and once it answered within that time. */
  #asking = false;
  #answered = false;
  /** Subscriptions that are left when the time runs short. */
  #rest: Asked[] | undefined;

  constructor(
    chain: Chain,
    event: OutgoingEvent,
    done: (result: ChainResult) => void,
    failed: (error: unknown) => void,
  ) {
    this.#chain = chain;
    this.#event = event;
    this.#done = done;
    this.#failed = failed;
  }

  /** Takes one step after the other until an answer has to be waited for. */
  goOn(): void {
    const { subscriptions } = this.#chain;
    try {
      for (let place = this.#next; place < subscriptions.length; place = this.#next) {
        const subscription = subscriptions[place] as Subscription;
        this.#next = place + 1;
        if (subscription.conditional && !this.#chain.matches(place, this.#event)) continue;
        const asked = { place, subscription };
        if (this.#decision) this.#chain.passOver(asked);
        else if (this.#rest || this.#chain.short) (this.#rest ??= []).push(asked);
        else {
          this.#answered = false;
          this.#asking = true;
          this.#chain.askInTurn(asked, this.#event, this.#next === subscriptions.length, this);
          this.#asking = false;
          // An open breaker, for one, answers at once.
          if (!this.#answered) return;
        }
      }
      this.#end();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** The answer of the one that was asked. */
  voted(asked: Asked, judged: Judged): void {
    if (judged.effective?.action !== "continue") this.#take(asked, judged);
    this.#answered = true;
    if (!this.#asking) this.goOn();
  }

  #take(asked: Asked, { effective, vote }: Judged): void {
    const forced = forcedBy(this.#chain.spec, asked.subscription, vote);
    const decided = forced ?? (effective && decisionOf(effective, asked.subscription.extension));
    if (effective?.action === "inject") (this.#injected ??= []).push(effective.content);
    else if (decided?.action === "replace" && this.#rest) return;
    else if (decided && !this.#decision) this.#decision = decided;
    else if (decided && asked.subscription.closed && isStop(decided)) this.#insist(decided);
    else if (decided) this.#chain.record(asked, ignore(vote, "an earlier extension had decided"));
  }

  /** A closed subscription that was asked together with others is not overruled by an earlier decision. */
  #insist(stop: Stop): void {
    const earlier = this.#decision ?? CONTINUE;
    const isRewritten = stop.action === "confirm" && earlier.action === "modify";
    this.#decision = stricter(earlier, isRewritten ? { ...stop, input: earlier.input } : stop);
  }

  #end(): void {
    if (this.#rest || (this.#decision && this.#chain.anyClosed)) {
      this.#endLate(this.#rest ?? []).then(this.#done, this.#failed);
      return;
    }
    this.#done({ decision: this.#result, votes: this.#chain.votes });
  }

  async #endLate(rest: readonly Asked[]): Promise<ChainResult> {
    // Out of turn, because the time runs short: asked together, taken in order.
    const answers = await this.#chain.askAll(rest, this.#event);
    for (const { asked, judged } of answers) this.#take(asked, judged);
    const output = replacedTogether(this.#chain, answers, () => true);
    this.#decision ??= output;
    const seen = (place: number): OutgoingEvent | undefined => {
      const vote = this.#chain.vote(place);
      return vote === undefined || vote.status === "not_reached" ? undefined : this.#event;
    };
    const decision = await askClosed(this.#chain, this.#event, seen, this.#result);
    return { decision, votes: this.#chain.votes };
  }

  get #result(): Decision {
    return this.#decision ?? (this.#injected ? joinInjections(this.#injected) : CONTINUE);
  }
}
