import type { Overflow } from "@synaps/sdk/protocol";
import type { Clock } from "../time/clock.js";
import type { LoadedExtension } from "../loading/manifest/loaded.js";
import { DeadlineTimer } from "../time/deadline-timer.js";
import { Fifo } from "./fifo.js";
import { Waiters } from "../time/waiters.js";

/** Requests of one lane that may be with a process of protocol 3 at a time, unless the manifest says otherwise. */
const IN_FLIGHT_PER_LANE = 8;
/**
 * The same for one that answers fast. With 8, it waits for more work half of the time; with 64 it has twice the
 * throughput (docs/performance.md).
 */
const MOST_IN_FLIGHT = 64;
/** An answer within this is fast: even the last of 64 is then far from any deadline. */
const FAST_MS = 5;
/** An answer after this is slow: what waits should do so here, where it can be counted, and not in the process. */
const SLOW_MS = 50;

/** How many requests may be with an extension's process: protocols 1 and 2 get one at a time, as the reference does. */
export function inFlightOf({
  section,
  protocol,
}: LoadedExtension): Pick<LanesOptions, "limit" | "most" | "shared"> {
  const { max_concurrency: wanted } = section;
  if (protocol < 3) return { limit: wanted ?? 1, shared: true };
  return wanted === undefined
    ? { limit: IN_FLIGHT_PER_LANE, most: MOST_IN_FLIGHT, shared: false }
    : { limit: wanted, shared: false };
}

/**
 * Kinds of work that wait apart; gates are served first, observers last. `trial` is for gates that may have brought
 * the last process down: one at a time, so that the next fall has one cause.
 */
export const LANES = ["trial", "gate", "call", "observe"] as const;

export type Lane = (typeof LANES)[number];

export type Slot = "slot" | "busy" | "overloaded" | "closed";

/** Whoever waits for a slot. `turn` is called once. */
export interface Turn {
  turn(slot: Slot): void;
  /** Until when it waits, on the host's clock; then it is told `busy`. Infinity: as long as it takes. */
  readonly dueMs: number;
}

export interface LanesOptions {
  /** Requests under way at a time. */
  limit: number;
  /** How far the limit may grow for a process that answers fast. Default: not at all. */
  most?: number;
  /** Whether the limit is for all lanes together, or for each. */
  shared: boolean;
  /** How many may wait, by lane. */
  queue: Readonly<Record<Lane, number>>;
  /** How long the overflow policy `block` waits for room. */
  blockMs: number;
  clock: Clock;
}

