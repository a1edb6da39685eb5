import type { AbstentionReason } from "@synaps/sdk/protocol";
import type { DeliveryRequest, DeliveryResult, ObserveRequest } from "../event/delivery.js";
import type { Extension } from "./extension.js";
import type { Generation } from "./generation.js";
import { isComing } from "./states.js";

/**
 * Hands one event to an extension and brings its answer back. Waits while it starts or restarts, takes its turn,
 * and repeats a gate's event once when the process falls under it. Never rejects.
 */
export async function deliver(extension: Extension, request: DeliveryRequest): Promise<DeliveryResult> {
  const { guards, services } = extension;
  const refused = guards.refuses(request.event, services.clock.now());
  if (refused) {
    request.onQueued?.();
    return { answered: false, reason: refused, queueMs: 0, runMs: 0 };
  }
  const result = await new Delivery(extension, request).run();
  request.onQueued?.();
  if (!result.shared)
    guards.settle(request.event.kind, result.answered ? undefined : result.reason, services.clock.now());
  return result;
}

/**
 * The short way of an observed event: into the batcher of a live extension, with room, that nothing speaks against.
 * False when any of that does not hold; then the event takes the long way, which waits or says why not.
 */
export function observe(extension: Extension, request: ObserveRequest): boolean {
  const { guards, services, batcher } = extension;
  if (!extension.takesBatches || !extension.generation || extension.stopRequested || batcher.full)
    return false;
  const { event, deadlineMs, overflow, settle } = request;
  if (guards.refuses(event, services.clock.now())) return false;
  batcher.add(event, deadlineMs, (result) => {
    if (result === "again") {
      const long = {
        event,
        lane: "observe",
        deadlineMs,
        untilMs: Number.POSITIVE_INFINITY,
        overflow,
      } as const;
      void deliver(extension, long).then(settle);
      return;
    }
    if (!result.shared)
      guards.settle(event.kind, result.answered ? undefined : result.reason, services.clock.now());
    settle(result);
  });
  return true;
}

/** How much time is left, and whether it is the chain's that is shorter than the own. */
interface Left {
  ms: number;
  cut: boolean;
}

class Delivery {
  readonly #extension: Extension;
  readonly #request: DeliveryRequest;
  readonly #arrivedMs: number;
  #attempt = 0;
  #firstSentMs = 0;

  constructor(extension: Extension, request: DeliveryRequest) {
    this.#extension = extension;
    this.#request = request;
    this.#arrivedMs = extension.services.clock.now();
  }

  async run(): Promise<DeliveryResult> {
    for (;;) {
      const ready = await this.#live();
      if ("answered" in ready) return ready;
      if (this.#request.lane === "observe" && this.#extension.takesBatches) {
        const result = await this.#extension.batcher.push(this.#request);
        if (result === "again") continue;
        return result;
      }
      const turned = await this.#takeTurn();
      if (turned) return turned;
      if (this.#extension.generation !== ready) {
        this.#extension.lanes.release(this.#request.lane);
        continue;
      }
      const result = await this.#send(ready);
      if (result !== "again") return result;
    }
  }

  /** The live process, or why there is none in time. */
  async #live(): Promise<DeliveryResult | Generation> {
    const { changes, services } = this.#extension;
    for (;;) {
      const { generation, state, stopRequested } = this.#extension;
      if (stopRequested || state === "stopped") return this.#abstain("stopped");
      if (generation) return generation;
      if (!isComing(state)) {
        return this.#abstain(state === "quarantined" ? "quarantined" : "failed", this.#extension.reason);
      }
      const { ms, cut } = this.#left();
      if (await changes.next(services.clock, ms)) continue;
      return this.#abstain(cut ? "budget" : state === "restarting" ? "restarting" : "starting");
    }
  }

  /** Takes a slot, or says why there was none. */
  async #takeTurn(): Promise<DeliveryResult | undefined> {
    const { lanes } = this.#extension;
    const { lane, overflow, onQueued } = this.#request;
    if (lanes.tryAcquire(lane)) {
      onQueued?.();
      return undefined;
    }
    const { ms, cut } = this.#left();
    // Observers wait as long as it takes: their queue is bounded by number, not by time.
    const slot = await lanes.acquire(
      lane,
      lane === "observe" ? undefined : Math.max(0, ms),
      overflow,
      onQueued,
    );
    switch (slot) {
      case "slot":
        return undefined;
      case "busy":
        return this.#abstain(cut ? "budget" : "busy");
      case "closed":
        return this.#abstain("stopped");
      case "overloaded":
        if (overflow === "disconnect") this.#extension.takeDown("disconnected: it fell too far behind");
        return this.#abstain("overloaded");
    }
  }

  async #send(generation: Generation): Promise<DeliveryResult | "again"> {
    const { guards, lanes, sendsMeta, services } = this.#extension;
    const { event, lane } = this.#request;
    this.#attempt += 1;
    if (this.#attempt === 1) this.#firstSentMs = services.clock.now();
    const { ms, cut } = this.#left();
    const one = guards.sent(event, this.#attempt);
    const params = event.params(sendsMeta, ms, this.#attempt);
    const reply = await generation.connection.send("hook.handle", params, Math.max(0, ms));
    guards.back(one, reply);
    lanes.release(lane);
    switch (reply.type) {
      case "result":
        return { answered: true, result: reply.result, ...this.#times() };
      case "error":
        return this.#abstain("error", `error ${reply.code}: ${reply.message.slice(0, 500)}`);
      case "not_sent":
        return this.#abstain(reply.reason === "full" ? "overloaded" : "too_large");
      case "timeout":
        if (!cut) this.#extension.deadlinePassed();
        return this.#abstain(cut ? "budget" : "timeout");
      case "closed":
        return this.#afterClose(generation, cut);
    }
  }

  /** The connection is closed: because the process is gone, or because it closed its own input. */
  async #afterClose(generation: Generation, cut: boolean): Promise<DeliveryResult | "again"> {
    const { changes, services } = this.#extension;
    while (this.#extension.generation === generation && !this.#extension.stopRequested) {
      if (await changes.next(services.clock, this.#left().ms)) continue;
      if (!cut) this.#extension.deadlinePassed();
      return this.#abstain(cut ? "budget" : "timeout", "it closed its standard input");
    }
    if (this.#request.lane === "gate" && this.#attempt === 1) return "again";
    return this.#abstain("crash", this.#extension.reason);
  }

  /** Waiting for its turn and being answered each have the deadline; both end with the chain's time. */
  #left(): Left {
    const { deadlineMs, untilMs } = this.#request;
    const now = this.#extension.services.clock.now();
    const own = (this.#attempt === 0 ? this.#arrivedMs : this.#firstSentMs) + deadlineMs - now;
    const chain = untilMs - now;
    return chain < own ? { ms: chain, cut: true } : { ms: own, cut: false };
  }

  #abstain(reason: AbstentionReason, detail?: string): DeliveryResult {
    return { answered: false, reason, ...(detail === undefined ? {} : { detail }), ...this.#times() };
  }

  #times(): { queueMs: number; runMs: number } {
    const now = this.#extension.services.clock.now();
    if (this.#attempt === 0) return { queueMs: now - this.#arrivedMs, runMs: 0 };
    return { queueMs: this.#firstSentMs - this.#arrivedMs, runMs: now - this.#firstSentMs };
  }
}
