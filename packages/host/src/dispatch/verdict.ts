import {
  block,
  isTextField,
  MALFORMED_MODIFY,
  parseVerdict,
  proceed,
  type HookKindSpec,
  type JsonValue,
  type Modify,
  type Verdict,
} from "@synaps/sdk/protocol";
import type { OutgoingEvent } from "../delivery/outgoing-event.js";
import type { Projection } from "../delivery/projection.js";
import type { DeliveryResult } from "../delivery/request.js";
import { unlikeJson } from "../delivery/json-likeness.js";
import { bounded } from "./bounds.js";
import { MERGES } from "./in-process-answer.js";
import { mergePatch } from "./merge-patch.js";
import { payloadOf } from "./payload.js";
import { standsBefore } from "./merge.js";
import type { Subscription } from "./subscription.js";
import type { Abstained, Vote } from "../observe/vote.js";

/** A vote, and the verdict that takes effect, if one does. */
export interface Judged {
  vote: Vote;
  effective: Verdict | undefined;
  /** True if the input of a modify is merged into the field, which ends no chain. */
  merges?: true;
}

/**
 * Turns an answer about an event into a vote: a verdict that the kind and the extension's permissions allow, or an
 * abstention.
 */
export function judge(
  spec: HookKindSpec,
  subscription: Subscription,
  delivery: DeliveryResult,
  event: OutgoingEvent,
): Judged {
  // The answer that nearly all give and every kind allows, without a look at what else it could be.
  const result = delivery.answered ? delivery.result : undefined;
  if (typeof result !== "object" || (result as { action?: unknown } | null)?.action !== "continue")
    return judgeOther(spec, subscription, delivery, event);
  const { extension, id } = subscription;
  const { queueMs, runMs } = delivery;
  const vote: Vote = { status: "voted", extension, subscription: id, queueMs, runMs, verdict: GO_ON };
  return { vote, effective: GO_ON };
}

function judgeOther(
  spec: HookKindSpec,
  subscription: Subscription,
  delivery: DeliveryResult,
  event: OutgoingEvent,
): Judged {
  const { queueMs, runMs } = delivery;
  const base = { extension: subscription.extension, subscription: subscription.id, queueMs, runMs };
  const abstained = (reason: Abstained["reason"], detail?: string): Judged => ({
    vote: {
      status: "abstained",
      ...base,
      reason,
      ...(detail === undefined ? {} : { detail }),
      closed: subscription.closed,
    },
    effective: undefined,
  });

  if (!delivery.answered) return abstained(delivery.reason, delivery.detail);
  const parsed = parseVerdict(delivery.result);
  if (!parsed.ok) return abstained("invalid", parsed.problem);
  const lost = lostDigits(parsed.verdict, delivery.inexact);
  if (lost !== undefined && parsed.verdict.action !== "modify")
    return abstained("invalid", `the integer at '${lost}' is beyond 2^53: send its digits as a string`);
  const { verdict, cutBytes, markersEscaped } = bounded(sendable(spec, parsed.verdict, lost));
  const { action } = verdict;
  const cut = {
    ...(cutBytes > 0 ? { cutBytes } : {}),
    ...(markersEscaped === undefined ? {} : { markersEscaped }),
  };
  if (!spec.actions.includes(action)) {
    const ignored = `'${action}' is not allowed for ${subscription.kind}`;
    return { vote: { status: "voted", ...base, verdict, ignored, ...cut }, effective: undefined };
  }
  const needed = spec.actionPermissions?.[action];
  if (needed !== undefined && !subscription.permissions.has(needed)) {
    return abstained("denied", `'${action}' needs the permission '${needed}'`);
  }
  const isMerged = verdict.action === "modify" && merges(delivery.result);
  const whole = isMerged
    ? merged(spec, verdict, event)
    : subscription.projection
      ? inWhole(spec, subscription.projection, verdict, event)
      : verdict;
  if (typeof whole === "string") return abstained("invalid", whole);
  const misfit = misfitOf(spec, whole);
  if (misfit !== undefined) {
    if (whole.action !== "modify") return abstained("invalid", misfit);
    const blocked = block(`${MALFORMED_MODIFY}: ${misfit}`);
    return { vote: { status: "voted", ...base, verdict: blocked }, effective: blocked };
  }
  const vote: Vote = { status: "voted", ...base, verdict, ...cut };
  return isMerged
    ? { vote: { ...vote, merged: true }, effective: whole, merges: true }
    : { vote, effective: whole };
}

