import { RAW, type Member } from "./draw.js";
import { opinion, wholeWith } from "./opinion.js";
import { seenIn } from "./parts.js";
import type { Play, Played } from "./play.js";

/** The first promise about guards that a chain broke, in words; undefined when all were kept. */
export function brokenPromise(play: Play): string | undefined {
  const ended = play.result.ran ? (aboutRun(play) ?? aboutParts(play)) : aboutStop(play);
  return aboutVotes(play) ?? ended ?? aboutNews(play) ?? aboutOutput(play);
}

type Stand = "block" | "confirm" | "continue" | "modify" | "replace";

/**
 * The answers of a member that arrived in time and count, in order. A malformed rewrite blocks, and one of something that the
 * member does not get is no answer. They are about the whole for a closed member, and about what it gets for an open one.
 */
function answers({ name, member, questions }: Played): { about: string; says: Stand; made: string }[] {
  return questions.flatMap(({ answered, about, whole }) => {
    if (!answered) return [];
    const { action, input, output, stray } = opinion(member, about, name);
    if (stray) return [];
    const says = action === "modify" && input === undefined ? "block" : (action as Stand);
    const made = input ?? output ?? about;
    if (!member.closed || output !== undefined || name.startsWith("after")) return [{ about, says, made }];
    return [{ about: whole, says, made: wholeWith(member, whole, made) }];
  });
}

/** As much of an input as the answers of a member are about. */
const concerning = ({ closed, fields }: Member, input: string): string =>
  closed ? input : seenIn(input, fields);

function concerns({ filter: { contains, equals } }: Member, input: string): boolean {
  return (contains === undefined || input.includes(contains)) && (equals === undefined || input === equals);
}

const anything = ({ filter }: Member): boolean =>
  filter.contains === undefined && filter.equals === undefined;

function voteOf({ result }: Play, { name }: Played) {
  const votes = [...result.before.votes, ...((result.ran && result.after?.votes) || [])];
  return votes.find(({ subscription }) => subscription === name);
}

/** One vote for each who was asked or had to be. */
function aboutVotes(play: Play): string | undefined {
  const { result, before } = play;
  const names = result.before.votes.map(({ subscription }) => subscription);
  if (new Set(names).size < names.length) return "somebody has two votes";
  for (const one of before) {
    const vote = voteOf(play, one);
    if (one.questions.length > 0 && (vote === undefined || vote.status === "not_reached"))
      return `${one.name} was asked and has no vote`;
    if (vote === undefined && anything(one.member)) return `${one.name} matched and has no vote`;
    const concerned = result.ran ? concerns(one.member, play.input) : anything(one.member);
    if (vote?.status === "not_reached" && one.member.closed && concerned)
      return `${one.name} fails closed and was not asked`;
    if (vote?.status === "voted" && answers(one).length === 0) return `${one.name} voted and never answered`;
  }
  return undefined;
}

/** The operation ran: every guard that had a say saw the input and let it pass. */
function aboutRun(play: Play): string | undefined {
  const { plan, runs, before } = play;
  const [final, ...more] = runs;
  if (final === undefined || more.length > 0) return "the operation did not run once";
  if (play.input !== final) return "the result names another input than the one that ran";
  const approved = play.userAsked === 1 && plan.user === "agrees";
  if (play.userAsked > 0 && !approved) return "the operation ran without the user's yes";
  const inPhases = plan.policy === "rewrite_then_veto";
  for (const one of before) {
    const { closed, phase } = one.member;
    const given = answers(one);
    const last = given.at(-1);
    const own = concerning(one.member, final);
    const onFinal = given.filter(({ about, made }) => about === own || made === own).at(-1);
    const vote = voteOf(play, one);
    const counts = closed || inPhases;
    if (closed && concerns(one.member, final) && onFinal === undefined)
      return `${one.name} fails closed and did not let the input pass that ran`;
    if (inPhases && phase !== "rewrite" && concerns(one.member, final) && onFinal === undefined) {
      if (vote?.status !== "abstained" && !(vote?.status === "voted" && vote.unansweredAgain))
        return `${one.name} is a guard and did not see the input that ran`;
    }
    const passedOver = given.length === 1 && last?.says === "modify" && last.about === final;
    if (inPhases && closed && phase !== "veto" && passedOver)
      return `${one.name} fails closed and its rewrite was passed over`;
    if (counts && onFinal?.says === "block") return `${one.name} blocked the input that ran`;
    if (counts && (onFinal?.says === "confirm" || last?.says === "confirm") && !approved)
      return `${one.name} wanted the user to be asked`;
    if (inPhases && last?.says === "block") return `${one.name} blocked and was overruled`;
  }
  if (inPhases) return undefined;
  // In turn, an open member is overruled by an earlier decision and by nothing else.
  const decided = before.findIndex((one) => answers(one).some(({ says }) => says !== "continue"));
  const first = before[decided];
  if (first && answers(first)[0]?.says === "block") return `${first.name} decided first, and was overruled`;
  return undefined;
}

