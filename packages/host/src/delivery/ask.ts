import type { AbstentionReason } from "@synaps/sdk/protocol";
import type { AskRequest, DeliveryResult } from "./delivery.js";
import type { OutgoingEvent } from "./outgoing-event.js";
import type { Reply } from "../transport/rpc/connection.js";
import type { Waiting } from "../transport/rpc/request-table.js";
import { hadFairShare } from "./breaker.js";
import { carryOn, deliver, deliveryOf } from "./deliver.js";
import type { InFlight } from "./delivery-guards.js";
import type { Extension } from "../supervision/extension.js";
import type { Generation } from "../supervision/generation.js";
import type { Slot, Turn } from "./lanes.js";

/**
 * The short way of a gate's event to a live extension: one object, no promise and no timer of its own. What is not
 * usual takes the long way, from the start or from where the usual ended. `settle` is called once.
 */
export function ask(
  extension: Extension,
  request: AskRequest,
  settle: (result: DeliveryResult) => void,
): void {
  const { generation, stopRequested, guards, services } = extension;
  const nowMs = services.clock.now();
  const usual = guards.standing(request.event, nowMs) === "clean";
  if (generation && !stopRequested && usual) new Asked(extension, generation, request, settle, nowMs).start();
  else void deliver(extension, { ...request, lane: "gate", overflow: "drop_newest" }).then(settle);
}

class Asked implements Turn, Waiting, InFlight {
  readonly event: OutgoingEvent;
  readonly attempt = 1;
  place = 0;
  /** First of its turn, then of its answer. */
  dueMs: number;
  readonly #extension: Extension;
  readonly #generation: Generation;
  readonly #request: AskRequest;
  readonly #settle: (result: DeliveryResult) => void;
  readonly #arrivedMs: number;
  #sentMs = 0;
  /** Whether the time around it ends before its own. */
  #cut = false;

  constructor(
    extension: Extension,
    generation: Generation,
    request: AskRequest,
    settle: (result: DeliveryResult) => void,
    nowMs: number,
  ) {
    this.event = request.event;
    this.#extension = extension;
    this.#generation = generation;
    this.#request = request;
    this.#settle = settle;
    this.#arrivedMs = nowMs;
    this.dueMs = this.#dueFrom(nowMs);
  }

  start(): void {
    const { guards, lanes } = this.#extension;
    const refused = guards.refuses(this.event, this.#arrivedMs);
    // Not a matter of the guards' settling: it was not asked.
    if (refused) return this.#settle({ answered: false, reason: refused, queueMs: 0, runMs: 0 });
    const slot = lanes.request("gate", this);
    if (slot === "slot") this.#send(this.#arrivedMs);
    else if (slot) this.turn(slot);
  }

  turn(slot: Slot): void {
    switch (slot) {
      case "slot":
        return this.#send(this.#now());
      case "busy":
        return this.#abstain(this.#cut ? "budget" : "busy");
      case "closed":
        return this.#abstain("stopped");
      case "overloaded":
        return this.#abstain("overloaded");
    }
  }

  settle(reply: Reply): void {
    const { guards, lanes } = this.#extension;
    const nowMs = this.#now();
    const runMs = nowMs - this.#sentMs;
    guards.back(this, reply);
    if (reply.type === "result") lanes.took(runMs);
    lanes.release("gate");
    guards.slotFree(nowMs);
    switch (reply.type) {
      case "result": {
        const queueMs = this.#sentMs - this.#arrivedMs;
        return this.#end({ answered: true, result: reply.result, queueMs, runMs }, nowMs);
      }
      case "error":
        return this.#end(deliveryOf({ type: "reply", reply, ...this.#times() }), nowMs);
      case "not_sent":
        return this.#abstain(reply.reason === "full" ? "overloaded" : "too_large");
      case "timeout": {
        const fair = hadFairShare(runMs, this.#request.deadlineMs);
        if (!this.#cut || fair) this.#extension.deadlinePassed();
        return this.#abstain(this.#cut ? "budget" : "timeout");
      }
      case "cancelled":
      case "closed":
        return this.#theLongWay(1);
    }
  }

  #send(nowMs: number): void {
    const { guards, sendsMeta, generation } = this.#extension;
    const usual = guards.standing(this.event, nowMs) === "clean";
    if (generation !== this.#generation || !usual) {
      this.#extension.lanes.release("gate");
      return this.#theLongWay(0);
    }
    this.#sentMs = nowMs;
    this.dueMs = this.#dueFrom(nowMs);
    guards.sent(this);
    const params = this.event.params(sendsMeta, this.dueMs - nowMs, 1);
    const posted = this.#generation.connection.post("hook.handle", params, this);
    if (typeof posted !== "number") this.settle(posted);
  }

  /** The process fell before it was sent, or while it was there. */
  #theLongWay(attempt: number): void {
    const soFar = { arrivedMs: this.#arrivedMs, firstSentMs: this.#sentMs, attempt };
    void carryOn(this.#extension, this.#request, soFar, this.#generation, this.#cut).then((result) =>
      this.#end(result, this.#now()),
    );
  }

  #dueFrom(nowMs: number): number {
    const own = nowMs + this.#request.deadlineMs;
    this.#cut = this.#request.untilMs < own;
    return this.#cut ? this.#request.untilMs : own;
  }

  #abstain(reason: AbstentionReason): void {
    this.#end({ answered: false, reason, ...this.#times() }, this.#now());
  }

  #end(result: DeliveryResult, nowMs: number): void {
    const { guards, successor } = this.#extension;
    guards.settle(this.#request, result, nowMs);
    // It was never handed over: whoever took this one's place gets it.
    if (!result.answered && result.reason === "stopped" && successor)
      successor.ask(this.#request, this.#settle);
    else this.#settle(result);
  }

  #times(): { queueMs: number; runMs: number } {
    const now = this.#now();
    if (this.#sentMs === 0) return { queueMs: now - this.#arrivedMs, runMs: 0 };
    return { queueMs: this.#sentMs - this.#arrivedMs, runMs: now - this.#sentMs };
  }

  #now(): number {
    return this.#extension.services.clock.now();
  }
}
