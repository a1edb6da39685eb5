import type { JsonValue } from "@synaps/sdk/protocol";
import { RawParams } from "../transport/rpc/raw-params.js";
import { Errand, type ErrandResult } from "./errand.js";
import type { Extension } from "../supervision/extension.js";

/** A request to an extension that is no event: a tool, a provider, a command, an editor. */
export interface CallRequest {
  method: string;
  params: JsonValue;
  /** For the answer, and before that for its turn. */
  deadlineMs: number;
  /** Whether `deadlineMs` is for everything together, the wait for its turn included. Default false. */
  whole?: boolean;
  /** Gives it up; protocol 3 is told. While it still waits for its turn, it is given up when that comes. */
  signal?: AbortSignal | undefined;
  /** Whether it may be sent again when the process falls under it. Default false: it may have had effects. */
  idempotent?: boolean;
}

/**
 * Calls a method of an extension, on the lane for long calls: waits while it starts or restarts and for its turn.
 * Never rejects.
 */
export async function call(extension: Extension, request: CallRequest): Promise<ErrandResult> {
  const { method, deadlineMs, signal, idempotent = false, whole = false } = request;
  const { clock } = extension.services;
  const endMs = whole ? clock.now() + deadlineMs : Number.POSITIVE_INFINITY;
  const params = new RawParams(JSON.stringify(request.params));
  const errand = new Errand(extension, {
    lane: "call",
    deadlineMs,
    untilMs: Number.POSITIVE_INFINITY,
    overflow: "drop_newest",
    repeatable: idempotent,
    signal,
    send: ({ connection }, ms) =>
      connection.send(method, params, Math.max(0, Math.min(ms, endMs - clock.now())), signal),
  });
  const result: ErrandResult = await errand.run<never>();
  const { successor } = extension;
  // Whoever took this one's place gets what was never handed over.
  return result.type === "none" && result.reason === "stopped" && successor
    ? successor.call(request)
    : result;
}