/** What nobody changed who gets it is as it was. */
function aboutParts({ plan, before, input }: Play): string | undefined {
  for (const part of ["p", "q"] as const) {
    const mayChange = before.some(
      (one) =>
        (one.member.fields ?? [part]).includes(part) && answers(one).some(({ says }) => says === "modify"),
    );
    if (!mayChange && seenIn(input, [part]) !== seenIn(plan.input, [part]))
      return `nobody who gets '${part}' changed it, and it is another one`;
  }
  return undefined;
}

/** An open member with fields is not asked again about what it saw or made. */
function aboutNews({ before }: Play): string | undefined {
  for (const one of before) {
    const { closed, fields } = one.member;
    if (closed || fields === undefined) continue;
    for (const [n, { answered, about }] of one.questions.entries()) {
      const { input = about, stray } = opinion(one.member, about, one.name);
      const next = one.questions[n + 1];
      if (answered && next && next.about === (stray ? about : input))
        return `${one.name} was asked again, and nothing that it gets had changed`;
    }
  }
  return undefined;
}

/** The operation was stopped: the extension that is named had a reason. */
function aboutStop(play: Play): string | undefined {
  const { result, before, runs, plan } = play;
  if (runs.length > 0) return "an operation that was stopped ran";
  if (result.ran) return undefined;
  const approved = play.userAsked > 0 && plan.user === "agrees";
  const inPhases = plan.policy === "rewrite_then_veto";
  const justified = before.some((one) => {
    if (one.extension !== result.by) return false;
    const { closed, phase } = one.member;
    const said = answers(one).map(({ says }) => says);
    if (closed && voteOf(play, one)?.status === "abstained") return true;
    // A rewrite of a closed member that came too late to be applied stops the operation.
    if (inPhases && closed && phase !== "veto" && said.includes("modify")) return true;
    return said.includes("block") || (said.includes("confirm") && !approved);
  });
  return justified ? undefined : `'${result.by}' had no reason to stop the operation`;
}

/** What is passed on passed every closed guard of outputs, or is withheld. */
function aboutOutput(play: Play): string | undefined {
  const { result, after, plan } = play;
  if (!result.ran) return undefined;
  const output = String(result.output);
  const guards = after.filter(({ member }) => member.closed && concerns(member, play.input));
  let mayWithhold = false;
  let redactions = 0;
  for (const one of guards) {
    const { rule, phase } = one.member;
    const given = answers(one);
    const abstained = voteOf(play, one)?.status === "abstained";
    if ((given.length === 0 || abstained) && output.includes(RAW))
      return `${one.name} fails closed and did not see the output that is passed on`;
    mayWithhold ||= abstained;
    if (given.at(-1)?.says === "replace") redactions += 1;
    const rewrites = phase !== "veto" || plan.policy === "first_decision";
    if (rewrites && rule.does === "drop" && output.includes(rule.mark))
      return `${one.name} fails closed and dropped a mark that is passed on`;
  }
  if (!output.includes(RAW) && !mayWithhold && redactions < 2) return "the output was withheld for no reason";
  return undefined;
}
