import type { BreakerPolicy } from "@synaps/sdk/protocol";
import { isDeepStrictEqual } from "node:util";

/**
 * The end of one request, as far as a breaker is concerned. `answered`: an answer came, whatever it says. `failed`: an
 * error, or an answer that cannot be read. `crashed`: its process ended under the event. `timed_out`: a deadline that the
 * extension has to answer for. `cut_short`: the chain's time ended first. `nothing`: the event was not sent in the end,
 * or its end says nothing about the extension.
 */
export type Ending = "answered" | "failed" | "crashed" | "timed_out" | "cut_short" | "nothing";

/** Every state of a breaker: asked, not asked, asked one event at a time. */
export type BreakerState = "closed" | "open" | "half_open";

/** Every legal move. `closed` to `closed` and the like are no moves. */
export const BREAKER_MOVES: Readonly<Record<BreakerState, readonly BreakerState[]>> = {
  closed: ["open"],
  open: ["half_open"],
  half_open: ["open", "closed"],
};

/** Spares chains the wait for a subscription that does not answer as it should. Pure: the caller says what time it is. */
export interface Breaker {
  readonly state: BreakerState;
  /** The bound that opened it, in a clause; undefined while it is closed. */
  readonly why: string | undefined;
  /** True if the event may be sent now. A breaker that is not closed allows one probe at a time, and only when one is due. */
  allows(nowMs: number): boolean;
  /**
   * `tookMs`: time for which the host waited for the end, its own work not counted. `wasProbe`: false for a request that was
   * sent before it opened, whose end is not that of the probe. Default: the probe, while one is due.
   */
  ended(ending: Ending, tookMs: number, nowMs: number, wasProbe?: boolean): void;
  /** A new process deserves a probe at once. */
  probeSoon(nowMs: number): void;
}

/** True if two subscriptions with these policies may share a breaker's past. Undefined is the policy that all have. */
export function isSamePolicy(one: BreakerPolicy | undefined, other: BreakerPolicy | undefined): boolean {
  return one === other || isDeepStrictEqual(one, other);
}
