import type { AbstentionReason } from "@synaps/sdk/protocol";
import type { DeliveryRequest, DeliveryResult } from "../event/delivery.js";
import type { Reply } from "../rpc/connection.js";
import type { Extension } from "./extension.js";
import type { Generation } from "./generation.js";
import { isComing } from "./states.js";

type Step = DeliveryResult | Generation;

/**
 * Hands one event to an extension and brings its answer back. Waits while it starts or restarts, takes its turn,
 * and repeats a gate's event once when the process falls under it. Never rejects.
 */
export async function deliver(extension: Extension, request: DeliveryRequest): Promise<DeliveryResult> {
  const { clock } = extension.services;
  const { event, lane, deadlineMs, untilMs } = request;
  const arrived = clock.now();
  let sent = 0;
  let firstSentAt = arrived;
  let queueMs = 0;

  const runMs = (): number => (sent === 0 ? 0 : clock.now() - firstSentAt);
  const abstain = (reason: AbstentionReason, detail?: string): DeliveryResult => ({
    answered: false,
    reason,
    ...(detail === undefined ? {} : { detail }),
    queueMs: sent === 0 ? clock.now() - arrived : queueMs,
    runMs: runMs(),
  });
  /** What is left of the deadline and of the chain's time; the shorter one names the reason. */
  const left = (since: number): { ms: number; short: "own" | "budget" } => {
    const own = since + deadlineMs - clock.now();
    const budget = untilMs - clock.now();
    return budget < own ? { ms: budget, short: "budget" } : { ms: own, short: "own" };
  };

  for (;;) {
    const { ms: waitMs, short } = left(sent === 0 ? arrived : firstSentAt);
    const ready = await live(extension, waitMs, short, abstain);
    if ("answered" in ready) return ready;

    if (!extension.lanes.tryAcquire(lane)) {
      const { ms, short: cut } = left(sent === 0 ? arrived : firstSentAt);
      // Observers wait as long as it takes: their queue is bounded by number, not by time.
      const slot = await extension.lanes.acquire(lane, lane === "observe" ? undefined : Math.max(0, ms));
      if (slot === "busy") return abstain(cut === "budget" ? "budget" : "busy");
      if (slot === "overloaded") return abstain("overloaded");
      if (slot === "closed") return abstain("stopped");
      if (extension.generation !== ready) {
        extension.lanes.release(lane);
        continue;
      }
    }
    sent += 1;
    if (sent === 1) {
      firstSentAt = clock.now();
      queueMs = firstSentAt - arrived;
    }
    const { ms, short: cut } = left(firstSentAt);
    const params = event.params(extension.sendsMeta, ms, sent);
    const reply = await ready.connection.request("hook.handle", params, Math.max(0, ms));
    extension.lanes.release(lane);

    if (reply.type === "closed") {
      if (await fell(ready, extension, left(firstSentAt).ms)) {
        if (lane === "gate" && sent === 1) continue;
        return abstain("crash", extension.snapshot().reason);
      }
      return abstain(cut === "budget" ? "budget" : "timeout", "it closed its standard input");
    }
    if (reply.type === "result") return { answered: true, result: reply.result, queueMs, runMs: runMs() };
    return abstain(...reasonOf(reply, cut));
  }
}

/** The live process, or why there is none in time. */
async function live(
  extension: Extension,
  waitMs: number,
  short: "own" | "budget",
  abstain: (reason: AbstentionReason, detail?: string) => DeliveryResult,
): Promise<Step> {
  const { clock } = extension.services;
  const until = clock.now() + waitMs;
  for (;;) {
    const { state } = extension;
    if (extension.stopRequested || state === "stopped") return abstain("stopped");
    if (extension.generation) return extension.generation;
    if (!isComing(state)) return abstain(state === "quarantined" ? "quarantined" : "failed", extension.snapshot().reason);
    const woken = await extension.changes.next(clock, until - clock.now());
    if (!woken) return abstain(short === "budget" ? "budget" : state === "restarting" ? "restarting" : "starting");
  }
}

/** Whether a closed connection means that the process is gone; it may only have closed its input. */
async function fell(generation: Generation, extension: Extension, waitMs: number): Promise<boolean> {
  const { clock } = extension.services;
  const until = clock.now() + waitMs;
  while (extension.generation === generation && !extension.stopRequested) {
    if (!(await extension.changes.next(clock, until - clock.now()))) return false;
  }
  return true;
}

function reasonOf(
  reply: Exclude<Reply, { type: "result" } | { type: "closed" }>,
  cut: "own" | "budget",
): [AbstentionReason, string?] {
  switch (reply.type) {
    case "timeout":
      return [cut === "budget" ? "budget" : "timeout"];
    case "error":
      return ["error", `error ${reply.code}: ${reply.message.slice(0, 500)}`];
    case "not_sent":
      return [reply.reason === "full" ? "overloaded" : "too_large"];
  }
}
