import type { AbstentionReason, Verdict } from "@synaps/sdk/protocol";

interface VoteBase {
  readonly extension: string;
  readonly subscription: string;
}

interface Timed {
  /** Milliseconds until its turn came. */
  readonly queueMs: number;
  /** Milliseconds from handing the event over to the answer. */
  readonly runMs: number;
}

/** The vote of a subscription that answered. `verdict` says what was answered; an `ignored` verdict had no effect. */
export interface Voted extends VoteBase, Timed {
  readonly status: "voted";
  /** The answer, after its check. */
  readonly verdict: Verdict;
  /** True if the verdict's input was merged into the field of the kind; otherwise it takes the field's place. */
  readonly merged?: true;
  /** Reason why a verdict that wanted an effect had none. */
  readonly ignored?: string;
  /** Bytes of the verdict's text beyond the documented bound, which were cut. */
  readonly cutBytes?: number;
  /** Places of an injection that could have passed for the structure of an agent, and were made harmless. */
  readonly markersEscaped?: number;
  /** Annotations of the answer that were dropped, and why. */
  readonly annotationsDropped?: string;
  /** Reason why the question about a changed input got no answer: this earlier and stricter verdict stands. */
  readonly unansweredAgain?: AbstentionReason;
}

/**
 * The vote of a subscription that gave no usable answer. The event goes on, except where `closed` is true: then it was
 * blocked.
 */
export interface Abstained extends VoteBase, Timed {
  readonly status: "abstained";
  /** One word of a fixed table. */
  readonly reason: AbstentionReason;
  /** More about the reason, in words that may change. Holds no payload. */
  readonly detail?: string;
  /** True if the abstention counted as a block, because the subscription fails closed. */
  readonly closed: boolean;
}

/** The vote of a subscription that matched and was not asked, because the chain had ended before its turn. */
export interface NotReached extends VoteBase {
  readonly status: "not_reached";
}

/** The record of one matching subscription for one event. */
export type Vote = Voted | Abstained | NotReached;
