import type { HookKindSpec, Verdict } from "@synaps/sdk/protocol";
import type { Decision } from "./outcome.js";
import type { Subscription } from "./subscription.js";
import type { Abstained, Vote } from "../observe/vote.js";

export const CONTINUE: Decision = Object.freeze({ action: "continue" });

/** Strictness of decisions: a stricter decision wins over an earlier one. */
const STRICTNESS: Readonly<Record<Decision["action"], number>> = {
  continue: 0,
  inject: 1,
  modify: 1,
  replace: 1,
  confirm: 2,
  block: 3,
};

/** The strictest of two decisions; of two equally strict ones the first. */
export function stricter(first: Decision, second: Decision): Decision {
  return STRICTNESS[second.action] > STRICTNESS[first.action] ? second : first;
}

/** A decision that keeps an operation from running, at least until the user agreed. */
export type Stop = Extract<Decision, { action: "block" | "confirm" }>;

export function isStop(decision: Decision): decision is Stop {
  return decision.action === "block" || decision.action === "confirm";
}

/** Contributions of several extensions, in order, joined by a blank line. */
export function joinInjections(contents: readonly string[]): Decision {
  return contents.length === 0 ? CONTINUE : { action: "inject", content: contents.join("\n\n") };
}

/** The decision of an accepted verdict; undefined for a verdict that decides nothing. */
export function decisionOf(verdict: Verdict, by: string): Decision | undefined {
  switch (verdict.action) {
    case "block":
      return { action: "block", reason: verdict.reason, by };
    case "confirm":
      return { action: "confirm", message: verdict.message, by };
    case "modify":
      return { action: "modify", input: verdict.input, by };
    case "replace":
      return { action: "replace", output: verdict.output, by };
    default:
      return undefined;
  }
}

/** The decision that the abstention of a closed subscription forces: to block, or to withhold an output. */
export function closedDecision(spec: HookKindSpec, subscription: Subscription, vote: Abstained): Decision {
  const { extension } = subscription;
  const why = `'${extension}' could not answer (${vote.reason}) and must not be passed over`;
  if (spec.actions.includes("block")) return { action: "block", reason: `Blocked: ${why}`, by: extension };
  return { action: "replace", output: `[output withheld: ${why}]`, by: extension };
}

/** The decision that a vote forces by failing closed, if any. */
export function forcedBy(spec: HookKindSpec, subscription: Subscription, vote: Vote): Decision | undefined {
  return vote.status === "abstained" && vote.closed ? closedDecision(spec, subscription, vote) : undefined;
}
