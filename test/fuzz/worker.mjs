// The part of a fuzz run that may hang or throw: it works through the streams and counts aloud.
import { parentPort, workerData } from "node:worker_threads";
import { feed } from "./feed.mjs";
import { streamOf } from "./streams.mjs";

const { seed, count, only, shared } = workerData;
const progress = new Int32Array(shared);
const totals = {
  streams: 0,
  frames: 0,
  bytes: 0,
  messages: 0,
  recovered: 0,
  not_promised: 0,
  peak_memory_mb: 0,
};

for (let index = only ?? 0; totals.frames < count; index += 1) {
  const stream = streamOf(seed, index);
  Atomics.store(progress, 0, index);
  let result;
  try {
    result = feed(stream);
  } catch (error) {
    result = { wrong: `it threw: ${error instanceof Error ? error.stack : String(error)}` };
  }
  if (result.wrong) {
    parentPort?.postMessage({ failed: { index, ...result, stream: stream.bytes.toString("latin1") } });
    break;
  }
  totals.streams += 1;
  totals.frames += stream.frames;
  totals.bytes += stream.bytes.length;
  totals.messages += result.messages ?? 0;
  totals[result.recovered ? "recovered" : "not_promised"] += 1;
  if (totals.streams % 2_000 === 0) sample();
  if (only !== undefined) break;
}
sample();
parentPort?.postMessage({ totals });

function sample() {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  totals.peak_memory_mb = Math.max(totals.peak_memory_mb, Math.round((heapUsed + arrayBuffers) / 2 ** 20));
}
