import type { Decision, Outcome, Vote } from "@synaps/host";
import type { EventError } from "./event-input.js";

/** What `run` prints for one event. */
export type ResultLine =
  | {
      seq: number;
      kind: string;
      outcome: Readonly<Record<string, unknown>>;
      /** The question that was asked or would have been. */
      confirm?: string;
      votes: readonly Vote[];
      durationMs: number;
    }
  | { seq: number; error: Omit<EventError, "code"> & { code: string } };

/** `decision` stands for the outcome's own when a confirmation was resolved. */
export function outcomeLine(seq: number, outcome: Outcome, decision: Decision): ResultLine {
  return {
    seq,
    kind: outcome.kind,
    outcome: fieldsOf(decision),
    ...(outcome.action === "confirm" ? { confirm: outcome.message } : {}),
    votes: outcome.votes.map(voteFields),
    durationMs: rounded(outcome.durationMs),
  };
}

function fieldsOf(decision: Decision): Readonly<Record<string, unknown>> {
  const { action } = decision;
  switch (action) {
    case "continue":
      return { action };
    case "block":
      return { action, reason: decision.reason, by: decision.by };
    case "confirm":
      return { action, message: decision.message, by: decision.by };
    case "modify":
      return { action, input: decision.input, by: decision.by };
    case "inject":
      return { action, content: decision.content };
    case "replace":
      return { action, output: decision.output, by: decision.by };
    case "skip":
      return { action, reason: decision.reason, by: decision.by };
    case "redirect":
      return { action, target: decision.target, by: decision.by };
    case "fork":
      return { action, operations: decision.operations, by: decision.by };
    case "cache":
      return { action, ...(decision.value === undefined ? {} : { value: decision.value }), by: decision.by };
    case "retry":
      return { action, by: decision.by };
  }
}

/** A vote as the API has it, under the same names; its times in microseconds, which are as fine as the clock is worth. */
export function voteFields(vote: Vote): Vote {
  const { extension, subscription, ...rest } = vote;
  // These two come first for a reader's sake.
  if (rest.status === "not_reached") return { extension, subscription, ...rest };
  return { extension, subscription, ...rest, queueMs: rounded(rest.queueMs), runMs: rounded(rest.runMs) };
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
