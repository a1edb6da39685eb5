// Feeds damaged frame streams to the frame reader: it must not throw, hang or grow, and must read the next good frame.
// Usage: fuzz [--count 5000000 frames] [--seed 1] [--only index of one stream]
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

/** One stream takes well under a millisecond. */
const HANGS_AFTER_MS = 15_000;
const MOST_MEMORY_MB = 256;

const text = /** @type {const} */ ({ type: "string" });
const { values } = parseArgs({ options: { count: text, seed: text, only: text } });
const seed = Number(values.seed ?? 1);
const shared = new SharedArrayBuffer(4);
const progress = new Int32Array(shared);
const started = performance.now();
const worker = new Worker(new URL("../test/fuzz/worker.mjs", import.meta.url), {
  workerData: {
    seed,
    shared,
    count: Number(values.count ?? 5_000_000),
    only: values.only === undefined ? undefined : Number(values.only),
  },
});

let seen = -1;
const watchdog = setInterval(() => {
  const index = Atomics.load(progress, 0);
  if (index === seen) fail(`the reader hangs in stream ${index}`, index);
  seen = index;
}, HANGS_AFTER_MS);

worker.on("error", (error) => fail(String(error), Atomics.load(progress, 0)));
worker.on("message", ({ failed, totals }) => {
  if (failed) fail(`stream ${failed.index}: ${failed.wrong}\n${JSON.stringify(failed.stream)}`, failed.index);
  clearInterval(watchdog);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  process.stdout.write(`${JSON.stringify({ seed, ...totals, seconds }, null, 2)}\n`);
  if (totals.peak_memory_mb > MOST_MEMORY_MB) fail(`memory grew to ${totals.peak_memory_mb} MB`, 0);
});

function fail(what, index) {
  process.stderr.write(`fuzz: ${what}\nreplay: node scripts/fuzz.mjs --seed ${seed} --only ${index}\n`);
  process.exit(1);
}
