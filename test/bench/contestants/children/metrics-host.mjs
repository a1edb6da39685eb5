// A host of its own with one extension, which counts, counts and is scraped every 100 ms, or does not count at all. Runs a
// block of gates for each message and answers with its processor time and latencies, both in microseconds.
import { KindBooks } from "../../../../packages/host/dist/observe/metrics/kind-books.js";
import { Detail } from "../../../../packages/host/dist/observe/metrics/book.js";
import { eventOf } from "../../lib/payload.mjs";
import { cpuMs, timeCalls } from "../../lib/rounds.mjs";
import { quantile } from "../../lib/stats.mjs";
import { startSdk } from "../ours.mjs";

const [, , mode] = process.argv;
if (mode === "without") {
  // The counts of votes for each subscription stay: they were there before.
  Detail.prototype.add = () => {};
  KindBooks.prototype.add = () => {};
}
const ours = await startSdk();
// By address: the types of the package would bring the sources of the host into the check of scripts.
const { metricsOf } = await import(
  new URL("../../../../packages/metrics/dist/index.js", import.meta.url).href
);
const metrics = metricsOf(ours.host);
const event = eventOf(300);
const call = () => ours.call(event);

process.on("message", (/** @type {number} */ calls) => void block(calls));
process.on("disconnect", () => void ours.stop());
process.send?.("ready");

async function block(/** @type {number} */ calls) {
  const scrapes = mode === "scraped" ? setInterval(() => void metrics.text(), 100).unref() : undefined;
  let took = new Float64Array();
  const ms = await cpuMs(async () => {
    took = await timeCalls(call, calls, 0);
  });
  clearInterval(scrapes);
  process.send?.({ cpu: (ms * 1000) / calls, p50: quantile(took, 0.5), p99: quantile(took, 0.99) });
}
