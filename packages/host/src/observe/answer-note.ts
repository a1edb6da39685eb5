import { didYouMean, type Action } from "@synaps/sdk/protocol";
import type { HostErrorCode } from "../errors.js";
import type { AskedSubscription } from "./recorder.js";
import type { Vote } from "./vote.js";

/** A mistake in how an extension answers events, in words. */
export interface AnswerNote {
  code: HostErrorCode;
  message: string;
  hint: string;
  evidence: string;
}

/** Words of other programs for our actions. */
const OTHER_WORDS: Readonly<Record<string, Action>> = {
  deny: "block",
  reject: "block",
  refuse: "block",
  abort: "block",
  cancel: "block",
  allow: "continue",
  approve: "continue",
  pass: "continue",
  ok: "continue",
  ask: "confirm",
  rewrite: "modify",
  edit: "modify",
};

/**
 * Returns the mistake that a vote shows, if it shows one. `actions` are the actions that the kind allows. Frames that
 * cannot be read and processes that end are told elsewhere.
 */
export function answerNote(
  { kind, deadlineMs }: AskedSubscription,
  vote: Vote,
  actions: readonly Action[],
): AnswerNote | undefined {
  if (vote.status === "not_reached") return undefined;
  const say = (what: string, hint: string, evidence: string): AnswerNote => ({
    code: "ANSWER_UNUSABLE",
    message: `Extension '${vote.extension}' gave no usable answer to ${kind}: ${what}`,
    hint,
    evidence,
  });
  if (vote.status === "voted" && vote.markersEscaped !== undefined)
    return {
      code: "INJECTION_ESCAPED",
      message: `The text that extension '${vote.extension}' injected at ${kind} could pass for the structure of an agent: it was escaped`,
      hint: "Leave tags of agents, tokens of chat templates and invisible characters out of injected text.",
      evidence: `${kind}: ${vote.markersEscaped} places`,
    };
  if (vote.status === "voted")
    return vote.ignored?.includes("is not allowed for")
      ? say(vote.ignored, allowed(kind, actions), `"action": "${vote.verdict.action}"`)
      : undefined;
  const { reason, detail = "" } = vote;
  switch (reason) {
    case "invalid":
      if (detail.startsWith("it sent ")) return undefined;
      return say(shown(detail, actions), hintFor(detail, kind, actions), shown(detail, actions));
    case "error":
      return say(`it answered with ${errorOf(detail)}`, hintForError(detail), errorOf(detail));
    case "denied":
      return say(detail, "Add the permission to /extension/permissions.", detail);
    case "timeout":
      return say(`no answer came within ${deadlineMs} ms`, SLOW, `${kind}: nothing for ${deadlineMs} ms`);
    default:
      return undefined;
  }
}

/** A made-up action may repeat a payload, which belongs into no log: only one that is nearly known is quoted. */
function shown(detail: string, actions: readonly Action[]): string {
  const written = writtenAction(detail);
  if (written === undefined || meantBy(written, actions)) return detail;
  return `an action of ${written.length} characters that does not exist`;
}

/** The text of an error may repeat a payload as well, unless the SDK wrote it and says where the author's code threw. */
function errorOf(detail: string): string {
  const isFromSdk = PLACE.test(detail) || / the handler of '/.test(detail);
  return isFromSdk ? detail : (/^error -?\d+/.exec(detail)?.[0] ?? "an error");
}

function writtenAction(detail: string): string | undefined {
  return /^the action '(.*)' does not exist$/s.exec(detail)?.[1];
}

function meantBy(written: string, actions: readonly Action[]): Action | undefined {
  return (didYouMean(written, actions) as Action | undefined) ?? OTHER_WORDS[written.toLowerCase()];
}

const PLACE = /\(at ([^()]+:\d+)\)$/;

const SLOW =
  "Answer each event within its deadline and do slow work in the background; timeout_ms at the hook allows up to 60000.";

/** The SDK ends the message of what a handler threw with the line of the author's own code. */
function hintForError(detail: string): string {
  const place = PLACE.exec(detail)?.[1];
  return place === undefined ? "Correct what the error names in the handler." : `Look at ${place}.`;
}

function hintFor(detail: string, kind: string, actions: readonly Action[]): string {
  const written = writtenAction(detail);
  const meant = written === undefined ? undefined : meantBy(written, actions);
  return `${meant ? `Did you mean '${meant}'? ` : ""}${allowed(kind, actions)}`;
}

function allowed(kind: string, actions: readonly Action[]): string {
  return `Answer with {"action": …}; ${kind} allows: ${actions.join(", ")}.`;
}
