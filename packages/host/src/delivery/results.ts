import { WIRE_ERRORS, isJsonObject, type AbstentionReason, type JsonValue } from "@synaps/sdk/protocol";
import type { CallResult, Times } from "../supervision/work.js";
import type { Reply } from "../transport/rpc/reply.js";
import { lineOf, optionalLine } from "../text-bounds.js";
import { hadFairShare } from "./breaker/in-a-row.js";
import type { Availability } from "./recipient.js";
import type { Request } from "./request.js";
import type { DeliveryResult } from "./request.js";

const MAX_ERROR_BYTES = 500;
const MAX_PLACE_BYTES = 300;
const MAX_REASON_BYTES = 1024;

/** Time in the queue and time at the process, up to now. */
export function timesOf({ attempt, arrivedMs, firstSentMs }: Request, nowMs: number): Times {
  if (attempt === 0) return { queueMs: nowMs - arrivedMs, runMs: 0 };
  return { queueMs: firstSentMs - arrivedMs, runMs: nowMs - firstSentMs };
}

export function abstained(
  request: Request,
  reason: AbstentionReason,
  nowMs: number,
  detail?: string,
): DeliveryResult & { answered: false } {
  const { queueMs, runMs } = timesOf(request, nowMs);
  if (detail === undefined) return { answered: false, reason, queueMs, runMs };
  return { answered: false, reason, detail, queueMs, runMs };
}

/** True if the process had the request and did not crash over it. */
export function wasSeen({ attempt }: Request, result: DeliveryResult): boolean {
  return attempt > 0 && (result.answered || result.reason !== "crash");
}

/** The reason of a request that waited in vain. Waiting for a slot is never held against the extension. */
export function waitedInVain(
  { state, cut }: Request,
  availability: Availability,
): "busy" | "budget" | "starting" | "restarting" {
  if (state === "queued") return "busy";
  if (cut) return "budget";
  return availability === "restarting" ? "restarting" : "starting";
}

/** An application error is an answer: it says nothing about the process. */
export function failed(
  request: Request,
  error: { code: number; message: string; data?: unknown },
  nowMs: number,
): DeliveryResult {
  const detail = `error ${error.code}: ${lineOf(error.message, MAX_ERROR_BYTES)}${placeOf(error.data)}`;
  return { ...abstained(request, "error", nowMs, detail), error };
}

/** The place in the extension's own code from which an error came, if the extension says so. */
function placeOf(data: unknown): string {
  const at = isJsonObject(data) ? optionalLine(data["at"], MAX_PLACE_BYTES) : undefined;
  return at === undefined ? "" : ` (at ${at})`;
}

/** The end of a request that was sent, and whether a deadline passed that the extension has to answer for. */
export interface Judged {
  result: DeliveryResult;
  counts: boolean;
}

/**
 * The end of a request by the reply to it. `beside`: a process of protocol 1 or 2 has a call, which it works on instead
 * of answering a gate. Neither that, nor the host's own lag, nor the end of a chain that left the extension less than
 * half of its deadline counts against anybody.
 */
export function judged(
  request: Request,
  reply: Exclude<Reply, { type: "closed" }>,
  beside: () => boolean,
  nowMs: number,
  detail?: string,
): Judged {
  if (reply.type !== "result") return withoutResult(request, reply, beside, nowMs, detail);
  const { arrivedMs, firstSentMs } = request;
  const [queueMs, runMs] = [firstSentMs - arrivedMs, nowMs - firstSentMs];
  const { result, inexact } = reply;
  if (inexact) return { result: { answered: true, result, inexact, queueMs, runMs }, counts: false };
  return { result: { answered: true, result, queueMs, runMs }, counts: false };
}

function withoutResult(
  request: Request,
  reply: Exclude<Reply, { type: "closed" | "result" }>,
  beside: () => boolean,
  nowMs: number,
  detail: string | undefined,
): Judged {
  switch (reply.type) {
    case "error":
      return { result: failed(request, reply, nowMs), counts: false };
    case "unreadable":
      return { result: abstained(request, reply.reason, nowMs, reply.detail), counts: false };
    case "not_sent": {
      const reason = reply.reason === "full" ? "overloaded" : "too_large";
      return { result: abstained(request, reason, nowMs), counts: false };
    }
    case "cancelled":
      return { result: cancelled(request, nowMs), counts: false };
    case "timeout": {
      const isCall = request.lane === "call";
      const isBeside = !isCall && beside();
      const reason = request.cut && !isCall ? "budget" : isBeside ? "busy" : "timeout";
      const result = abstained(request, reason, nowMs, detail);
      const fair = !request.cut || hadFairShare(result.runMs, request.deadlineMs);
      return { result, counts: !reply.lagged && !isBeside && fair };
    }
  }
}

export function cancelled(request: Request, nowMs: number): DeliveryResult {
  return { ...abstained(request, "stopped", nowMs), cancelled: true };
}

