import type { HookKindSpec, JsonValue, Verdict } from "@synaps/sdk/protocol";
import type { Decision, Terminal } from "./outcome.js";
import type { Subscription } from "./subscription.js";
import type { Abstained, Vote } from "../observe/vote.js";

export const CONTINUE: Decision = Object.freeze({ action: "continue" });

/** Strictness of decisions: a stricter decision wins over an earlier one. */
const STRICTNESS: Readonly<Record<Decision["action"], number>> = {
  continue: 0,
  inject: 1,
  modify: 1,
  retry: 1,
  replace: 2,
  cache: 2,
  redirect: 2,
  fork: 2,
  skip: 2,
  confirm: 3,
  block: 4,
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

/** Actions that mean something only while the operation has not run. */
const ONLY_BEFORE: ReadonlySet<string> = new Set(["block", "confirm", "modify", "redirect", "fork", "skip"]);

/** True for a kind that stands before an operation: `replace` is then the result of an operation that does not run. */
export function standsBefore({ actions }: Pick<HookKindSpec, "actions">): boolean {
  return actions.some((action) => ONLY_BEFORE.has(action));
}

/** True if the operation, as it was asked about, does not run. After an operation, outputs are replaced in turn. */
export function isTerminal(spec: HookKindSpec, decision: Decision): boolean {
  switch (decision.action) {
    case "skip":
    case "redirect":
    case "fork":
      return true;
    case "cache":
      return decision.value !== undefined;
    case "replace":
      return standsBefore(spec);
    default:
      return false;
  }
}

/** The decision after a stop of what was decided. Once the user agreed to a confirm, that is what happens. */
export function stoppedBy(spec: HookKindSpec, decided: Decision, stop: Stop): Decision {
  if (stop.action === "block" || isStop(decided)) return stricter(decided, stop);
  const input = "input" in decided && decided.input !== undefined ? { input: decided.input } : {};
  return { ...stop, ...input, ...(isTerminal(spec, decided) ? { instead: decided as Terminal } : {}) };
}

/** The same decision with the input that earlier rewrites made: what runs, if anything does. */
export function withInput(decision: Decision, input: JsonValue): Decision {
  return decision.action === "confirm" || decision.action === "redirect" ? { input, ...decision } : decision;
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
    case "skip":
      return { action: "skip", reason: verdict.reason, by };
    case "redirect":
      return { action: "redirect", target: verdict.target, by };
    case "fork":
      return { action: "fork", operations: verdict.operations, by };
    case "cache":
      return verdict.value === undefined ? undefined : { action: "cache", value: verdict.value, by };
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
