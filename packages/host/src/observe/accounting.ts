import { Book, Detail, type SubscriptionCount } from "./metrics/book.js";
import { KindBooks } from "./metrics/kind-books.js";
import { hooksOf, type HookMetrics, type KindMetrics } from "./metrics/reading.js";
import type { ConcludedEvent } from "./recorder.js";
import { StreamBooks, type StreamCount } from "./stream-books.js";
import type { Vote } from "./vote.js";

/** Subscriptions with verdicts and times of their own, at most: 6 KB each. The others share one book. */
const MAX_DETAILED = 1_000;

/** Numbers about events and votes, as `host.metrics()` shows them. */
export interface AccountingMetrics {
  readonly kinds: readonly KindMetrics[];
  readonly hooks: readonly HookMetrics[];
  readonly folded: number;
  readonly rest: HookMetrics | null;
}

/** Counts votes by subscription and outcomes by kind. Grows with the number of subscriptions, not of events. */
export class Accounting {
  /** By extension, then by subscription. */
  readonly #books = new Map<string, Map<string, Book>>();
  readonly #subscriptionsOf: (extension: string) => Iterable<{ readonly id: string }>;
  readonly #kinds = new KindBooks();
  /** Sums of the subscriptions without a detail of their own, also of those that are gone. */
  readonly #rest = new Book({ extension: "other", subscription: "other", kind: "other" }, new Detail());
  #detailed = 0;
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
      let book = this.#books.get(extension)?.get(subscription);
      if (!book) {
        known ??= new Map();
        if (!this.#isKnown(vote, known)) continue;
        book = this.#begin(kind, vote);
      }
      book.add(vote);
      if (book.detail === undefined) this.#rest.add(vote);
    }
  }

  /** Counts the outcome of one event. */
  concluded(outcome: ConcludedEvent): void {
    this.#kinds.add(outcome);
  }

  /** Drops the counts of a subscription that is gone for good. */
  forget({ extension, id }: { extension: string; id: string }): void {
    const own = this.#books.get(extension);
    if (own?.get(id)?.detail) this.#detailed -= 1;
    own?.delete(id);
    if (own?.size === 0) this.#books.delete(extension);
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
    return this.#all().map((book) => book.copyOfCount());
  }

  metrics(): AccountingMetrics {
    const all = this.#all();
    const [rest] = hooksOf([this.#rest], []);
    return {
      kinds: this.#kinds.read(),
      hooks: hooksOf(
        all.filter(({ detail }) => detail !== undefined),
        this.streams.totals(),
      ),
      folded: all.length - this.#detailed,
      rest: rest !== undefined && rest.matched > 0 ? rest : null,
    };
  }

  #all(): Book[] {
    return [...this.#books.values()].flatMap((own) => [...own.values()]);
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

  #begin(kind: string, { extension, subscription }: Vote): Book {
    const hasRoom = this.#detailed < MAX_DETAILED;
    if (hasRoom) this.#detailed += 1;
    const book = new Book({ extension, subscription, kind }, hasRoom ? new Detail() : undefined);
    const own = this.#books.get(extension) ?? new Map<string, Book>();
    this.#books.set(extension, own.set(subscription, book));
    return book;
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
