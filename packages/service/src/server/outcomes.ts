import type { Outcome } from "@synaps/host";
import type { Downgrade } from "../agents/index.js";

/** An outcome as subscribers are told: names and votes, no payload. */
export interface OutcomeNotice {
  readonly at: string;
  /** The agent that raised it, or the name that a program gave itself. */
  readonly agent: string | null;
  /** The agent's own name of its event. */
  readonly agent_event: string | null;
  readonly session_id: string | null;
  readonly cwd: string | null;
  readonly project: string | null;
  readonly kind: string;
  readonly tool_name: string | null;
  readonly action: Outcome["action"];
  readonly by: string | null;
  readonly reason: string | null;
  readonly votes: Outcome["votes"];
  /** Milliseconds in the host. */
  readonly duration_ms: number;
  /** Things that the agent's dialect could not say. */
  readonly downgraded: readonly Downgrade[];
}

type Listener = (notice: OutcomeNotice) => void;

/** The list of programs that follow outcomes. */
export class Outcomes {
  readonly #listeners = new Set<Listener>();

  /** Returns how to stop listening. */
  follow(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** True if somebody listens. */
  get wanted(): boolean {
    return this.#listeners.size > 0;
  }

  tell(notice: OutcomeNotice): void {
    for (const listener of this.#listeners) listener(notice);
  }
}

/** The part of a notice that every outcome has. */
export function noticeOf(
  outcome: Outcome,
  about: Omit<OutcomeNotice, "at" | "kind" | "action" | "by" | "reason" | "votes" | "duration_ms">,
  wallMs: number,
): OutcomeNotice {
  return {
    at: new Date(wallMs).toISOString(),
    ...about,
    kind: outcome.kind,
    action: outcome.action,
    by: "by" in outcome ? outcome.by : null,
    reason: "reason" in outcome ? outcome.reason : outcome.action === "confirm" ? outcome.message : null,
    votes: outcome.votes.map(withoutPayload),
    duration_ms: outcome.durationMs,
  };
}

/** A vote with its action and reason, and without inputs, outputs and texts for models. */
function withoutPayload(vote: Outcome["votes"][number]): Outcome["votes"][number] {
  if (vote.status !== "voted") return vote;
  const { action } = vote.verdict;
  if (action === "block" || action === "confirm" || action === "skip") return vote;
  return { ...vote, verdict: { action } as typeof vote.verdict };
}
