import type { DeliveryRequest, DeliveryResult, ObserveRequest } from "../event/delivery.js";
import { Errand, type ErrandResult } from "./errand.js";
import type { Extension } from "./extension.js";

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
    if (!result.shared) guards.settle(request, result, services.clock.now());
    settle(result);
  });
  return true;
}

async function carry(extension: Extension, request: DeliveryRequest): Promise<DeliveryResult> {
  const { event, lane, deadlineMs, untilMs, overflow, repeatable = false, onQueued } = request;
  const { guards, services } = extension;
  const errand = new Errand(extension, {
    lane,
    deadlineMs,
    untilMs,
    overflow,
    onQueued,
    repeatable,
    standing: () => guards.standing(event, services.clock.now()),
    async send({ connection }, ms, attempt) {
      const { sendsMeta } = extension;
      const one = guards.sent(event, attempt);
      const reply = await connection.send("hook.handle", event.params(sendsMeta, ms, attempt), ms);
      guards.back(one, reply);
      return reply;
    },
  });
  const batched = (): Promise<DeliveryResult | "again"> | undefined =>
    lane === "observe" && extension.takesBatches ? extension.batcher.push(request) : undefined;
  const result = await errand.run(batched);
  return "type" in result ? deliveryOf(result) : result;
}

function deliveryOf(result: ErrandResult): DeliveryResult {
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