/**
 * Decides whose turn it is to talk to one process. A slot is taken with `request` or `acquire` and given back with
 * `release`. Within a lane the first to come is the first to go.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #busy: Record<Lane, number> = { trial: 0, gate: 0, call: 0, observe: 0 };
  readonly #waiting: Readonly<Record<Lane, Fifo<Turn>>> = {
    trial: new Fifo(),
    gate: new Fifo(),
    call: new Fifo(),
    observe: new Fifo(),
  };
  readonly #deadlines: DeadlineTimer;
  /** Woken when somebody left a queue. */
  readonly #room = new Waiters();
  readonly #idle = new Waiters();
  #queued = 0;
  #limit: number;
  #open = true;
  #serving = false;

  constructor(options: LanesOptions) {
    this.#options = options;
    this.#limit = options.limit;
    this.#deadlines = new DeadlineTimer(options.clock, (nowMs) => this.#expire(nowMs));
  }

  /** Whether nothing is under way and nobody waits. */
  get idle(): boolean {
    return this.#queued === 0 && this.inFlight === 0;
  }

  get inFlight(): number {
    return this.#busy.trial + this.#busy.gate + this.#busy.call + this.#busy.observe;
  }

  waiting(lane: Lane): number {
    return this.#waiting[lane].length;
  }

  /** Takes a free slot at once. */
  tryAcquire(lane: Lane): boolean {
    if (!this.#open || !this.#free(lane) || this.#waiting[lane].length > 0) return false;
    this.#busy[lane] += 1;
    return true;
  }

  /** Takes a slot at once or waits for it. Returns undefined when it waits: then its `turn` is called later. */
  request(lane: Lane, waiting: Turn): Slot | undefined {
    if (!this.#open) return "closed";
    if (this.tryAcquire(lane)) return "slot";
    if (!this.#hasRoom(lane)) return "overloaded";
    this.#waiting[lane].push(waiting);
    this.#queued += 1;
    this.#deadlines.watch(waiting.dueMs);
    return undefined;
  }

  /**
   * The same with a promise. `overflow` says what a full queue means; `onQueued` is called once it is decided whether
   * there is a place.
   */
  async acquire(
    lane: Lane,
    maxWaitMs = Number.POSITIVE_INFINITY,
    overflow: Overflow = "drop_newest",
    onQueued?: () => void,
  ): Promise<Slot> {
    if (this.#open && !this.#hasRoom(lane)) {
      if (overflow === "block") await this.#waitForRoom(lane);
      else if (overflow === "drop_oldest") this.#leave(this.#waiting[lane].shift(), "overloaded");
    }
    const nowMs = this.#options.clock.now();
    const slot = new Promise<Slot>((turn) => {
      const atOnce = this.request(lane, { turn, dueMs: nowMs + maxWaitMs });
      if (atOnce) turn(atOnce);
    });
    onQueued?.();
    return slot;
  }

  release(lane: Lane): void {
    this.#busy[lane] -= 1;
    if (this.#queued > 0) this.#serve();
    if (this.idle) this.#idle.wake();
  }

  /** An answer took this long: more may be under way with a fast process, fewer again with a slow one. */
  took(runMs: number): void {
    const { limit, most = limit } = this.#options;
    if (runMs > SLOW_MS) this.#limit = Math.max(limit, this.#limit >> 1);
    else if (runMs < FAST_MS && this.#queued > 0 && this.#limit < most) this.#limit += 1;
  }

  /** Resolves when nothing is under way and nobody waits, or after `ms`. */
  async whenIdle(ms: number): Promise<void> {
    if (!this.idle) await this.#idle.next(this.#options.clock, ms);
  }

  /** Turns away all who wait and all who come later. What is under way still releases its slot. */
  close(): void {
    this.#open = false;
    this.#deadlines.cancel();
    for (const lane of LANES) while (this.#leave(this.#waiting[lane].shift(), "closed"));
  }

  async #waitForRoom(lane: Lane): Promise<void> {
    const { clock, blockMs } = this.#options;
    const until = clock.now() + blockMs;
    while (this.#open && !this.#hasRoom(lane) && (await this.#room.next(clock, until - clock.now())));
  }

  #serve(): void {
    // Whose turn it is may give its slot back at once: the loop that runs already serves the next one.
    if (this.#serving) return;
    this.#serving = true;
    for (const lane of LANES) {
      while (this.#waiting[lane].length > 0 && this.#free(lane)) {
        this.#busy[lane] += 1;
        this.#leave(this.#waiting[lane].shift(), "slot");
      }
    }
    this.#serving = false;
  }

  #leave(waiting: Turn | undefined, slot: Slot): boolean {
    if (!waiting) return false;
    this.#queued -= 1;
    waiting.turn(slot);
    this.#room.wake();
    return true;
  }

  #expire(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const lane of LANES) {
      const due = this.#waiting[lane].take(({ dueMs }) => dueMs <= nowMs);
      for (const waiting of due) this.#leave(waiting, "busy");
      for (const { dueMs } of this.#waiting[lane].all()) nextMs = Math.min(nextMs, dueMs);
    }
    return nextMs;
  }

  #hasRoom(lane: Lane): boolean {
    return this.#waiting[lane].length < this.#options.queue[lane];
  }

  #free(lane: Lane): boolean {
    const { shared } = this.#options;
    const limit = this.#limit;
    if (lane === "trial" && this.#busy.trial > 0) return false;
    if (shared) return this.inFlight < limit;
    const gates = this.#busy.trial + this.#busy.gate;
    return (lane === "trial" || lane === "gate" ? gates : this.#busy[lane]) < limit;
  }
}
