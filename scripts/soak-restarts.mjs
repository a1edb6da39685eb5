// Lets extensions end and be started again thousands of times in one host, and measures what that leaves behind in
// it: memory, open files, listeners on the process. Ends with 1 when anything grows. Prints a summary in JSON.
//     node scripts/soak-restarts.mjs [--count 10000] [--every 500]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createHost, nullLogger } from "../packages/host/dist/index.js";

/** Growth of the heap for each restart that is still nothing: less than one forgotten promise. */
const MOST_BYTES = 50;
/**
 * The heap also holds compiled code, which V8 makes as long as it finds something to make faster: half a megabyte over
 * 10,000 restarts, and not one object. Without it the measure is what the host keeps.
 */
const FLAGS = ["--expose-gc", "--no-opt"];

/** Open files that say nothing: a look may always meet one process more, with its three pipes. A leak is hundreds. */
const MOST_FILES = 3;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    every: { type: "string", default: "500" },
  },
});
const count = Number(values.count);
const every = Number(values.every);
if (!FLAGS.every((flag) => process.execArgv.includes(flag))) {
  const args = [...FLAGS, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.exit(spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1);
}

const fixture = join(
  dirname(fileURLToPath(import.meta.url)),
  "..",
  "test/e2e/reaper/fixtures/exits-at-once.sh",
);
const scratch = mkdtempSync(join(tmpdir(), "synaps-restarts-"));
// One that falls as soon as it is live, and one that falls over every event.
const folders = [
  writeExtension("falls-at-once", [fixture]),
  writeExtension("falls-over-events", [fixture, "event"]),
];
const huge = Number.MAX_SAFE_INTEGER;
const host = createHost({
  logger: nullLogger,
  baseDir: join(scratch, "base"),
  folders,
  // A restart as soon as it can be; the memory of past crashes is bounded by the window.
  limits: { restartBaseMs: 0, restartAttempts: huge, crashBudget: huge, crashWindowMs: 1_000 },
});

const began = performance.now();
await host.start();
const feeding = new AbortController();
const fed = feed(feeding.signal);
const samples = [];
// The first fifth is warm-up: code is compiled, tables reach their size.
const warm = Math.max(every, count / 5);
for (let due = 0; due <= count; due += every) {
  while (restarts() < warm + due) await after(5);
  samples.push(await sample());
}
feeding.abort();
await host.stop();
await fed;
const seconds = (performance.now() - began) / 1000;
rmSync(scratch, { recursive: true, force: true });

const slope = (what) => leastSquares(samples.map((one) => [one.restarts, one[what]]));
const first = samples[0];
const last = samples.at(-1);
const report = {
  restarts: last.restarts - first.restarts,
  seconds: Math.round(seconds),
  heap_bytes_per_restart: Math.round(slope("heap") * 10) / 10,
  heap_mb: [first, last].map(({ heap }) => Math.round(heap / 104_857.6) / 10),
  descriptors: { ...range("descriptors"), growth: growth("descriptors") },
  listeners: { ...range("listeners"), growth: growth("listeners") },
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
const grown =
  report.heap_bytes_per_restart > MOST_BYTES ||
  report.listeners.growth > 0 ||
  report.descriptors.growth > MOST_FILES;
if (grown) process.exitCode = 1;

function restarts() {
  return host.snapshot().extensions.reduce((sum, { process: one }) => sum + (one?.restartCount ?? 0), 0);
}

/** Events that are all different, so that none is kept from the extension as the cause of its falls. */
async function feed(signal) {
  for (let n = 0; !signal.aborted; n += 1) {
    await host.emit({ kind: "before_tool_call", tool_name: "bash", tool_input: { n } });
    await after(1);
  }
}

/** The least of some looks a moment apart: what is only under way at one of them is no growth. */
async function sample() {
  const looks = [];
  for (let n = 0; n < 10; n += 1) {
    globalThis.gc?.();
    const heap = process.memoryUsage().heapUsed;
    looks.push({ heap, descriptors: descriptors(), listeners: listeners() });
    await after(3);
  }
  const least = (what) => Math.min(...looks.map((look) => look[what]));
  return {
    restarts: restarts(),
    heap: least("heap"),
    descriptors: least("descriptors"),
    listeners: least("listeners"),
  };
}

function descriptors() {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}

function listeners() {
  return process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
}

function range(what) {
  const all = samples.map((one) => one[what]);
  return { least: Math.min(...all), most: Math.max(...all) };
}

/** The least of the last third against the least of the first: a process that is just being started is no growth. */
function growth(what) {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const least = (some) => Math.min(...some.map((one) => one[what]));
  return least(samples.slice(-third)) - least(samples.slice(0, third));
}

function leastSquares(points) {
  const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [x, y] = [mean(points.map(([one]) => one)), mean(points.map(([, one]) => one))];
  const over = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return over / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

function writeExtension(name, args) {
  const root = join(scratch, "extensions", name);
  const hooks = name === "falls-over-events" ? [{ hook: "before_tool_call" }] : [{ hook: "after_tool_call" }];
  const permissions = ["tools.intercept", "tools.transform_output"];
  const extension = { runtime: "process", command: "/bin/sh", args, permissions, hooks };
  mkdirSync(join(root, ".synaps-plugin"), { recursive: true });
  writeFileSync(
    join(root, ".synaps-plugin", "plugin.json"),
    JSON.stringify({ name, version: "1.0.0", extension }),
  );
  return root;
}
