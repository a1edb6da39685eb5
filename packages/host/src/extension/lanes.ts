import type { Clock, Timer } from "../clock.js";
import { Waiters } from "./waiters.js";

/** Kinds of work that wait apart; gates are served first, observers last. */
export const LANES = ["gate", "call", "observe"] as const;

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
  clock: Clock;
}

/**
 * Decides whose turn it is to talk to one process. A slot is taken with `acquire` and given back with `release`.
 * Within a lane the first to come is the first to go.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #busy: Record<Lane, number> = { gate: 0, call: 0, observe: 0 };
  readonly #waiting: Record<Lane, Waiting[]> = { gate: [], call: [], observe: [] };
  #open = true;
  readonly #idle = new Waiters();

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  /** Whether nothing is under way and nobody waits. */
  get idle(): boolean {
    return LANES.every((lane) => this.#busy[lane] === 0 && this.#waiting[lane].length === 0);
  }

  get inFlight(): number {
    return this.#busy.gate + this.#busy.call + this.#busy.observe;
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

  /** Waits for a slot up to `maxWaitMs`, then gives up as busy; undefined waits without limit. */
  acquire(lane: Lane, maxWaitMs: number | undefined): Promise<Slot> {
    if (!this.#open) return Promise.resolve("closed");
    if (this.tryAcquire(lane)) return Promise.resolve("slot");
    const queue = this.#waiting[lane];
    if (queue.length >= this.#options.queue[lane]) return Promise.resolve("overloaded");
    return new Promise((resolve) => {
      const waiting: Waiting = { settle: resolve, timer: undefined };
      if (maxWaitMs !== undefined) {
        waiting.timer = this.#options.clock.after(maxWaitMs, () => {
          queue.splice(queue.indexOf(waiting), 1);
          resolve("busy");
        });
      }
      queue.push(waiting);
    });
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
    for (const lane of LANES) {
      for (const { settle, timer } of this.#waiting[lane].splice(0)) {
        timer?.cancel();
        settle("closed");
      }
    }
  }

  #serve(): void {
    for (const lane of LANES) {
      while (this.#free(lane)) {
        const next = this.#waiting[lane].shift();
        if (!next) break;
        next.timer?.cancel();
        this.#busy[lane] += 1;
        next.settle("slot");
      }
    }
  }

  #free(lane: Lane): boolean {
    const { limit, shared } = this.#options;
    return (shared ? this.inFlight : this.#busy[lane]) < limit;
  }
}
