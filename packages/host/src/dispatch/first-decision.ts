import type { OutgoingEvent } from "../event/outgoing-event.js";
import type { Asked, Chain, ChainResult } from "./chain.js";
import { decisionOf, forcedBy, joinInjections, stricter } from "./merge.js";
import type { Decision } from "./outcome.js";
import { ignore, type Judged } from "./verdict.js";

/**
 * The reference's policy: in order, the first block, modify, confirm or replace ends the chain; injections add up.
 * Subscriptions that fail closed are asked even after the end, on the input as it then is; they can only block.
 */
export async function firstDecision(chain: Chain, event: OutgoingEvent): Promise<ChainResult> {
  const injected: string[] = [];
  let decision: Decision | undefined;

  const take = (asked: Asked, judged: Judged): void => {
    const { effective, vote } = judged;
    const forced = forcedBy(chain.spec, asked.subscription, vote);
    const decided = forced ?? (effective && decisionOf(effective, asked.subscription.extension));
    if (effective?.action === "inject") injected.push(effective.content);
    else if (decided && !decision) decision = decided;
    else if (decided) chain.record(asked, ignore(vote, "an earlier extension had decided"));
  };

  const late: Asked[] = [];
  const rest: Asked[] = [];
  for (const [place, subscription] of chain.subscriptions.entries()) {
    if (!chain.matches(place, event)) continue;
    const asked = { place, subscription };
    if (decision) {
      if (subscription.closed) late.push(asked);
      else chain.passOver(asked);
    } else if (rest.length > 0 || chain.short) {
      rest.push(asked);
    } else {
      take(asked, await chain.askOne(asked, event, place === chain.subscriptions.length - 1));
    }
  }
  // Out of turn, because the time runs short: asked together, taken in order.
  for (const { asked, judged } of await chain.askAll(rest, event)) take(asked, judged);

  const final = decision ?? joinInjections(injected);
  if (late.length === 0) return { decision: final, votes: chain.votes };
  return { decision: await askLate(chain, late, event, final), votes: chain.votes };
}

/** Closed subscriptions behind the end of a chain may still stop it, but change nothing any more. */
export async function askLate(
  chain: Chain,
  late: readonly Asked[],
  event: OutgoingEvent,
  ended: Decision,
): Promise<Decision> {
  const { modifies } = chain.spec;
  const onFinal = ended.action === "modify" && modifies ? event.with(modifies, ended.input) : event;
  let decision = ended;
  for (const { asked, judged } of await chain.askAll(late, onFinal)) {
    const { effective, vote } = judged;
    const forced = forcedBy(chain.spec, asked.subscription, vote);
    if (forced) {
      // A withheld output replaces another replacement: nobody vouched for that one.
      decision = forced.action === "replace" ? forced : stricter(decision, forced);
      continue;
    }
    const wanted = effective && decisionOf(effective, asked.subscription.extension);
    if (wanted?.action === "block") decision = stricter(decision, wanted);
    else chain.record(asked, ignore(vote, "the chain had ended: only a block counts"));
  }
  return decision;
}