function merges(result: unknown): boolean {
  return typeof result === "object" && result !== null && MERGES in result;
}

/** The rewrite of the whole field that a merge of the given members comes to. */
function merged({ modifies }: HookKindSpec, verdict: Modify, event: OutgoingEvent): Verdict {
  if (modifies === undefined) return verdict;
  return { ...verdict, input: mergePatch(event.field(modifies), verdict.input) };
}

/** Says in what the new value of a field does not fit the kind's payload. */
function misfitOf(spec: HookKindSpec, verdict: Verdict): string | undefined {
  const { modifies, replaces } = spec;
  if (verdict.action === "fork") return misfitOfFork(spec, verdict.operations);
  if (spec.payload === undefined) return undefined;
  if (verdict.action === "modify") return modifies && payloadOf(spec)?.misfitOf(modifies, verdict.input);
  if (verdict.action === "replace" && !standsBefore(spec))
    return replaces && payloadOf(spec)?.misfitOf(replaces, verdict.output);
  return undefined;
}

/** The verdict of a hook that gets parts of the event, on the whole field that it changes; or the fault of the verdict. */
function inWhole(
  { modifies, replaces }: HookKindSpec,
  projection: Projection,
  verdict: Verdict,
  event: OutgoingEvent,
): Verdict | string {
  const [field, value] =
    verdict.action === "modify"
      ? [modifies, verdict.input]
      : verdict.action === "replace"
        ? [replaces, verdict.output]
        : [undefined, null];
  if (field === undefined) return verdict;
  const stray = projection.stray(field, value);
  if (stray !== undefined)
    return `'${verdict.action}' of '${stray.slice(0, 256)}', which is not among its fields`;
  const whole = projection.merge(field, event.field(field), value);
  if (whole === undefined)
    return `'${verdict.action}' needs an object in '/${field}' where the event has none`;
  return verdict.action === "modify" ? { ...verdict, input: whole } : verdict;
}

const GO_ON: Verdict = proceed();

/** A rewrite that cannot be handed on as it was meant blocks, as a malformed one does. */
function sendable({ modifies }: HookKindSpec, verdict: Verdict, lost: string | undefined): Verdict {
  if (verdict.action !== "modify") return verdict;
  if (modifies !== undefined && isTextField(modifies) && typeof verdict.input !== "string")
    return block(`${MALFORMED_MODIFY}: '${modifies}' is a text`);
  if (lost !== undefined)
    return block(`${MALFORMED_MODIFY}: the integer at '${lost}' is beyond 2^53: send its digits as a string`);
  const problem = unlikeJson(verdict.input, "/input");
  return problem === undefined ? verdict : block(`${MALFORMED_MODIFY}: ${problem}`);
}

/** A forked operation takes the place of the kind's input. */
function misfitOfFork(spec: HookKindSpec, operations: readonly JsonValue[]): string | undefined {
  const { modifies } = spec;
  if (modifies === undefined) return undefined;
  if (isTextField(modifies) && operations.some((operation) => typeof operation !== "string"))
    return `each forked operation must be a text, as '${modifies}' is`;
  const payload = payloadOf(spec);
  if (payload === undefined) return undefined;
  const misfits = operations.map((operation) => payload.misfitOf(modifies, operation));
  return misfits.find((found) => found !== undefined);
}

/** Members of an answer whose values are handed on. */
const HANDED_ON: Partial<Record<Verdict["action"], string>> = {
  modify: "/input",
  cache: "/value",
  fork: "/operations",
};

/** The pointer of the first integer without its digits in what the verdict hands on. */
function lostDigits({ action }: Verdict, inexact: readonly string[] | undefined): string | undefined {
  const member = HANDED_ON[action];
  if (inexact === undefined || member === undefined) return undefined;
  return inexact.find((pointer) => pointer === member || pointer.startsWith(`${member}/`));
}

/** The same vote, marked as without effect. Only a verdict that wanted something can be ignored. */
export function ignore(vote: Vote, why: string): Vote {
  return vote.status === "voted" && vote.verdict.action !== "continue" ? { ...vote, ignored: why } : vote;
}

/** Returns the reason why an accepted answer has no effect on one event; undefined when it has. */
export type Terms = (verdict: Verdict) => string | undefined;

/** The same answer, without effect if the terms of the event say so. */
export function underTerms(judged: Judged, terms: Terms): Judged {
  const why = judged.effective && terms(judged.effective);
  return why === undefined ? judged : { vote: ignore(judged.vote, why), effective: undefined };
}
