import {
  block,
  MALFORMED_MODIFY,
  parseVerdict,
  proceed,
  type HookKindSpec,
  type Verdict,
} from "@synaps/sdk/protocol";
import type { DeliveryResult } from "../delivery/target.js";
import { clampReplacement } from "./merge.js";
import type { Subscription } from "./subscription.js";
import type { Abstained, Vote } from "./votes.js";

/** A vote, and the verdict that takes effect, if one does. */
export interface Judged {
  vote: Vote;
  effective: Verdict | undefined;
}

/** Turns what came back from an extension into a vote: is it a verdict, is it allowed for the kind and to this one? */
export function judge(spec: HookKindSpec, subscription: Subscription, delivery: DeliveryResult): Judged {
  const { queueMs, runMs } = delivery;
  if (delivery.answered && goesOn(delivery.result)) {
    const { extension, id } = subscription;
    const vote: Vote = { status: "voted", extension, subscription: id, queueMs, runMs, verdict: GO_ON };
    return { vote, effective: GO_ON };
  }
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
  const verdict = isTooDeep(parsed.verdict) ? block(MALFORMED_MODIFY) : clamped(parsed.verdict);
  const { action } = verdict;
  if (!spec.actions.includes(action)) {
    const ignored = `'${action}' is not allowed for ${subscription.kind}`;
    return { vote: { status: "voted", ...base, verdict, ignored }, effective: undefined };
  }
  const needed = spec.actionPermissions?.[action];
  if (needed !== undefined && !subscription.permissions.has(needed)) {
    return abstained("denied", `'${action}' needs the permission '${needed}'`);
  }
  return { vote: { status: "voted", ...base, verdict }, effective: verdict };
}

const GO_ON: Verdict = proceed();

/** What nearly all answer, and what every kind allows. */
function goesOn(result: unknown): boolean {
  return (
    typeof result === "object" && result !== null && (result as { action?: unknown }).action === "continue"
  );
}

/** Levels of lists and objects in a rewritten input. Serialising recurses: at some thousands it would throw. */
const MAX_DEPTH = 512;

/** Whether a rewrite could not be handed on. Level by level, because it must not recurse itself. */
function isTooDeep(verdict: Verdict): boolean {
  if (verdict.action !== "modify") return false;
  let level: unknown[] = [verdict.input];
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const inner of Object.values(value)) if (typeof inner === "object") next.push(inner);
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}

function clamped(verdict: Verdict): Verdict {
  if (verdict.action !== "replace") return verdict;
  const output = clampReplacement(verdict.output);
  return output === verdict.output ? verdict : { action: "replace", output };
}

/** The same vote, marked as without effect. Only a verdict that wanted something can be ignored. */
export function ignore(vote: Vote, why: string): Vote {
  return vote.status === "voted" && vote.verdict.action !== "continue" ? { ...vote, ignored: why } : vote;
}
