import { isJsonObject, type AbstentionReason, type JsonValue } from "@synaps/sdk/protocol";
import type { DeliveryResult } from "./delivery.js";
import type { Reply } from "../transport/rpc/connection.js";
import type { BatchItem } from "./batcher.js";

const GO_ON = Object.freeze({ action: "continue" });

/** How the answer to a batch is shared out: what became of the event in each place. */
export function batchResults(
  reply: Reply,
  sentMs: number,
  doneMs: number,
  reason: string | undefined,
): (item: BatchItem, place: number) => DeliveryResult {
  if (reply.type === "result") {
    const results = resultsOf(reply.result);
    return (item, place) => answered(item, results?.[place], sentMs, doneMs);
  }
  const [why, detail] = whyNot(reply, reason);
  return (item) => batchAbstained(item, why, sentMs, doneMs, detail);
}

export function batchAbstained(
  item: BatchItem,
  reason: AbstentionReason,
  sentMs: number,
  doneMs: number,
  detail?: string,
): DeliveryResult {
  const times = { queueMs: sentMs - item.arrivedMs, runMs: doneMs - sentMs };
  return { answered: false, reason, ...(detail === undefined ? {} : { detail }), ...times };
}

/** The answer to a batch: null when all went on, else one entry for each event. */
function resultsOf(result: unknown): readonly (JsonValue | undefined)[] | undefined {
  return isJsonObject(result) && Array.isArray(result["results"]) ? result["results"] : undefined;
}

function answered(
  item: BatchItem,
  own: JsonValue | undefined,
  sentMs: number,
  doneMs: number,
): DeliveryResult {
  if (isJsonObject(own) && isJsonObject(own["error"])) {
    const { code, message } = own["error"];
    return batchAbstained(item, "error", sentMs, doneMs, errorText(String(code), String(message)));
  }
  return { answered: true, result: own ?? GO_ON, queueMs: sentMs - item.arrivedMs, runMs: doneMs - sentMs };
}

function whyNot(
  reply: Exclude<Reply, { type: "result" }>,
  reason: string | undefined,
): [AbstentionReason, string | undefined] {
  switch (reply.type) {
    case "error":
      return ["error", errorText(String(reply.code), reply.message)];
    case "not_sent":
      return [reply.reason === "full" ? "overloaded" : "too_large", undefined];
    case "timeout":
      return ["timeout", undefined];
    case "cancelled":
    case "closed":
      return ["crash", reason];
  }
}

function errorText(code: string, message: string): string {
  return `error ${code}: ${message.slice(0, 500)}`;
}
