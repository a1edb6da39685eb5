// One extension floods standard error, another standard output with what is no message, while a third one answers
// events. Ends with 1 when the host's memory grows or the third one suffers. Prints a summary in JSON.
//     node scripts/soak-garbage.mjs [--mb 500]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createHost } from "../packages/host/dist/index.js";

/** Growth of the resident memory that is still nothing. */
const MOST_MB = 20;
const SAMPLE_MS = 250;
const DONE = "that was all";
/** Flooded first and not counted: code is compiled and buffers reach their size. */
const WARM_UP_MB = "4";
/** Between two events of the third one: it is asked often, and leaves the machine time for the floods. */
const PACE_MS = 4;
/** How often the memory is looked at for its least: what is kept is in every look. */
const LOOKS = 20;

/** The garbage of new objects may not grow: the measure is what the host keeps, not how lazily it is collected. */
const FLAGS = ["--expose-gc", "--max-semi-space-size=4"];

const { values } = parseArgs({ options: { mb: { type: "string", default: "500" } } });
if (!FLAGS.every((flag) => process.execArgv.includes(flag))) {
  const args = [...FLAGS, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.exit(spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1);
}

const fixtures = join(dirname(fileURLToPath(import.meta.url)), "..", "test", "e2e", "reaper", "fixtures");
const scratch = mkdtempSync(join(tmpdir(), "synaps-garbage-"));
const floods = join(fixtures, "floods.sh");
const folders = [
  writeExtension("floods-stderr", "/bin/sh", [floods, "stderr", WARM_UP_MB, values.mb], "after_tool_call"),
  writeExtension("floods-stdout", "/bin/sh", [floods, "stdout", WARM_UP_MB, values.mb], "after_tool_call"),
  writeExtension("healthy", process.execPath, [join(fixtures, "sdk-child.mjs")], "before_tool_call"),
];

let warnings = 0;
const done = new Set();
const host = createHost({
  baseDir: join(scratch, "base"),
  folders,
  logger: {
    debug: (line, fields) => void (line === DONE && done.add(fields?.extension)),
    info() {},
    warn: () => void (warnings += 1),
    error() {},
  },
});
await host.start();

const tally = { asked: 0, answered: 0, slowest_ms: 0 };
for (let n = 0; n < 500; n += 1) await ask(n);
await flood();
const before = await least();
const began = performance.now();
const most = await flood();
const seconds = (performance.now() - began) / 1000;
const end = await least();
const states = Object.fromEntries(host.snapshot().extensions.map(({ id, state }) => [id, state]));
const stray = Object.fromEntries(
  host.snapshot().extensions.map(({ id, process: one }) => [id, mb(one?.strayBytes ?? 0)]),
);
await host.stop();
rmSync(scratch, { recursive: true, force: true });

const report = {
  flooded_mb_each: Number(values.mb),
  seconds: Math.round(seconds * 10) / 10,
  resident_mb: { before: mb(before), most_meanwhile: mb(most), end: mb(end), growth: mb(end - before) },
  neighbour: { ...tally, slowest_ms: Math.round(tally.slowest_ms) },
  warnings,
  stray_mb: stray,
  states,
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
if (report.resident_mb.growth >= MOST_MB || tally.answered !== tally.asked) process.exitCode = 1;

/** Lets both flood once, and asks the third one all the time. Returns the most memory that was ever seen. */
async function flood() {
  let most = 0;
  let sampled = 0;
  done.clear();
  await host.emit({ kind: "after_tool_call", tool_name: "bash", tool_input: null, tool_output: "go" });
  for (let n = 0; done.size < 2; n += 1) {
    await ask(n);
    await after(PACE_MS);
    if (performance.now() - sampled < SAMPLE_MS) continue;
    most = Math.max(most, resident());
    sampled = performance.now();
  }
  return most;
}

async function ask(n) {
  const start = performance.now();
  const { votes } = await host.emit({ kind: "before_tool_call", tool_name: "bash", tool_input: { n } });
  tally.asked += 1;
  if (votes.length === 1 && votes[0].status === "voted") tally.answered += 1;
  tally.slowest_ms = Math.max(tally.slowest_ms, performance.now() - start);
}

/** The least that is seen in some looks a moment apart. */
async function least() {
  const looks = [];
  for (let n = 0; n < LOOKS; n += 1) {
    looks.push(resident());
    await after(50);
  }
  return Math.min(...looks);
}

/** Bytes in memory after everything that can be freed was. */
function resident() {
  globalThis.gc?.();
  const kb = /VmRSS:\s+(\d+)/.exec(statusOfThis())?.[1];
  return kb === undefined ? process.memoryUsage.rss() : Number(kb) * 1024;
}

function statusOfThis() {
  return process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
}

function mb(bytes) {
  return Math.round(bytes / 104_857.6) / 10;
}

function writeExtension(name, command, args, hook) {
  const root = join(scratch, "extensions", name);
  const permissions = ["tools.intercept", "tools.transform_output"];
  const extension = { runtime: "process", command, args, permissions, hooks: [{ hook }] };
  mkdirSync(join(root, ".synaps-plugin"), { recursive: true });
  const manifest = JSON.stringify({ name, version: "1.0.0", extension });
  writeFileSync(join(root, ".synaps-plugin", "plugin.json"), manifest);
  return root;
}
