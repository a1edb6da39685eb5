import type { JsonValue } from "@synaps/sdk/protocol";
import type { BreakerChange } from "../delivery/history.js";
import type { StreamLimits } from "../delivery/streams/room.js";
import type { Activity } from "../time/activity.js";
import type { Clock } from "../time/clock.js";
import { DeadlineTimer } from "../time/deadline-timer.js";

/** A call of a function of the program that has not answered. */
export interface OpenCall {
  readonly dueMs: number;
  /** The deadline has passed. The call is no longer open. */
  expired(): void;
}

/** The calls of functions of the program that have not answered: one timer for all, because one for each costs more. */
export class ProgramCalls {
  readonly clock: Clock;
  readonly streamLimits: StreamLimits;
  /** Raises an event in the name of a hook. Set by the host once there is a surface for that. */
  publish: (from: string, topic: string, data: JsonValue) => void = () => {};
  /** Told when the breaker of a handler opens or closes. Set by the host. */
  onBreaker: (change: BreakerChange & { readonly extension: string }) => void = () => {};
  readonly #activity: Activity;
  readonly #open = new Set<OpenCall>();
  readonly #deadlines: DeadlineTimer;

  constructor(clock: Clock, activity: Activity, streamLimits: StreamLimits) {
    this.clock = clock;
    this.streamLimits = streamLimits;
    this.#activity = activity;
    this.#deadlines = new DeadlineTimer(clock, (nowMs) => this.#expire(nowMs));
  }

  /** Keeps the program alive until the call is closed, and ends the call at its deadline. */
  opened(call: OpenCall): void {
    this.#activity.begin();
    this.#open.add(call);
    if (call.dueMs < this.#deadlines.armedForMs) this.#deadlines.watch(call.dueMs);
  }

  /** Returns false for a call that was closed before. */
  close(call: OpenCall): boolean {
    if (!this.#open.delete(call)) return false;
    this.#activity.end();
    return true;
  }

  #expire(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const call of this.#open) {
      if (call.dueMs > nowMs) nextMs = Math.min(nextMs, call.dueMs);
      else if (this.close(call)) call.expired();
    }
    return nextMs;
  }
}
