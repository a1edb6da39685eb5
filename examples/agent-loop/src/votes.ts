import type { InterceptResult, Outcome, Vote } from "@synaps/host";
import { duration } from "./layout.js";

/** A slower answer is worth a word. */
const SLOW_MS = 50;

/** Who voted what, or who abstained and why. */
export function voteText(vote: Vote): string {
  const { extension } = vote;
  if (vote.status === "not_reached") return `${extension} not reached`;
  const slow = vote.runMs > SLOW_MS ? ` after ${duration(vote.runMs)}` : "";
  if (vote.status === "abstained") {
    return `${extension} abstained: ${vote.reason}${slow}${vote.closed ? ", which blocks" : ""}`;
  }
  return `${extension} ${vote.verdict.action}${vote.ignored === undefined ? "" : " without effect"}${slow}`;
}

/** The votes of many events in a few words. */
export function tally(votes: readonly Vote[]): string[] {
  const times = new Map<string, number>();
  for (const vote of votes) {
    const said =
      vote.status === "abstained" ? `abstained: ${vote.reason}` : (actionOf(vote) ?? "not reached");
    const key = `${vote.extension} ${said}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return [...times].map(([key, count]) => `${key} × ${count}`);
}

/** What the hooks before and after a call came to: one word for each that did something. */
export function actionsOf(result: InterceptResult): string {
  const done = outcomesOf(result).flatMap(({ action }) => (action === "continue" ? [] : [action]));
  return done.join(" + ") || "continue";
}

export function decidersOf(result: InterceptResult): string[] {
  return distinct(outcomesOf(result).flatMap((outcome) => ("by" in outcome ? [outcome.by] : [])));
}

/** Everybody who added context. */
export function injectorsOf({ votes }: Outcome): string[] {
  return distinct(votes.flatMap((vote) => (actionOf(vote) === "inject" ? [vote.extension] : [])));
}

/** The inputs that rewriters made of a call, the last one being what the guards decided about. */
export function rewritesOf({ votes }: Outcome): unknown[] {
  return votes.flatMap((vote) =>
    vote.status === "voted" && vote.verdict.action === "modify" && vote.ignored === undefined
      ? [vote.verdict.input]
      : [],
  );
}

export function outcomesOf(result: InterceptResult): Outcome[] {
  return result.ran && result.after ? [result.before, result.after] : [result.before];
}

function actionOf(vote: Vote): string | undefined {
  return vote.status === "voted" ? vote.verdict.action : undefined;
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
