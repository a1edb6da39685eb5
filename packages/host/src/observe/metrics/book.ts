import type { AbstentionReason, Action } from "@synaps/sdk/protocol";
import type { Vote } from "../vote.js";
import { Timing } from "./timing.js";

/** Counts of one subscription's events by their ends. matched = voted + abstained + notReached. */
export interface SubscriptionCount {
  extension: string;
  subscription: string;
  kind: string;
  matched: number;
  voted: number;
  abstained: number;
  notReached: number;
  /** Votes whose verdict had no effect. */
  ignored: number;
  /** Votes whose text was cut to the documented bound. */
  cut: number;
  reasons: Partial<Record<AbstentionReason, number>>;
}

/** Verdicts and times of votes. */
export class Detail {
  readonly verdicts: Partial<Record<Action, number>> = {};
  readonly queue = new Timing();
  readonly run = new Timing();

  /** An abstention adds the times that it took: none if the event never waited, or was never handed over. */
  add(vote: Vote): void {
    if (vote.status === "not_reached") return;
    const voted = vote.status === "voted";
    if (voted) count(this.verdicts, vote.verdict.action);
    if (voted || vote.queueMs > 0) this.queue.add(vote.queueMs);
    if (voted || vote.runMs > 0) this.run.add(vote.runMs);
  }

  addAll(other: Detail): void {
    for (const [action, times] of Object.entries(other.verdicts))
      count(this.verdicts, action as Action, times);
    this.queue.addAll(other.queue);
    this.run.addAll(other.run);
  }
}

/** The books of one subscription, or of all that have none of their own. */
export class Book {
  readonly count: SubscriptionCount;
  /** Undefined for a subscription whose verdicts and times stand in the book for all others. */
  readonly detail: Detail | undefined;

  constructor(
    of: Pick<SubscriptionCount, "extension" | "subscription" | "kind">,
    detail: Detail | undefined,
  ) {
    const { extension, subscription, kind } = of;
    const none = { matched: 0, voted: 0, abstained: 0, notReached: 0, ignored: 0, cut: 0 };
    this.count = { extension, subscription, kind, ...none, reasons: {} };
    this.detail = detail;
  }

  add(vote: Vote): void {
    const own = this.count;
    own.matched += 1;
    switch (vote.status) {
      case "voted":
        own.voted += 1;
        if (vote.ignored !== undefined) own.ignored += 1;
        if (vote.cutBytes !== undefined) own.cut += 1;
        break;
      case "abstained":
        own.abstained += 1;
        count(own.reasons, vote.reason);
        break;
      case "not_reached":
        own.notReached += 1;
    }
    this.detail?.add(vote);
  }

  copyOfCount(): SubscriptionCount {
    return { ...this.count, reasons: { ...this.count.reasons } };
  }
}

/** Adds to a number that may not be there yet. */
export function count<K extends string>(counts: Partial<Record<K, number>>, key: K, times = 1): void {
  counts[key] = (counts[key] ?? 0) + times;
}