const PROCEED = Object.freeze({ action: "continue" });

/**
 * The result of one event in an answered batch. The answer is null when all events go on, else `{results: [...]}` with
 * one entry for each event: null to go on, a result, or `{error}`.
 */
export function batchResult(request: Request, answer: unknown, place: number, nowMs: number): DeliveryResult {
  const results = isJsonObject(answer) ? answer["results"] : [];
  const isAnswer =
    answer === null || answer === undefined || (isJsonObject(answer) && Array.isArray(results));
  if (!isAnswer)
    return abstained(request, "invalid", nowMs, "a batch is answered with null or {results: [...]}");
  const own = (results as readonly JsonValue[])[place];
  if (isJsonObject(own) && isJsonObject(own["error"])) {
    const { code, message } = own["error"];
    return failed(
      request,
      {
        code: typeof code === "number" ? code : WIRE_ERRORS.internal_error,
        message: typeof message === "string" ? message : "no message",
      },
      nowMs,
    );
  }
  return { answered: true, result: own ?? PROCEED, ...timesOf(request, nowMs) };
}

/** The result of a call in the terms of calls. */
export function callResult(result: DeliveryResult): CallResult {
  const { queueMs, runMs } = result;
  if (result.answered) {
    const { inexact } = result;
    const reply = { type: "result", result: result.result, ...(inexact ? { inexact } : {}) } as const;
    return { type: "reply", reply, queueMs, runMs };
  }
  if (result.cancelled) return { type: "cancelled", queueMs, runMs };
  if (result.error) return { type: "reply", reply: { type: "error", ...result.error }, queueMs, runMs };
  const { reason, detail } = result;
  return { type: "none", reason, ...(detail === undefined ? {} : { detail }), queueMs, runMs };
}

/** An error that an extension answered with. */
export interface AnsweredError {
  code: number;
  message: string;
  data?: unknown;
}

/** The reason why a call brought no value. */
export type CallFailure =
  /** The extension answered with an error, or with a value that is refused: then there is no `error`. */
  | { status: "failed"; reason: string; error?: AnsweredError }
  | { status: "timeout"; reason: string }
  | { status: "cancelled"; reason: string }
  /** The extension could not be asked, or crashed under the call. */
  | { status: "unavailable"; reason: string; cause: AbstentionReason };

/** The value that a call was answered with, or why there is none. A value whose integers lost digits is refused. */
export function callEnd(result: CallResult): { value: JsonValue } | CallFailure {
  switch (result.type) {
    case "reply": {
      const { reply } = result;
      if (reply.type === "error") {
        const { type: _, ...error } = reply;
        return { status: "failed", reason: lineOf(error.message, MAX_REASON_BYTES), error };
      }
      const [pointer] = reply.inexact ?? [];
      if (pointer === undefined) return { value: (reply.result ?? null) as JsonValue };
      const reason = `the answer has an integer beyond 2^53 at '${lineOf(pointer, MAX_REASON_BYTES)}': send a string`;
      return { status: "failed", reason };
    }
    case "cancelled":
      return { status: "cancelled", reason: "the caller gave the call up" };
    case "none": {
      const { reason, detail } = result;
      if (reason === "timeout") return { status: "timeout", reason: IN_WORDS[reason] };
      const why = detail === undefined ? "" : ` (${lineOf(detail, MAX_REASON_BYTES)})`;
      return { status: "unavailable", cause: reason, reason: IN_WORDS[reason] + why };
    }
  }
}

/** Requests that `namesOf` names, at most. */
const MAX_NAMED = 3;

/** Requests that are with a process, in words. */
export function namesOf(requests: readonly Request[]): string {
  const counts = new Map<string, number>();
  for (const { event, method } of requests) {
    const tool = event?.toolName ?? null;
    const kind = event?.kind ?? method;
    const what = tool === null ? kind : `${kind} of '${tool.slice(0, 64).replace(/\p{Cc}/gu, "?")}'`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const named = [...counts].map(([what, times]) => (times > 1 ? `${times} x ${what}` : what));
  return `it had ${named.slice(0, MAX_NAMED).join(", ")}${named.length > MAX_NAMED ? " and others" : ""}`;
}

/** Reasons for having no answer, for people who read a result. "It" is the tool, command or question. */
const IN_WORDS: Readonly<Record<AbstentionReason, string>> = {
  timeout: "it took too long",
  error: "it failed",
  crash: "its extension ended under the call",
  starting: "its extension is still starting",
  restarting: "its extension is being restarted",
  failed: "its extension failed",
  quarantined: "its extension crashed too often and is quarantined",
  stopped: "its extension is stopped",
  busy: "its turn did not come in time, because its extension was busy",
  overloaded: "too many calls wait for its extension",
  budget: "the time for it was over",
  breaker: "its extension was not asked",
  poison: "its extension was not asked",
  invalid: "the answer is malformed",
  denied: "it may not be called",
  too_large: "the input is too large to send",
};
