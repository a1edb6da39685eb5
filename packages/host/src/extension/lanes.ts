import type { Overflow } from "@synaps/sdk/protocol";
import type { Clock, Timer } from "../clock.js";
import { Waiters } from "./waiters.js";

/**
 * Kinds of work that wait apart; gates are served first, observers last. `trial` is for gates that may have brought
 * the last process down: one at a time, so that the next fall has one cause.
 */
export const LANES = ["trial", "gate", "call", "observe"] as const;

export type Lane = (typeof LANES)[number];

export type Slot = "slot" | "busy" | "overloaded" | "closed";

interface Waiting {
  settle(slot: Slot): void;
  timer: Timer | undefined;
}

export interface LanesOptions {
  /** Requests under way at a time. */
  limit: number;
  /** Whether the limit is for all lanes together, or for each. */
  shared: boolean;
  /** How many may wait, by lane. */
  queue: Readonly<Record<Lane, number>>;
  /** How long the overflow policy `block` waits for room. */
  blockMs: number;
  clock: Clock;
}

/**
 * Decides whose turn it is to talk to one process. A slot is taken with `acquire` and given back with `release`.
 * Within a lane the first to come is the first to go.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #busy: Record<Lane, number> = { trial: 0, gate: 0, call: 0, observe: 0 };
  readonly #waiting: Record<Lane, Waiting[]> = { trial: [], gate: [], call: [], observe: [] };
  /** Woken when somebody left a queue. */
  readonly #room = new Waiters();
  readonly #idle = new Waiters();
  #open = true;

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  /** Whether nothing is under way and nobody waits. */
  get idle(): boolean {
    return LANES.every((lane) => this.#busy[lane] === 0 && this.#waiting[lane].length === 0);
  }

  get inFlight(): number {
    return this.#busy.trial + this.#busy.gate + this.#busy.call + this.#busy.observe;
  }

  waiting(lane: Lane): number {
    return this.#waiting[lane].length;
  }

  /** Takes a free slot at once, without a promise. */
  tryAcquire(lane: Lane): boolean {
    if (!this.#open || !this.#free(lane) || this.#waiting[lane].length > 0) return false;
    this.#busy[lane] += 1;
    return true;
  }

  /**
   * Waits for a slot up to `maxWaitMs`, then gives up as busy; undefined waits without limit. `overflow` says what a
   * full queue means; `onQueued` is called once it is decided whether there is a place.
   */
  async acquire(
    lane: Lane,
    maxWaitMs: number | undefined,
    overflow: Overflow = "drop_newest",
    onQueued?: () => void,
  ): Promise<Slot> {
    if (this.#open && !this.#hasRoom(lane)) {
      if (overflow === "block") await this.#waitForRoom(lane);
      else if (overflow === "drop_oldest") this.#leave(lane, 0, "overloaded");
    }
    const slot = this.#enter(lane, maxWaitMs);
    onQueued?.();
    return slot;
  }

  release(lane: Lane): void {
    this.#busy[lane] -= 1;
    this.#serve();
    if (this.idle) this.#idle.wake();
  }

  /** Resolves when nothing is under way and nobody waits, or after `ms`. */
  async whenIdle(ms: number): Promise<void> {
    if (!this.idle) await this.#idle.next(this.#options.clock, ms);
  }

  /** Turns away all who wait and all who come later. What is under way still releases its slot. */
  close(): void {
    this.#open = false;
    for (const lane of LANES) while (this.#waiting[lane].length > 0) this.#leave(lane, 0, "closed");
  }

  #enter(lane: Lane, maxWaitMs: number | undefined): Slot | Promise<Slot> {
    if (!this.#open) return "closed";
    if (this.tryAcquire(lane)) return "slot";
    if (!this.#hasRoom(lane)) return "overloaded";
    const queue = this.#waiting[lane];
    return new Promise((resolve) => {
      const waiting: Waiting = { settle: resolve, timer: undefined };
      if (maxWaitMs !== undefined) {
        waiting.timer = this.#options.clock.after(maxWaitMs, () =>
          this.#leave(lane, queue.indexOf(waiting), "busy"),
        );
      }
      queue.push(waiting);
    });
  }

  async #waitForRoom(lane: Lane): Promise<void> {
    const { clock, blockMs } = this.#options;
    const until = clock.now() + blockMs;
    while (this.#open && !this.#hasRoom(lane) && (await this.#room.next(clock, until - clock.now())));
  }

  #serve(): void {
    for (const lane of LANES) {
      while (this.#waiting[lane].length > 0 && this.#free(lane)) {
        this.#busy[lane] += 1;
        this.#leave(lane, 0, "slot");
      }
    }
  }

  #leave(lane: Lane, place: number, slot: Slot): void {
    const [waiting] = this.#waiting[lane].splice(place, 1);
    waiting?.timer?.cancel();
    waiting?.settle(slot);
    this.#room.wake();
  }

  #hasRoom(lane: Lane): boolean {
    return this.#waiting[lane].length < this.#options.queue[lane];
  }

  #free(lane: Lane): boolean {
    const { limit, shared } = this.#options;
    if (lane === "trial" && this.#busy.trial > 0) return false;
    if (shared) return this.inFlight < limit;
    const gates = this.#busy.trial + this.#busy.gate;
    return (lane === "trial" || lane === "gate" ? gates : this.#busy[lane]) < limit;
  }
}
