import type { AbstentionReason, Action } from "@synaps/sdk/protocol";
import type { StreamTotals } from "../stream-books.js";
import { Detail, count, type Book } from "./book.js";
import { BOUNDS_MS, type TimingReading } from "./timing.js";

/** Outcomes of the events of one kind. */
export interface KindMetrics {
  readonly kind: string;
  /** Events by the action of their outcome, `continue` included. */
  readonly outcomes: Readonly<Partial<Record<Action, number>>>;
  /** From the event to its outcome; for an observed event, the longest time that one of its observers took. */
  readonly took: TimingReading;
}

/** Votes of one extension, or of one hook of the program, on the events of one kind. */
export interface HookMetrics {
  /** The id, cut to 128 UTF-16 code units. */
  readonly extension: string;
  readonly kind: string;
  /** matched = voted + abstained + notReached */
  readonly matched: number;
  readonly voted: number;
  readonly abstained: number;
  readonly notReached: number;
  /** Votes whose verdict had no effect. */
  readonly ignored: number;
  /** Votes by their action, those without effect included. */
  readonly verdicts: Readonly<Partial<Record<Action, number>>>;
  readonly reasons: Readonly<Partial<Record<AbstentionReason, number>>>;
  /** Events that a full queue dropped: the abstentions with the reason `overloaded`. */
  readonly dropped: number;
  /** Time that events waited for their turn. */
  readonly queue: TimingReading;
  /** Time from handing an event over to its answer, or to giving the answer up. */
  readonly run: TimingReading;
  /** Items of a stream by their ends; null for kinds that are no streams. */
  readonly stream: Readonly<StreamTotals> | null;
}

/** One extension with a process, as numbers. */
export interface ExtensionMetrics {
  /** The id, cut to 128 UTF-16 code units. */
  readonly extension: string;
  readonly state: string;
  /** Restarts after crashes; begins at 0 again with a reload. */
  readonly restarts: number;
  readonly lateReplies: number;
  /** Requests and batches that are with the process. */
  readonly inFlight: number;
  /** Requests that wait for the process or for a slot. */
  readonly waiting: number;
  readonly openBreakers: number;
  /** Events that are kept from the extension. */
  readonly poisoned: number;
}

/**
 * The numbers of a host at one moment: plain data for JSON, without payloads, configuration and secrets. Does not change
 * afterwards. Numbers that count begin at 0 with the host, and are forgotten with the extension.
 */
export interface HostMetrics {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Bounds of all `buckets`, in milliseconds. */
  readonly boundsMs: readonly number[];
  /** Number of extensions in each state, 0 included. */
  readonly states: Readonly<Record<string, number>>;
  /** At most 1,000, in the order of their ids; `states` counts all. */
  readonly extensions: readonly ExtensionMetrics[];
  /** At most 1,000 and one `other`. */
  readonly kinds: readonly KindMetrics[];
  /** Hooks with at least one event: at most 1,000. */
  readonly hooks: readonly HookMetrics[];
  /** Subscriptions that found no place among the 1,000 and are counted in `rest`. */
  readonly folded: number;
  /** Sums of all events of such subscriptions, also of those that are gone; null as long as there was none. */
  readonly rest: HookMetrics | null;
}

/** An extension, as far as a reading names it. */
interface SeenExtension {
  readonly id: string;
  readonly state: string;
  readonly process: Seen | undefined;
}

interface Seen {
  readonly restartCount: number;
  readonly lateReplies: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly openBreakers: readonly string[];
  readonly poisoned: readonly unknown[];
}

/** Longest name of an extension in a reading. */
const MAX_NAME = 128;
const MAX_EXTENSIONS = 1_000;

/** The part of a reading that is about processes. `states` are all that there are. */
export function extensionsOf(
  all: readonly SeenExtension[],
  states: readonly string[],
): Pick<HostMetrics, "boundsMs" | "states" | "extensions"> {
  const counts: Record<string, number> = Object.fromEntries(states.map((state) => [state, 0]));
  for (const { state } of all) count(counts, state);
  const extensions = all.slice(0, MAX_EXTENSIONS).flatMap(({ id, state, process }) =>
    process === undefined
      ? []
      : [
          {
            extension: id.slice(0, MAX_NAME),
            state,
            restarts: process.restartCount,
            lateReplies: process.lateReplies,
            inFlight: process.inFlight,
            waiting: process.waiting,
            openBreakers: process.openBreakers.length,
            poisoned: process.poisoned.length,
          },
        ],
  );
  return { boundsMs: BOUNDS_MS, states: counts, extensions };
}

/** Sums the books of subscriptions by extension and kind. */
export function hooksOf(
  books: readonly Book[],
  streams: readonly (StreamTotals & { readonly extension: string; readonly kind: string })[],
): HookMetrics[] {
  const sums = new Map<string, Sum>();
  const sumOf = (extension: string, kind: string): Sum | undefined =>
    sums.get(JSON.stringify([extension.slice(0, MAX_NAME), kind]));
  for (const book of books) {
    const extension = book.count.extension.slice(0, MAX_NAME);
    const key = JSON.stringify([extension, book.count.kind]);
    const sum = sums.get(key) ?? new Sum(extension, book.count.kind);
    sums.set(key, sum);
    sum.add(book);
  }
  for (const stream of streams) sumOf(stream.extension, stream.kind)?.addStream(stream);
  return [...sums.values()].map((sum) => sum.read());
}

const SUMMED = ["matched", "voted", "abstained", "notReached", "ignored"] as const;

class Sum {
  readonly #extension: string;
  readonly #kind: string;
  readonly #counts = { matched: 0, voted: 0, abstained: 0, notReached: 0, ignored: 0 };
  readonly #reasons: Partial<Record<AbstentionReason, number>> = {};
  readonly #detail = new Detail();
  #stream: StreamTotals | null = null;

  constructor(extension: string, kind: string) {
    this.#extension = extension;
    this.#kind = kind;
  }

  add({ count: own, detail }: Book): void {
    for (const name of SUMMED) this.#counts[name] += own[name];
    for (const [reason, times] of Object.entries(own.reasons))
      count(this.#reasons, reason as AbstentionReason, times);
    if (detail) this.#detail.addAll(detail);
  }

  addStream({ offered, answered, dropped, lost, waiting }: StreamTotals): void {
    const sum = (this.#stream ??= { offered: 0, answered: 0, dropped: 0, lost: 0, waiting: 0 });
    sum.offered += offered;
    sum.answered += answered;
    sum.dropped += dropped;
    sum.lost += lost;
    sum.waiting += waiting;
  }

  read(): HookMetrics {
    const { verdicts, queue, run } = this.#detail;
    return {
      extension: this.#extension,
      kind: this.#kind,
      ...this.#counts,
      verdicts: { ...verdicts },
      reasons: this.#reasons,
      dropped: this.#reasons.overloaded ?? 0,
      queue: queue.read(),
      run: run.read(),
      stream: this.#stream,
    };
  }
}
