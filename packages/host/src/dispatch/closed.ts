import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { Asked, Chain } from "./chain.js";
import { decisionOf, forcedBy, stricter } from "./merge.js";
import type { Decision } from "./outcome.js";
import { ignore, type Judged } from "./verdict.js";

/** The event as it will run or be passed on after a decision. */
export function finalEvent({ spec }: Chain, event: OutgoingEvent, decision: Decision): OutgoingEvent {
  if (decision.action === "modify" && spec.modifies) return event.with(spec.modifies, decision.input);
  if (decision.action === "confirm" && spec.modifies && decision.input !== undefined)
    return event.with(spec.modifies, decision.input);
  if (decision.action === "replace" && spec.replaces) return event.with(spec.replaces, decision.output);
  return event;
}

/**
 * Asks every closed subscription that has not seen the final event, whatever ended the chain, and lets it stop what was
 * decided: by a block, a confirm or an abstention. `seen` tells the event that a place was last asked about.
 */
export async function askClosed(
  chain: Chain,
  event: OutgoingEvent,
  seen: (place: number) => OutgoingEvent | undefined,
  decided: Decision,
): Promise<Decision> {
  const final = finalEvent(chain, event, decided);
  const { replaces, modifies } = chain.spec;
  const field = modifies ?? replaces;
  const isSeen = (place: number): boolean => {
    const last = seen(place);
    if (last === undefined) return false;
    // An output that was replaced in turn was chained in order: nobody is asked twice about an output.
    return last === final || replaces !== undefined || (field !== undefined && last.sameIn(field, final));
  };
  const due = chain.places.filter(
    ({ place, subscription }) => subscription.closed && chain.matches(place, final) && !isSeen(place),
  );
  if (due.length === 0) return decided;
  if (replaces !== undefined && !chain.short) return replaceInTurn(chain, due, final, decided);
  let decision = decided;
  for (const { asked, judged } of await chain.askAll(due, final))
    decision = stopped(chain, asked, judged, decision);
  return decision;
}

/** The decision after the vote of a closed subscription on the final event. */
function stopped(chain: Chain, asked: Asked, { effective, vote }: Judged, decision: Decision): Decision {
  const by = asked.subscription.extension;
  const wanted = forcedBy(chain.spec, asked.subscription, vote) ?? (effective && decisionOf(effective, by));
  if (wanted?.action === "block") return stricter(decision, wanted);
  if (wanted?.action === "confirm") {
    // Once the user agrees, the input that the chain arrived at runs.
    const input = decision.action === "modify" ? { input: decision.input } : {};
    return stricter(decision, { ...wanted, ...input });
  }
  // An output that is withheld, or that was replaced at the same time as another: neither can be merged.
  if (wanted?.action === "replace") return wanted;
  chain.record(asked, ignore(vote, "the chain had ended: only a stop counts"));
  return decision;
}

/** Closed subscriptions behind the end of a chain of replacements: each sees the output that the one before left. */
async function replaceInTurn(
  chain: Chain,
  due: readonly Asked[],
  final: OutgoingEvent,
  decided: Decision,
): Promise<Decision> {
  let [event, decision] = [final, decided];
  for (const [n, asked] of due.entries()) {
    const judged = await chain.askOne(asked, event, n === due.length - 1);
    decision = stopped(chain, asked, judged, decision);
    event = finalEvent(chain, event, decision);
  }
  return decision;
}
