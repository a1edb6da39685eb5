import type { AskRequest, DeliveryRequest, DeliveryResult, ObserveRequest } from "./delivery.js";
import type { OutgoingEvent } from "./outgoing-event.js";
import type { BatchItem } from "./batcher.js";
import { Errand, type ErrandRequest, type ErrandResult, type SoFar } from "./errand.js";
import type { Extension } from "../supervision/extension.js";
import type { Generation } from "../supervision/generation.js";

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
  const result = await carry(extension, request);
  request.onQueued?.();
  if (!result.shared) guards.settle(request, result, services.clock.now());
  // It was never handed over: whoever took this one's place gets it.
  if (!result.answered && result.reason === "stopped" && extension.successor)
    return extension.successor.deliver(request);
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
  if (guards.refuses(request.event, services.clock.now())) return false;
  batcher.add(new Observed(extension, request));
  return true;
}

/** An observed event on the short way. */
class Observed implements BatchItem {
  readonly event: OutgoingEvent;
  readonly deadlineMs: number;
  readonly arrivedMs: number;
  readonly attempt = 1;
  place = 0;
  readonly #extension: Extension;
  readonly #request: ObserveRequest;

  constructor(extension: Extension, request: ObserveRequest) {
    this.event = request.event;
    this.deadlineMs = request.deadlineMs;
    this.arrivedMs = request.arrivedMs;
    this.#extension = extension;
    this.#request = request;
  }

  settled(result: DeliveryResult | "again"): void {
    if (result === "again") {
      const { event, deadlineMs, overflow } = this.#request;
      const long = {
        event,
        lane: "observe",
        deadlineMs,
        untilMs: Number.POSITIVE_INFINITY,
        overflow,
      } as const;
      void deliver(this.#extension, long).then((late) => this.#request.settle(late));
      return;
    }
    const { guards, services } = this.#extension;
    if (!result.shared) guards.settle(this.#request, result, services.clock.now());
    this.#request.settle(result);
  }
}

async function carry(extension: Extension, request: DeliveryRequest): Promise<DeliveryResult> {
  const errand = new Errand(extension, errandOf(extension, request));
  const batched = (): Promise<DeliveryResult | "again"> | undefined =>
    request.lane === "observe" && extension.takesBatches ? extension.batcher.push(request) : undefined;
  const result = await errand.run(batched);
  return "type" in result ? deliveryOf(result) : result;
}

/** Goes on with a gate's event that the short way could not bring back. Never rejects. */
export async function carryOn(
  extension: Extension,
  request: AskRequest,
  soFar: SoFar,
  generation: Generation,
  cut: boolean,
): Promise<DeliveryResult> {
  const gate = { ...request, lane: "gate", overflow: "drop_newest" } as const;
  const errand = new Errand(extension, errandOf(extension, gate), soFar);
  return deliveryOf(await errand.afterClose(generation, cut));
}

function errandOf(extension: Extension, request: DeliveryRequest): ErrandRequest {
  const { event, lane, deadlineMs, untilMs, overflow, repeatable = false, onQueued } = request;
  const { guards, services } = extension;
  return {
    lane,
    deadlineMs,
    untilMs,
    overflow,
    onQueued,
    repeatable,
    standing: () => guards.standing(event, services.clock.now()),
    async send({ connection }, ms, attempt) {
      const one = { event, attempt, place: 0 };
      guards.sent(one);
      const reply = await connection.send("hook.handle", event.params(extension.sendsMeta, ms, attempt), ms);
      guards.back(one, reply);
      return reply;
    },
  };
}

export function deliveryOf(result: ErrandResult): DeliveryResult {
  const { queueMs, runMs } = result;
  if (result.type !== "reply") {
    // Events have no signal: they are never cancelled.
    const { reason, detail } =
      result.type === "none" ? result : { reason: "stopped" as const, detail: undefined };
    return { answered: false, reason, ...(detail === undefined ? {} : { detail }), queueMs, runMs };
  }
  const { reply } = result;
  if (reply.type === "result") return { answered: true, result: reply.result, queueMs, runMs };
  const detail = `error ${reply.code}: ${reply.message.slice(0, 500)}`;
  return { answered: false, reason: "error", detail, queueMs, runMs };
}
