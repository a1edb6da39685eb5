import {
  block,
  isTextField,
  MALFORMED_MODIFY,
  parseVerdict,
  proceed,
  type HookKindSpec,
  type Verdict,
} from "@synaps/sdk/protocol";
import type { DeliveryResult } from "../delivery/request.js";
import { unlikeJson } from "../delivery/json-likeness.js";
import { bounded } from "./bounds.js";
import type { Subscription } from "./subscription.js";
import type { Abstained, Vote } from "../observe/vote.js";

/** A vote, and the verdict that takes effect, if one does. */
export interface Judged {
  vote: Vote;
  effective: Verdict | undefined;
}

/** Turns an answer into a vote: a verdict that the kind and the extension's permissions allow, or an abstention. */
export function judge(spec: HookKindSpec, subscription: Subscription, delivery: DeliveryResult): Judged {
  // The answer that nearly all give and every kind allows, without a look at what else it could be.
  const result = delivery.answered ? delivery.result : undefined;
  if (typeof result !== "object" || (result as { action?: unknown } | null)?.action !== "continue")
    return judgeOther(spec, subscription, delivery);
  const { extension, id } = subscription;
  const { queueMs, runMs } = delivery;
  const vote: Vote = { status: "voted", extension, subscription: id, queueMs, runMs, verdict: GO_ON };
  return { vote, effective: GO_ON };
}

function judgeOther(spec: HookKindSpec, subscription: Subscription, delivery: DeliveryResult): Judged {
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
  const { verdict, cutBytes } = bounded(sendable(spec, parsed.verdict, lost));
  const { action } = verdict;
  const cut = cutBytes > 0 ? { cutBytes } : {};
  if (!spec.actions.includes(action)) {
    const ignored = `'${action}' is not allowed for ${subscription.kind}`;
    return { vote: { status: "voted", ...base, verdict, ignored, ...cut }, effective: undefined };
  }
  const needed = spec.actionPermissions?.[action];
  if (needed !== undefined && !subscription.permissions.has(needed)) {
    return abstained("denied", `'${action}' needs the permission '${needed}'`);
  }
  return { vote: { status: "voted", ...base, verdict, ...cut }, effective: verdict };
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
