import type { AbstentionReason, Overflow } from "@synaps/sdk/protocol";
import type { Reply } from "../transport/rpc/connection.js";
import { hadFairShare } from "./breaker.js";
import type { Extension } from "../supervision/extension.js";
import type { Generation } from "../supervision/generation.js";
import type { Lane } from "./lanes.js";
import type { Standing } from "./poison.js";
import { isComing } from "../supervision/states.js";

/** Something to be taken to an extension's process, with an answer to be brought back. */
export interface ErrandRequest {
  lane: Lane;
  /** For one answer, from when the frame is handed to the writer. */
  deadlineMs: number;
  /** When the time of everything around it ends, on the host's clock. */
  untilMs: number;
  /** For observers: what happens when their queue is full. */
  overflow: Overflow;
  /** For observers: called once it has a place in the queue, or none. */
  onQueued?: (() => void) | undefined;
  /** Whether it may be sent a second time when the process falls under it. */
  repeatable: boolean;
  /** What earlier falls of the process say about it. Default: nothing. */
  standing?: (() => Standing) | undefined;
  /** Gives it up, wherever it is by then. */
  signal?: AbortSignal | undefined;
  /** Sends it, within `ms`. */
  send(generation: Generation, ms: number, attempt: number): Promise<Reply>;
}

export interface Times {
  queueMs: number;
  runMs: number;
}

/** What became of it: an answer or an error of the extension, or why there is neither. */
export type ErrandResult = Times &
  (
    | { type: "reply"; reply: Extract<Reply, { type: "result" | "error" }> }
    | { type: "none"; reason: AbstentionReason; detail?: string }
    | { type: "cancelled" }
  );

/** How far an errand got: `attempt` is 0 before it was sent. */
export interface SoFar extends Readonly<Record<"arrivedMs" | "firstSentMs" | "attempt", number>> {}

/** How much time is left, and whether it is the time around it that is shorter than its own. */
interface Left {
  ms: number;
  cut: boolean;
}

/**
 * Waits while the extension starts or restarts, takes a turn, sends, and repeats once when the process falls and that
 * is allowed. Never rejects. `divert` may take it another way each time a process is live.
 */
export class Errand {
  readonly #extension: Extension;
  readonly #request: ErrandRequest;
  readonly #arrivedMs: number;
  #lane: Lane;
  #attempt = 0;
  #firstSentMs = 0;

  /** `soFar` is given for one that was taken a part of the way already. */
  constructor(extension: Extension, request: ErrandRequest, soFar?: SoFar) {
    this.#extension = extension;
    this.#request = request;
    this.#lane = request.lane;
    this.#arrivedMs = soFar?.arrivedMs ?? extension.services.clock.now();
    this.#firstSentMs = soFar?.firstSentMs ?? 0;
    this.#attempt = soFar?.attempt ?? 0;
  }

  /** Goes on after the connection closed under it, or before it was sent. */
  async afterClose(generation: Generation, cut: boolean): Promise<ErrandResult> {
    const result = this.#attempt === 0 ? "again" : await this.#afterClose(generation, cut);
    return result === "again" ? this.run<never>() : result;
  }

  async run<D>(divert?: () => Promise<D | "again"> | undefined): Promise<ErrandResult | D> {
    for (;;) {
      const ready = await this.#live();
      if ("type" in ready) return ready;
      if (this.#request.signal?.aborted) return { type: "cancelled", ...this.#times() };
      const diverted = divert?.();
      if (diverted) {
        const result = await diverted;
        if (result === "again") continue;
        return result;
      }
      const standing = this.#request.standing?.();
      if (standing === "poison") return this.#none("poison");
      this.#lane = standing === "suspect" && this.#request.lane === "gate" ? "trial" : this.#request.lane;
      const turned = await this.#takeTurn();
      if (turned) return turned;
      if (this.#extension.generation !== ready) {
        this.#extension.lanes.release(this.#lane);
        continue;
      }
      const result = await this.#send(ready);
      if (result !== "again") return result;
    }
  }

  /** The live process, or why there is none in time. */
  async #live(): Promise<ErrandResult | Generation> {
    const { changes, services } = this.#extension;
    for (;;) {
      const { generation, state, stopRequested } = this.#extension;
      if (stopRequested || state === "stopped") return this.#none("stopped");
      if (generation) return generation;
      if (!isComing(state)) {
        return this.#none(state === "quarantined" ? "quarantined" : "failed", this.#extension.reason);
      }
      this.#extension.wake();
      const { ms, cut } = this.#left();
      if (await changes.next(services.clock, ms)) continue;
      return this.#none(cut ? "budget" : state === "restarting" ? "restarting" : "starting");
    }
  }

