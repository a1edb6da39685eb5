import type { JsonValue } from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { Asked, Chain, ChainResult } from "./chain.js";
import { askClosed, replacedTogether } from "./closed.js";
import {
  CONTINUE,
  decisionOf,
  forcedBy,
  isStop,
  isTerminal,
  joinInjections,
  standsBefore,
  stoppedBy,
  stricter,
  withInput,
  type Stop,
} from "./merge.js";
import type { Decision } from "./outcome.js";
import { Rewrites } from "./rewrites.js";
import { isRider, Riders } from "./riders.js";
import type { Subscription } from "./subscription.js";
import { ignore, type Judged } from "./verdict.js";
import type { Vote, Voted } from "../observe/vote.js";

/**
 * First the rewriters, in order, each seeing what the one before made of it; then the vetoes, all at once, on the
 * final input, the strictest in order winning. Who declares no phase is asked as a rewriter, and again as a veto
 * when the input changed after it. So nothing that is run was unseen by a guard. An answer that takes the operation's
 * place ends the rewriting, and the vetoes may still stop it.
 */
export async function rewriteThenVeto(chain: Chain, event: OutgoingEvent): Promise<ChainResult> {
  const run = new Run(chain, event);
  await run.rewrite();
  return run.veto();
}

class Run {
  readonly #chain: Chain;
  #event: OutgoingEvent;
  /** Verdicts by subscription. A second verdict on a changed input replaces the first. */
  readonly #held = new Map<number, Decision>();
  /** The extensions that rewrote the event last, by the field that they may rewrite. */
  readonly #by: { modifies?: string; replaces?: string } = {};
  /** The event each place was last asked about, after its own rewrite. */
  readonly #seen = new Map<number, OutgoingEvent>();
  readonly #injected = new Map<number, string>();
  #riders: Riders | undefined;
  #rewrites: Rewrites | undefined;
  /** Verdicts of the rewrite phase, by place. */
  readonly #earlier = new Map<number, Voted>();

  constructor(chain: Chain, event: OutgoingEvent) {
    this.#chain = chain;
    this.#event = event;
  }

