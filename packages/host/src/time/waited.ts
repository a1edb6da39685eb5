import { performance } from "node:perf_hooks";
import { systemClock, type Clock } from "./clock.js";

/**
 * Time in milliseconds for which the host's event loop waited, of which only differences mean something. While the host is at
 * work it cannot read answers: that time is nobody else's. Under another clock than the machine's, all time is waiting.
 */
export function waitedBy(clock: Clock): () => number {
  return clock === systemClock ? () => performance.eventLoopUtilization().idle : () => clock.now();
}