  /** Takes a slot, or says why there was none. */
  async #takeTurn(): Promise<ErrandResult | undefined> {
    const { lanes } = this.#extension;
    const { overflow, onQueued } = this.#request;
    const lane = this.#lane;
    if (lanes.tryAcquire(lane)) {
      onQueued?.();
      return undefined;
    }
    const { ms, cut } = this.#left();
    // Observers wait as long as it takes: their queue is bounded by number, not by time.
    const maxWaitMs = lane === "observe" ? undefined : Math.max(0, ms);
    const slot = await lanes.acquire(lane, maxWaitMs, overflow, onQueued);
    switch (slot) {
      case "slot":
        return undefined;
      case "busy":
        return this.#none(cut ? "budget" : "busy");
      case "closed":
        return this.#none("stopped");
      case "overloaded":
        if (overflow === "disconnect") this.#extension.takeDown("disconnected: it fell too far behind");
        return this.#none("overloaded");
    }
  }

  async #send(generation: Generation): Promise<ErrandResult | "again"> {
    const { lanes, services } = this.#extension;
    this.#attempt += 1;
    if (this.#attempt === 1) this.#firstSentMs = services.clock.now();
    const { ms, cut } = this.#left();
    const reply = await this.#request.send(generation, Math.max(0, ms), this.#attempt);
    lanes.release(this.#lane);
    this.#extension.guards.slotFree(services.clock.now());
    switch (reply.type) {
      case "result":
      case "error":
        return { type: "reply", reply, ...this.#times() };
      case "not_sent":
        return this.#none(reply.reason === "full" ? "overloaded" : "too_large");
      case "timeout":
        return this.#timedOut(cut);
      case "cancelled":
        return { type: "cancelled", ...this.#times() };
      case "closed":
        return this.#afterClose(generation, cut);
    }
  }

  /** The connection is closed: because the process is gone, or because it closed its own input. */
  async #afterClose(generation: Generation, cut: boolean): Promise<ErrandResult | "again"> {
    const { changes, services } = this.#extension;
    while (this.#extension.generation === generation && !this.#extension.stopRequested) {
      if (await changes.next(services.clock, this.#left().ms)) continue;
      return this.#timedOut(cut, "it closed its standard input");
    }
    if (this.#request.repeatable && this.#attempt === 1) return "again";
    return this.#none("crash", this.#extension.reason);
  }

  #timedOut(cut: boolean, detail?: string): ErrandResult {
    const result = this.#none(cut ? "budget" : "timeout", detail);
    if (!cut || hadFairShare(result.runMs, this.#request.deadlineMs)) this.#extension.deadlinePassed();
    return result;
  }

  /** Waiting for its turn and being answered each have the deadline; both end with the time around it. */
  #left(): Left {
    const { deadlineMs, untilMs } = this.#request;
    const now = this.#extension.services.clock.now();
    const own = (this.#attempt === 0 ? this.#arrivedMs : this.#firstSentMs) + deadlineMs - now;
    const around = untilMs - now;
    return around < own ? { ms: around, cut: true } : { ms: own, cut: false };
  }

  #none(reason: AbstentionReason, detail?: string): ErrandResult {
    return { type: "none", reason, ...(detail === undefined ? {} : { detail }), ...this.#times() };
  }

  #times(): Times {
    const now = this.#extension.services.clock.now();
    if (this.#attempt === 0) return { queueMs: now - this.#arrivedMs, runMs: 0 };
    return { queueMs: this.#firstSentMs - this.#arrivedMs, runMs: now - this.#firstSentMs };
  }
}
