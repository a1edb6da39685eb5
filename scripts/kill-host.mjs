// Kills hosts with SIGKILL at random moments and counts what they leave behind after two seconds: nothing, or this
// ends with 1. Prints a summary in JSON.
//     node scripts/kill-host.mjs [--count 1000] [--parallel 8] [--seed N] [--deaf]
// With --deaf one extension does not even mind the end of its input, so that the reaper is all there is.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ALLOWED_MS = 2_000;
/** Longest that a host takes to get anywhere on a busy machine. */
const PATIENCE_MS = 60_000;
const POLL_MS = 15;

/** When a host is killed: what it does, the line of its output that is waited for, and how long after that. */
const MOMENTS = [
  { name: "booting", way: "running", line: undefined, withinMs: 150 },
  { name: "starting", way: "running", line: "loading", withinMs: 150 },
  { name: "running", way: "running", line: "started", withinMs: 300 },
  { name: "restarting", way: "restarting", line: "started", withinMs: 300 },
  { name: "stopping", way: "stopping", line: "started", withinMs: 50 },
];

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000" },
    parallel: { type: "string", default: "8" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    deaf: { type: "boolean", default: false },
  },
});
const count = Number(values.count);
const random = mulberry32(Number(values.seed));
const fixtures = join(dirname(fileURLToPath(import.meta.url)), "..", "test", "e2e", "reaper", "fixtures");
const scratch = mkdtempSync(join(tmpdir(), "synaps-kill-"));
// TERM is one of the few variables that every extension, and with it every grandchild, gets.
const mark = `synaps-kill-${process.pid}-`;
const here = new Set(pids());
const folders = writeExtensions();

const results = [];
let next = 0;
await Promise.all(Array.from({ length: Number(values.parallel) }, worker));
await after(ALLOWED_MS);
const late = living();
for (const pid of late) kill(pid);
rmSync(scratch, { recursive: true, force: true });

const survivors = results.reduce((sum, result) => sum + result.survivors.length, 0) + late.length;
const summary = {
  kills: results.length,
  survivors,
  seed: Number(values.seed),
  extensions: folders.length,
  gone_after_ms: quantiles(results),
  by_moment: Object.fromEntries(MOMENTS.map(({ name }) => [name, byMoment(name)])),
  left_behind: results.flatMap(({ survivors: left }) => left).slice(0, 20),
};
process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
if (survivors > 0 || results.length !== count) process.exitCode = 1;

async function worker() {
  while (next < count) {
    const run = next++;
    const moment = MOMENTS[Math.floor(random() * MOMENTS.length)];
    results.push(await killOne(run, moment, random() * moment.withinMs));
  }
}

async function killOne(run, moment, waitMs) {
  const baseDir = join(scratch, `base-${run}`);
  const host = spawn(process.execPath, [join(fixtures, "host.mjs"), baseDir, moment.way, ...folders], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TERM: mark + run },
  });
  const ended = new Promise((resolve) => host.once("exit", resolve));
  if (moment.line) await said(host, moment.line);
  await after(waitMs);
  host.kill("SIGKILL");
  const killed = performance.now();
  await ended;
  const left = await untilGone({ run: String(run), hostPid: host.pid }, killed + ALLOWED_MS);
  const ms = performance.now() - killed;
  const told = left.map((pid) => `${moment.name} +${Math.round(waitMs)} ms: ${describe(pid)}`);
  for (const pid of left) kill(pid);
  rmSync(baseDir, { recursive: true, force: true });
  return { moment: moment.name, ms, survivors: told };
}

/** @returns {Promise<void>} */
function said(host, line) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`a host never said '${line}'`)), PATIENCE_MS);
    let text = "";
    host.stdout.on("data", (chunk) => {
      text += chunk;
      if (!text.includes(line)) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Who is left of a host when time is up. Nobody counts only when two looks in a row found nobody. */
async function untilGone(host, end) {
  for (let empty = 0; empty < 2;) {
    const left = living(host);
    empty = left.length === 0 ? empty + 1 : 0;
    if (performance.now() > end && left.length > 0) return left;
    if (empty < 2) await after(empty === 1 ? 1 : POLL_MS);
  }
  return [];
}

/** Everything that runs on behalf of one host, or of any. The reaper has no mark: it names its host instead. */
function living({ run = "", hostPid = 0 } = {}) {
  return pids().filter((pid) => {
    if (here.has(pid)) return false;
    const term = /(?:^|\0)TERM=([^\0]*)/.exec(read(pid, "environ"))?.[1] ?? "";
    if (run === "" ? term.startsWith(mark) : term === mark + run) return true;
    return read(pid, "cmdline").includes(`\0synaps-reaper\0${hostPid}\0`);
  });
}

function writeExtensions() {
  const make = (name, command, args) => {
    const root = join(scratch, "extensions", name);
    const hooks = [{ hook: "before_tool_call" }];
    const extension = { runtime: "process", command, args, permissions: ["tools.intercept"], hooks };
    mkdirSync(join(root, ".synaps-plugin"), { recursive: true });
    const manifest = { name, version: "1.0.0", extension };
    writeFileSync(join(root, ".synaps-plugin", "plugin.json"), JSON.stringify(manifest));
    return root;
  };
  const python = pythonPath();
  const shell = [join(fixtures, "forks-grandchild.sh"), ...(values.deaf ? ["deaf"] : [])];
  return [
    make("forks-grandchild", "/bin/sh", shell),
    ...(python ? [make("plain-child", python, [join(fixtures, "plain-child.py")])] : []),
    make("sdk-child", process.execPath, [join(fixtures, "sdk-child.mjs")]),
  ];
}

function pythonPath() {
  try {
    return execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

function pids() {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}

function describe(pid) {
  return `${pid} ${read(pid, "cmdline").replaceAll("\0", " ").slice(0, 120)}`;
}

function kill(pid) {
  try {
    process.kill(Number(pid), "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}

function byMoment(name) {
  const own = results.filter(({ moment }) => moment === name);
  const left = own.reduce((sum, result) => sum + result.survivors.length, 0);
  return { kills: own.length, survivors: left, gone_after_ms: quantiles(own) };
}

function quantiles(list) {
  const sorted = list.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { median: at(0.5), p99: at(0.99), max: at(1) };
}

function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
