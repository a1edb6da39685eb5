import { NULL_PARAMS } from "../transport/rpc/raw-params.js";
import type { Extension } from "./extension.js";
import type { Generation } from "./generation.js";
import { Heartbeat } from "./heartbeat.js";

/** Asks a process for signs of life while it has nothing to do. */
export function heartbeatOf(
  extension: Extension,
  { connection }: Generation,
  lastByteMs: () => number,
): Heartbeat {
  const { clock, limits } = extension.services;
  return new Heartbeat({
    clock,
    idleMs: limits.pingIdleMs,
    answerMs: limits.pingMs,
    misses: limits.pingMisses,
    ping: (ms) => connection.request("ping", NULL_PARAMS, ms),
    lastByteMs,
    busy: () => extension.lanes.inFlight > 0,
    onStuck: () => extension.takeDown("stuck: it answered no ping"),
  });
}
