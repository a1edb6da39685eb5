// Runs the events of a plan through one host with real processes, and measures.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { createHost, nullLogger } from "../../packages/host/dist/index.js";
import { writeExtensions } from "./extensions.mjs";

/** A bare echo process that takes this long shows that the machine had no time for processes. */
export const STARVED_MS = 200;

export async function runPlan(plan, extensions) {
  const scratch = mkdtempSync(join(tmpdir(), "synaps-chaos-"));
  const mark = `chaos-${process.pid}-${plan.seed}-${extensions.length}`;
  try {
    mkdirSync(join(scratch, "extensions"));
    writeExtensions(join(scratch, "extensions"), extensions);
    return await runHost(plan, scratch, mark);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function runHost(plan, scratch, mark) {
  const host = createHost({
    logger: nullLogger,
    folders: [join(scratch, "extensions")],
    baseDir: scratch,
    chain: plan.policy,
    limits: plan.limits,
    // One of the few variables that every child gets: survivors are found by it.
    env: { ...process.env, TERM: mark },
  });
  const rss = peak(() => process.memoryUsage().rss / 2 ** 20);
  await host.start();
  await healthyAreLive(host, plan.healthy);
  const control = controlProcess();
  const bare = bareTimers(plan.hostileMs);
  const started = performance.now();
  const records = await raiseAll(host, plan);
  await host.settled();
  const tookMs = performance.now() - started;
  const starved = await control.stop();
  const bareLateMs = bare.stop();
  const snapshot = host.snapshot();
  const stopping = performance.now();
  await host.stop();
  const stopMs = performance.now() - stopping;
  return {
    records,
    starved,
    bareLateMs,
    snapshot,
    tookMs,
    stopMs,
    left: survivors(mark),
    peakRssMb: Math.round(rss.stop()),
  };
}

/** The plan's time for a handshake may be too short for a busy machine: who failed by that gets another one. */
async function healthyAreLive(host, healthy) {
  const end = performance.now() + 120_000;
  const ids = new Set(healthy.map(({ id }) => id));
  for (;;) {
    const states = host.snapshot().extensions.filter(({ id }) => ids.has(id));
    if (states.every(({ state }) => state === "running" || state === "degraded")) return;
    if (performance.now() > end) {
      const told = states.map(({ id, state }) => `${id} ${state}`).join(", ");
      throw new Error(`the healthy extensions did not start: ${told}`);
    }
    const failed = states.filter(({ state }) => state === "failed");
    await Promise.all(failed.map(({ id }) => host.resume(id).catch(() => {})));
    await after(5);
  }
}

async function raiseAll(host, plan) {
  const records = [];
  let next = 0;
  const worker = async () => {
    while (next < plan.events.length) {
      const n = next++;
      records[n] = await raise(host, plan, plan.events[n]);
    }
  };
  await Promise.all(Array.from({ length: plan.inFlight }, worker));
  return records;
}

/** Raises one event beside a bare timer that is set in the same moment for the time the event may take. */
async function raise(host, { budgetMs }, event) {
  const started = performance.now();
  let controlMs;
  const control = setTimeout(() => (controlMs = performance.now() - started - budgetMs), budgetMs);
  const outcome = await host.emit(event);
  const overMs = performance.now() - started - budgetMs;
  clearTimeout(control);
  const settled = await outcome.settled;
  // Where even the bare timer did not fire yet, nothing was late.
  const excessMs = overMs <= 0 ? undefined : overMs - (controlMs ?? overMs);
  const from = performance.timeOrigin + started;
  return { outcome: settled, controlMs, excessMs, from, to: performance.timeOrigin + performance.now() };
}

/** How late bare timers of the same length are, all the while: what a deadline's own lateness is compared to. */
function bareTimers(ms) {
  const late = [];
  const timer = setInterval(() => {
    const due = performance.now() + ms;
    setTimeout(() => late.push(performance.now() - due), ms);
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return late;
    },
  };
}

/** Collects when the machine itself was too busy; see control-worker.mjs. */
function controlProcess() {
  const url = new URL("./control-worker.mjs", import.meta.url);
  const worker = new Worker(url, { workerData: { thresholdMs: STARVED_MS } });
  return {
    stop: () =>
      new Promise((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
        worker.postMessage("stop");
      }),
  };
}

function peak(read) {
  let most = read();
  const timer = setInterval(() => (most = Math.max(most, read())), 100);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

/** Processes of this run that are still there, by the mark in their environment. Linux only; elsewhere none is found. */
function survivors(mark) {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && ofProcess(name, "environ").split("\0").includes(`TERM=${mark}`))
    .map((pid) => `${pid} ${ofProcess(pid, "cmdline").replaceAll("\0", " ")}`);
}

/** Nothing for a process that ended meanwhile. */
function ofProcess(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
