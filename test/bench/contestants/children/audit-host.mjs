// A host of its own with one extension, which records its decisions as the first argument says (the options of its audit as
// JSON, or `null`). Runs a block of gates for each message, one after the other and then 100 under way, and answers with
// processor time and latencies in microseconds, gates a second, and the events that had no room.
import { eventOf } from "../../lib/payload.mjs";
import { scratch } from "../../lib/places.mjs";
import { cpuMs, throughput, timeCalls } from "../../lib/rounds.mjs";
import { quantile } from "../../lib/stats.mjs";
import { startHost } from "../ours.mjs";

const UNDER_WAY = 100;

const audit = JSON.parse(process.argv[2] ?? "null");
const options = audit === null ? {} : { audit: { folder: scratch("audit"), ...audit } };
const host = await startHost({ one: {} }, options);
const event = eventOf(300);
const call = () => host.emit(event);

process.on("message", (/** @type {number} */ calls) => void block(calls));
process.on("disconnect", () => void host.stop());
process.send?.("ready");

async function block(/** @type {number} */ calls) {
  let took = new Float64Array();
  const ms = await cpuMs(async () => {
    took = await timeCalls(call, calls, 0);
  });
  const rate = await throughput(call, calls, UNDER_WAY);
  const lost = host.snapshot().audit?.lost ?? 0;
  const [cpu, p50, p99] = [(ms * 1000) / calls, quantile(took, 0.5), quantile(took, 0.99)];
  process.send?.({ cpu, p50, p99, rate, lost });
}
