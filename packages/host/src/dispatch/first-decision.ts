import type { JsonValue } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { Asked, Chain, ChainResult, Voting } from "./chain.js";
import { askClosed, replacedTogether } from "./closed.js";
import { mergePatch } from "./merge-patch.js";
import {
  CONTINUE,
  decisionOf,
  forcedBy,
  isStop,
  joinInjections,
  standsBefore,
  stoppedBy,
  withInput,
} from "./merge.js";
import type { Decision } from "./outcome.js";
import { Rewrites } from "./rewrites.js";
import { isRider, Riders } from "./riders.js";
import type { Subscription } from "./subscription.js";
import { ignore, type Judged } from "./verdict.js";
import type { Vote } from "../observe/vote.js";

/**
 * The reference's policy: in order, the first block, modify, confirm or replace ends the chain, and so does whatever takes
 * the operation's place. Injections add up, merged members reach those behind, and retry and store go along.
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
  #event: OutgoingEvent;
  readonly #done: (result: ChainResult) => void;
  readonly #failed: (error: unknown) => void;
  #next = 0;
  #decision: Decision | undefined;
  #injected: string[] | undefined;
  #riders: Riders | undefined;
  #rewrites: Rewrites | undefined;
  /** Merges in order: the place, and the event that all before it had seen. */
  #merges: { place: number; before: OutgoingEvent; by: string }[] | undefined;
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

  #take(asked: Asked, judged: Judged): void {
    const { effective, vote } = judged;
    if (judged.merges && effective?.action === "modify" && !this.#decision)
      return this.#merge(asked, vote, effective.input);
    if (effective !== undefined && isRider(effective))
      return (this.#riders ??= new Riders()).take(asked, effective);
    const forced = forcedBy(this.#chain.spec, asked.subscription, vote);
    const decided = forced ?? (effective && decisionOf(effective, asked.subscription.extension));
    if (effective?.action === "inject") (this.#injected ??= []).push(effective.content);
    else if (decided?.action === "replace" && this.#rest && !standsBefore(this.#chain.spec)) return;
    else if (decided && !this.#decision) this.#decide(decided);
    else if (decided && asked.subscription.closed && isStop(decided))
      this.#decision = stoppedBy(this.#chain.spec, this.#decision ?? CONTINUE, decided);
    else if (decided) this.#chain.record(asked, ignore(vote, "an earlier extension had decided"));
  }

  #decide(decided: Decision): void {
    const { modifies } = this.#chain.spec;
    if (decided.action === "modify" && modifies !== undefined)
      (this.#rewrites ??= new Rewrites(modifies)).add(this.#event, decided.input, decided.by);
    this.#decision = decided;
  }

  /** Members are merged into what is there by now, and those behind see the result. */
  #merge(asked: Asked, vote: Vote, whole: JsonValue): void {
    const { modifies } = this.#chain.spec;
    if (modifies === undefined) return;
    const { extension: by } = asked.subscription;
    const before = this.#event;
    const isLate = this.#rest && vote.status === "voted" && vote.verdict.action === "modify";
    const input = isLate ? mergePatch(before.field(modifies), vote.verdict.input) : whole;
    (this.#rewrites ??= new Rewrites(modifies)).add(before, input, by);
    (this.#merges ??= []).push({ place: asked.place, before, by });
    this.#event = before.with(modifies, input);
    this.#rewrites.last = this.#event;
  }

  #end(): void {
    if (this.#rest || ((this.#decision || this.#merges) && this.#chain.anyClosed)) {
      this.#endLate(this.#rest ?? []).then(this.#done, this.#failed);
      return;
    }
    this.#done(this.#ended(this.#result));
  }

  #ended(decision: Decision): ChainResult {
    const along = this.#riders?.alongWith(decision, this.#chain) ?? decision;
    return { decision: along, votes: this.#chain.votes, rewrites: this.#rewrites };
  }

  async #endLate(rest: readonly Asked[]): Promise<ChainResult> {
    // Out of turn, because the time runs short: asked together, taken in order.
    const asked = this.#event;
    const answers = await this.#chain.askAll(rest, asked);
    for (const answer of answers) this.#take(answer.asked, answer.judged);
    if (!standsBefore(this.#chain.spec))
      this.#decision ??= replacedTogether(this.#chain, answers, () => true);
    const seen = (place: number): OutgoingEvent | undefined => {
      const vote = this.#chain.vote(place);
      if (vote === undefined || vote.status === "not_reached") return undefined;
      if (rest.some((one) => one.place === place)) return asked;
      return this.#merges?.find((merge) => merge.place > place)?.before ?? this.#event;
    };
    const decision = await askClosed(this.#chain, this.#event, seen, this.#result);
    return this.#ended(decision);
  }

  get #result(): Decision {
    const last = this.#merges?.at(-1);
    const { modifies } = this.#chain.spec;
    if (last === undefined || modifies === undefined)
      return this.#decision ?? (this.#injected ? joinInjections(this.#injected) : CONTINUE);
    const input = this.#event.field(modifies);
    return this.#decision ? withInput(this.#decision, input) : { action: "modify", input, by: last.by };
  }
}