  async rewrite(): Promise<void> {
    // Where nothing can be rewritten, everybody sees the same event: all are asked at once, below.
    if (!this.#chain.spec.modifies && !this.#chain.spec.replaces) return;
    const isLast = this.#chain.subscriptions.length === 1;
    for (const asked of this.#places()) {
      if (asked.subscription.phase === "veto") continue;
      if (this.#chain.short || this.#hasEnded) return;
      if (!this.#chain.matches(asked.place, this.#event)) continue;
      const judged = await this.#chain.askOne(asked, this.#event, isLast);
      if (judged.vote.status === "voted") this.#earlier.set(asked.place, judged.vote);
      this.#take(asked, judged, true);
      this.#seen.set(asked.place, this.#event);
    }
  }

  async veto(): Promise<ChainResult> {
    const due = this.#due();
    const ended = this.#held.size === 0 ? CONTINUE : this.#strictest;
    if (ended.action === "block") {
      for (const asked of due) if (!asked.subscription.closed) this.#chain.passOver(asked);
      const decision = await askClosed(this.#chain, this.#event, (place) => this.#seen.get(place), ended);
      return this.#ended(decision);
    }
    const answers = await this.#chain.askAll(due, this.#event);
    for (const { asked, judged } of answers) this.#takeAgain(asked, judged);
    if (!standsBefore(this.#chain.spec)) {
      const late = replacedTogether(this.#chain, answers, ({ phase }) => phase !== "veto");
      if (late) this.#rewrite("replaces", late.output, late.by);
    }
    return this.#ended(this.#result());
  }

  #ended(decision: Decision): ChainResult {
    const along = this.#riders?.alongWith(decision, this.#chain) ?? decision;
    return { decision: along, votes: this.#chain.votes, rewrites: this.#rewrites };
  }

  /** True once nothing that a rewriter says could count. */
  get #hasEnded(): boolean {
    for (const held of this.#held.values())
      if (held.action === "block" || isTerminal(this.#chain.spec, held)) return true;
    return false;
  }

  /** A new vote replaces the earlier one; a lost answer does not: the earlier and stricter verdict stands. */
  #takeAgain(asked: Asked, judged: Judged): void {
    const { vote } = judged;
    const earlier = this.#earlier.get(asked.place);
    if (vote.status === "abstained" && earlier && this.#held.has(asked.place)) {
      if (!vote.closed) {
        this.#chain.record(asked, { ...earlier, unansweredAgain: vote.reason });
        return;
      }
    } else {
      this.#held.delete(asked.place);
      this.#riders?.drop(asked);
    }
    this.#take(asked, judged, false);
  }

  /** The strictest verdict; one that takes the operation's place goes with a question whether it may. */
  get #strictest(): Decision {
    let [decided, stop]: [Decision, Stop | undefined] = [CONTINUE, undefined];
    for (const { place } of this.#places()) {
      const held = this.#held.get(place);
      if (held === undefined) continue;
      if (isStop(held)) stop = stop && stricter(stop, held) === stop ? stop : held;
      else decided = stricter(decided, held);
    }
    return stop ? stoppedBy(this.#chain.spec, decided, stop) : decided;
  }

  #places(): Asked[] {
    return this.#chain.places;
  }

  /** Subscriptions that have not seen the final event and can still do something about it. */
  #due(): Asked[] {
    const { actions } = this.#chain.spec;
    const canStop = actions.includes("block") || actions.includes("confirm");
    return this.#places().filter(({ place, subscription }) => {
      if (!this.#chain.matches(place, this.#event)) return false;
      const seen = this.#seen.get(place);
      if (seen === undefined) return true;
      const mustSee = subscription.phase === undefined || subscription.closed;
      return canStop && mustSee && isNews(subscription, seen, this.#event);
    });
  }

  #take(asked: Asked, { effective, vote }: Judged, inTurn: boolean): void {
    if (effective !== undefined && isRider(effective))
      return (this.#riders ??= new Riders()).take(asked, effective);
    const forced = forcedBy(this.#chain.spec, asked.subscription, vote);
    const decided = forced ?? (effective && decisionOf(effective, asked.subscription.extension));
    if (effective?.action === "inject") this.#injected.set(asked.place, effective.content);
    if (!decided) return;
    if (isStop(decided) || isTerminal(this.#chain.spec, decided)) this.#held.set(asked.place, decided);
    else if (decided.action === "modify")
      if (inTurn) this.#rewrite("modifies", decided.input, decided.by);
      else this.#tooLate(asked, vote, decided.by);
    else if (decided.action === "replace" && inTurn) this.#rewrite("replaces", decided.output, decided.by);
  }

  /** A rewrite of the veto phase. The input must not run unchanged against the word of a closed subscription. */
  #tooLate(asked: Asked, vote: Vote, by: string): void {
    const { closed, phase } = asked.subscription;
    if (closed && phase !== "veto" && !this.#seen.has(asked.place)) {
      const reason = `Blocked: the time was too short to apply the rewrite of '${by}', which must not be passed over`;
      this.#held.set(asked.place, { action: "block", reason, by });
    }
    this.#chain.record(asked, ignore(vote, "it was final by then: only a stop counts in the veto phase"));
  }

  #rewrite(what: "modifies" | "replaces", value: JsonValue, by: string): void {
    const field = this.#chain.spec[what];
    if (field === undefined) return;
    if (what === "modifies") (this.#rewrites ??= new Rewrites(field)).add(this.#event, value, by);
    this.#event = this.#event.with(field, value);
    if (this.#rewrites && what === "modifies") this.#rewrites.last = this.#event;
    this.#by[what] = by;
  }

  #result(): Decision {
    const held = this.#strictest;
    const { modifies: modifiedBy, replaces: replacedBy } = this.#by;
    const { modifies, replaces } = this.#chain.spec;
    if (held.action !== "continue" && modifiedBy !== undefined && modifies)
      return withInput(held, this.#event.field(modifies));
    if (held.action !== "continue") return held;
    // A kind may have both, an outcome has room for one: what was taken out of an output must stay out.
    if (replacedBy !== undefined && replaces)
      return { action: "replace", output: String(this.#event.field(replaces)), by: replacedBy };
    if (modifiedBy !== undefined && modifies)
      return { action: "modify", input: this.#event.field(modifies), by: modifiedBy };
    const places = [...this.#injected.keys()].sort((a, b) => a - b);
    return joinInjections(places.map((place) => this.#injected.get(place) ?? ""));
  }
}

/** True if an event is another than the one before for a subscription: a closed one looks at all of it. */
function isNews({ closed, projection }: Subscription, before: OutgoingEvent, now: OutgoingEvent): boolean {
  if (before === now) return false;
  if (closed || projection === undefined) return true;
  return before.sentTo(projection).text !== now.sentTo(projection).text;
}
