import type { Action } from "@synaps/sdk/protocol";
import type { ConcludedEvent } from "../recorder.js";
import { count } from "./book.js";
import type { KindMetrics } from "./reading.js";
import { Timing } from "./timing.js";

/** Kinds with counts of their own, at most: catalogs of a program declare a few dozen. The others share one book. */
const MAX_KINDS = 1_000;

class KindBook {
  readonly kind: string;
  readonly #outcomes: Partial<Record<Action, number>> = {};
  readonly #took = new Timing();

  constructor(kind: string) {
    this.kind = kind;
  }

  add({ action, durationMs }: ConcludedEvent): void {
    count(this.#outcomes, action);
    this.#took.add(durationMs);
  }

  read(): KindMetrics {
    return { kind: this.kind, outcomes: { ...this.#outcomes }, took: this.#took.read() };
  }
}

/** Outcomes by kind. A kind stays for the life of the host, as its catalogs do. */
export class KindBooks {
  readonly #books = new Map<string, KindBook>();
  #rest: KindBook | undefined;

  add(outcome: ConcludedEvent): void {
    (this.#books.get(outcome.kind) ?? this.#begin(outcome.kind)).add(outcome);
  }

  read(): KindMetrics[] {
    return [...this.#books.values(), ...(this.#rest ? [this.#rest] : [])].map((book) => book.read());
  }

  #begin(kind: string): KindBook {
    if (this.#books.size >= MAX_KINDS) return (this.#rest ??= new KindBook("other"));
    const book = new KindBook(kind);
    this.#books.set(kind, book);
    return book;
  }
}
