import type { AbstentionReason } from "@synaps/sdk/protocol";
import { StreamBooks, type StreamCount } from "./stream-books.js";
import type { Vote } from "./vote.js";

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

/** Counts votes by subscription. Grows with the number of subscriptions, not of events. */
export class Accounting {
  /** By extension, then by subscription. */
  readonly #counts = new Map<string, Map<string, SubscriptionCount>>();
  readonly #subscriptionsOf: (extension: string) => Iterable<{ readonly id: string }>;
  /** The books of streams. */
  readonly streams = new StreamBooks((extension, subscription) => this.isThere(extension, subscription));

  /** `subscriptionsOf` returns the subscriptions of an extension that are there now. */
  constructor(subscriptionsOf: (extension: string) => Iterable<{ readonly id: string }>) {
    this.#subscriptionsOf = subscriptionsOf;
  }

  /** Counts the votes of one event. A subscription that was removed meanwhile is not counted any more. */
  add(kind: string, votes: readonly Vote[]): void {
    let known: Map<string, Set<string>> | undefined;
    for (const vote of votes) {
      const { extension, subscription } = vote;
      let count = this.#counts.get(extension)?.get(subscription);
      if (!count) {
        known ??= new Map();
        if (!this.#isKnown(vote, known)) continue;
        count = this.#begin(kind, vote);
      }
      count.matched += 1;
      switch (vote.status) {
        case "voted":
          count.voted += 1;
          if (vote.ignored !== undefined) count.ignored += 1;
          if (vote.cutBytes !== undefined) count.cut += 1;
          break;
        case "abstained":
          count.abstained += 1;
          count.reasons[vote.reason] = (count.reasons[vote.reason] ?? 0) + 1;
          break;
        case "not_reached":
          count.notReached += 1;
      }
    }
  }

  /** Drops the counts of a subscription that is gone for good. */
  forget({ extension, id }: { extension: string; id: string }): void {
    const own = this.#counts.get(extension);
    own?.delete(id);
    if (own?.size === 0) this.#counts.delete(extension);
    this.streams.forget({ extension, id });
  }

  /** Tells a subscription that exists from one that was removed. */
  isThere(extension: string, subscription: string): boolean {
    for (const { id } of this.#subscriptionsOf(extension)) if (id === subscription) return true;
    return false;
  }

  snapshot(): { subscriptions: SubscriptionCount[]; streams: StreamCount[] } {
    return { subscriptions: this.counts(), streams: this.streams.counts() };
  }

  counts(): SubscriptionCount[] {
    const all = [...this.#counts.values()].flatMap((own) => [...own.values()]);
    return all.map((count) => ({ ...count, reasons: { ...count.reasons } }));
  }

  /** Looks through an extension's subscriptions once for an event, however many of its votes are the first ones. */
  #isKnown({ extension, subscription }: Vote, known: Map<string, Set<string>>): boolean {
    let ids = known.get(extension);
    if (!ids) {
      ids = new Set();
      for (const { id } of this.#subscriptionsOf(extension)) ids.add(id);
      known.set(extension, ids);
    }
    return ids.has(subscription);
  }

  #begin(kind: string, { extension, subscription }: Vote): SubscriptionCount {
    const none = { matched: 0, voted: 0, abstained: 0, notReached: 0, ignored: 0, cut: 0, reasons: {} };
    const count = { extension, subscription, kind, ...none };
    const own = this.#counts.get(extension) ?? new Map<string, SubscriptionCount>();
    this.#counts.set(extension, own.set(subscription, count));
    return count;
  }
}

/** One extension's counts in a sentence: "guard: 212 matched, 209 voted, 3 abstained: 2 timeout, 1 restarting". */
export function reportLine(extension: string, counts: readonly SubscriptionCount[]): string {
  const sum = (key: "matched" | "voted" | "abstained" | "notReached" | "ignored"): number =>
    counts.reduce((total, count) => total + count[key], 0);
  const reasons = new Map<string, number>();
  for (const count of counts) {
    for (const [reason, times] of Object.entries(count.reasons))
      reasons.set(reason, (reasons.get(reason) ?? 0) + times);
  }
  const why = [...reasons].map(([reason, times]) => `${times} ${reason}`).join(", ");
  const parts = [`${sum("matched")} matched`, `${sum("voted")} voted`];
  if (sum("ignored") > 0) parts.push(`${sum("ignored")} of them without effect`);
  if (sum("notReached") > 0) parts.push(`${sum("notReached")} not reached`);
  parts.push(`${sum("abstained")} abstained${why === "" ? "" : `: ${why}`}`);
  return `${extension}: ${parts.join(", ")}`;
}
