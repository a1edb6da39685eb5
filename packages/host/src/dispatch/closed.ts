import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { Answered, Asked, Chain } from "./chain.js";
import { decisionOf, forcedBy, isStop, isTerminal, standsBefore, stoppedBy } from "./merge.js";
import type { Decision } from "./outcome.js";
import type { Subscription } from "./subscription.js";
import { ignore, type Judged } from "./verdict.js";

type Replacement = Extract<Decision, { action: "replace" }>;

/** The event as it will run or be passed on after a decision. */
export function finalEvent({ spec }: Chain, event: OutgoingEvent, decision: Decision): OutgoingEvent {
  const { modifies, replaces } = spec;
  if ("input" in decision && decision.input !== undefined && modifies)
    return event.with(modifies, decision.input);
  if (decision.action === "replace" && replaces && !standsBefore(spec))
    return event.with(replaces, decision.output);
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
  const { modifies } = chain.spec;
  const replaces = standsBefore(chain.spec) ? undefined : chain.spec.replaces;
  const field = modifies ?? replaces;
  const isSeen = (place: number): boolean => {
    const last = seen(place);
    if (last === undefined) return false;
    // An output that was replaced in turn was chained in order: nobody is asked twice about an output.
    return (
      last === final ||
      (replaces !== undefined && modifies === undefined) ||
      (field !== undefined && last.sameIn(field, final))
    );
  };
  const due = chain.places.filter(
    ({ place, subscription }) => subscription.closed && chain.matches(place, final) && !isSeen(place),
  );
  if (due.length === 0) return decided;
  if (replaces !== undefined && !chain.short) return replaceInTurn(chain, due, final, decided);
  return settled(chain, await chain.askAll(due, final), decided);
}

/** The decision after closed subscriptions were asked about the final event, all at the same time. */
function settled(chain: Chain, answers: readonly Answered[], decided: Decision): Decision {
  let decision = decided;
  for (const { asked, judged } of answers) decision = stopped(chain, asked, judged, decision);
  // Before an operation, a replacement has no output to be about: the chain had ended.
  if (standsBefore(chain.spec)) return decision;
  const output = replacedTogether(chain, answers, () => true);
  return isStop(decision) ? decision : (output ?? decision);
}

/** The decision after the vote of a closed subscription on the final event. */
function stopped(chain: Chain, asked: Asked, judged: Judged, decision: Decision): Decision {
  const wanted = wantedBy(chain, asked, judged);
  // Once the user agrees, what the chain arrived at happens.
  if (wanted && isStop(wanted)) return stoppedBy(chain.spec, decision, wanted);
  // Where nothing can be blocked, an operation that a closed subscription could not look at has its output withheld.
  const isWithheld = wanted?.action === "replace" && judged.vote.status === "abstained";
  if (isWithheld && standsBefore(chain.spec)) return isTerminal(chain.spec, decision) ? decision : wanted;
  if (wanted?.action !== "replace" || standsBefore(chain.spec))
    chain.record(asked, ignore(judged.vote, "the chain had ended: only a stop counts"));
  return decision;
}

function wantedBy(
  { spec }: Chain,
  { subscription }: Asked,
  { effective, vote }: Judged,
): Decision | undefined {
  return forcedBy(spec, subscription, vote) ?? (effective && decisionOf(effective, subscription.extension));
}

/**
 * The output after several subscriptions were asked about the same one. Their replacements cannot be merged: an output
 * that is withheld stays withheld, the replacement of a closed subscription counts before that of others, and two of
 * closed ones withhold the output, because neither has what the other took out. `counts` tells whose replacements count.
 */
export function replacedTogether(
  chain: Chain,
  answers: readonly Answered[],
  counts: (subscription: Subscription) => boolean,
): Replacement | undefined {
  const withheld: Replacement[] = [];
  const closed: Replacement[] = [];
  const open: Replacement[] = [];
  for (const { asked, judged } of answers) {
    const { subscription } = asked;
    const wanted = wantedBy(chain, asked, judged);
    if (wanted?.action !== "replace") continue;
    if (judged.vote.status === "abstained") withheld.push(wanted);
    else if (counts(subscription)) (subscription.closed ? closed : open).push(wanted);
  }
  const [first, ...others] = closed;
  const other = first && others.find(({ output }) => output !== first.output);
  const output = withheld[0] ?? (other ? withheldBetween(first, other) : first) ?? open[0];
  for (const { asked, judged } of answers) {
    const wanted = wantedBy(chain, asked, judged);
    if (wanted?.action === "replace" && wanted.output !== output?.output)
      chain.record(asked, ignore(judged.vote, "another replacement counts: this one was asked for too late"));
  }
  return output;
}

function withheldBetween({ by }: Replacement, other: Replacement): Replacement {
  const output = `[output withheld: '${by}' and '${other.by}' replaced it at the same time]`;
  return { action: "replace", output, by };
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
    decision = settled(chain, [{ asked, judged }], decision);
    event = finalEvent(chain, event, decision);
  }
  return decision;
}
