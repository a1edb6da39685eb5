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
      votes: readonly Readonly<Record<string, unknown>>[];
      duration_ms: number;
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
    duration_ms: rounded(outcome.durationMs),
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
  }
}

/** A vote with the keys of our JSON. */
export function voteFields(vote: Vote): Readonly<Record<string, unknown>> {
  const { extension, subscription } = vote;
  const base = { extension, subscription };
  switch (vote.status) {
    case "not_reached":
      return { ...base, not_reached: true };
    case "abstained":
      return {
        ...base,
        abstained: vote.reason,
        ...(vote.detail === undefined ? {} : { reason: vote.detail }),
        ...(vote.closed ? { closed: true } : {}),
        ...times(vote),
      };
    case "voted": {
      const reason =
        "reason" in vote.verdict
          ? vote.verdict.reason
          : "message" in vote.verdict
            ? vote.verdict.message
            : undefined;
      return {
        ...base,
        verdict: vote.verdict.action,
        ...(reason === undefined ? {} : { reason }),
        ...(vote.ignored === undefined ? {} : { ignored: vote.ignored }),
        ...times(vote),
      };
    }
  }
}

function times({ queueMs, runMs }: { queueMs: number; runMs: number }): { queue_ms: number; run_ms: number } {
  return { queue_ms: rounded(queueMs), run_ms: rounded(runMs) };
}

/** Microseconds are as fine as the clock is worth. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
