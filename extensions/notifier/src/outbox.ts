import { randomUUID } from "node:crypto";

/** Time as the notifier needs it. */
export interface NotifierClock {
  /** Milliseconds since the Unix epoch. */
  wallMs(): number;
  after(ms: number, run: () => void): { cancel(): void };
}

/** What came of one try. `waitMs`: time that the other side asked to wait; 0 if it did not. */
export type Answer =
  | { readonly type: "delivered" }
  | { readonly type: "retry"; readonly why: string; readonly waitMs: number }
  | { readonly type: "refused"; readonly why: string };

/** Sends one message. Never rejects. */
export type Send = (body: string, id: string, signal: AbortSignal) => Promise<Answer>;

/** Bounds of an outbox. */
export interface OutboxBounds {
  readonly attempts: number;
  readonly backoffMs: number;
  readonly maxWaiting: number;
}

/** Counts since the start: offered = delivered + given_up + dropped + waiting, and tries = retried + the first ones. */
export interface OutboxCounts {
  offered: number;
  delivered: number;
  retried: number;
  given_up: number;
  dropped: number;
}

interface Letter {
  readonly id: string;
  readonly body: string;
  readonly name: string;
}

const MAX_BACKOFF_MS = 60_000;
/** Bytes of all messages that wait. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Messages on their way, one after the other. Takes one at any moment without waiting; one that has no room is dropped. Each
 * message ends as exactly one of delivered, given up or dropped.
 */
export class Outbox {
  readonly #send: Send;
  #bounds: OutboxBounds;
  readonly #clock: NotifierClock;
  readonly #random: () => number;
  readonly #note: (line: string) => void;
  readonly #counts: OutboxCounts = { offered: 0, delivered: 0, retried: 0, given_up: 0, dropped: 0 };
  readonly #waiting: Letter[] = [];
  /** Messages whose last try failed while the outbox was ending. */
  readonly #left: Letter[] = [];
  readonly #ended = new AbortController();
  #bytes = 0;
  #isEnding = false;
  #working: Promise<void> | undefined;
  /** Ends the wait before a further try. */
  #wake: (() => void) | undefined;
  /** Messages that had no room since the last one that had. */
  #missing = 0;

  constructor(
    send: Send,
    bounds: OutboxBounds,
    clock: NotifierClock,
    random: () => number,
    note: (line: string) => void,
  ) {
    this.#send = send;
    this.#bounds = bounds;
    this.#clock = clock;
    this.#random = random;
    this.#note = note;
  }

  get counts(): OutboxCounts & { waiting: number } {
    return { ...this.#counts, waiting: this.#waiting.length + this.#left.length };
  }

  set bounds(bounds: OutboxBounds) {
    this.#bounds = bounds;
  }

  /** Takes a message, if there is room. `body` is given the number of messages before it that had none. */
  offer(name: string, body: (id: string, dropped: number) => string): void {
    this.#counts.offered += 1;
    const letter = this.#letter(name, body);
    if (letter === undefined) {
      this.#counts.dropped += 1;
      this.#missing += 1;
      if (this.#missing === 1)
        this.#note(`${this.#waiting.length} messages wait, and further ones are dropped and counted`);
      return;
    }
    this.#missing = 0;
    this.#waiting.push(letter);
    this.#bytes += letter.body.length;
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  /** Tries each message that waits once more at most, until the time is over. Resolves with the names of those that are left. */
  async end(withinMs: number): Promise<readonly string[]> {
    this.#isEnding = true;
    this.#wake?.();
    const timer = this.#clock.after(withinMs, () => this.#ended.abort());
    await this.#working;
    timer.cancel();
    return [...this.#left, ...this.#waiting].map(({ name }) => name);
  }

  #letter(name: string, body: (id: string, dropped: number) => string): Letter | undefined {
    const isFull = this.#isEnding || this.#waiting.length >= this.#bounds.maxWaiting;
    if (isFull || this.#bytes > MAX_WAITING_BYTES) return undefined;
    const id = randomUUID();
    return { id, name, body: body(id, this.#missing) };
  }

  async #work(): Promise<void> {
    for (let letter = this.#waiting[0]; letter && !this.#ended.signal.aborted; letter = this.#waiting[0]) {
      const isDone = await this.#deliver(letter);
      if (!isDone) this.#left.push(letter);
      this.#waiting.shift();
      this.#bytes -= letter.body.length;
    }
  }

  /** False for a message that is left because the outbox is ending. */
  async #deliver(letter: Letter): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#send(letter.body, letter.id, this.#ended.signal);
      if (answer.type === "delivered") {
        this.#counts.delivered += 1;
        return true;
      }
      if (answer.type === "refused" || attempt >= this.#bounds.attempts) {
        this.#counts.given_up += 1;
        this.#note(
          `${letter.name} is given up after ${attempt} ${attempt === 1 ? "try" : "tries"}: ${answer.why}`,
        );
        return true;
      }
      if (this.#isEnding) return false;
      await this.#pause(Math.max(this.#backoffMs(attempt), answer.waitMs));
      if (this.#ended.signal.aborted) return false;
      this.#counts.retried += 1;
    }
  }

  /** Doubles, and differs from message to message, so that many hosts do not come back at one moment. */
  #backoffMs(attempt: number): number {
    const full = Math.min(MAX_BACKOFF_MS, this.#bounds.backoffMs * 2 ** (attempt - 1));
    return full / 2 + (full / 2) * this.#random();
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.#clock.after(ms, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
