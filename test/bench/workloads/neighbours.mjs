import { startHost } from "../contestants/ours.mjs";
import { interleave } from "../lib/rounds.mjs";
import { atMost, microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "neighbours";

const CALLS = 150;
const WARM_UP = 20;
const TOOL = { tool_name: "bash", tool_input: { command: "ls -la" } };
const ROAD = ["bench.healthy"];
const VETO = { hook: "bench.shared", phase: "veto" };
/** Breaker and restart are out of the way: the neighbour misbehaves from the first event to the last. */
const LIMITS = { breakerTimeouts: 1e9, hungDeadlines: 1e9 };
const WITH = {
  "never answers": { never: { hooks: [{ hook: "bench.never", timeout_ms: 200 }] } },
  sleeps: { sleep: { hooks: ["bench.sleep"] } },
  "floods stderr": { flood: { hooks: ["bench.flood"] } },
  "floods notifications": { flood: { hooks: ["bench.flood"] } },
};

/** A healthy extension's own times beside a neighbour that misbehaves, against its times alone. */
export async function run({ rounds, log }) {
  const hosts = { alone: await startHost({ healthy: { hooks: ROAD } }, { limits: LIMITS }) };
  for (const [habit, extension] of Object.entries(WITH)) {
    hosts[habit] = await startHost({ healthy: { hooks: ROAD }, ...extension }, { limits: LIMITS });
  }
  const contestants = Object.entries(hosts).map(([habit, host]) => ({
    name: habit,
    measure: () =>
      beside(host, habit, async () => {
        await healthyCalls(host, "bench.healthy", WARM_UP);
        return healthyCalls(host, "bench.healthy", CALLS);
      }),
  }));
  log("neighbours on kinds of their own");
  await interleave(contestants, 2);
  const samples = await interleave(contestants, Math.max(5, rounds ?? 11));
  for (const host of Object.values(hosts)) await host.stop();
  const shared = await vetoes(rounds, log);

  const p99 = (habit, key) => microseconds(samples.pooled(habit, (block) => block[key]).p99 * 1000);
  const ratio = (habit, key) => samples.pooledRatio(habit, "alone", 0.99, (block) => block[key]);
  const rows = Object.keys(hosts).map((habit) => [
    habit,
    p99(habit, "run"),
    ratioText(ratio(habit, "run")),
    p99(habit, "queue"),
    ratioText(ratio(habit, "queue")),
  ]);
  const columns = [
    "beside one that",
    "run p99",
    "against alone, 95 % interval",
    "queue p99",
    "against alone, 95 % interval",
  ];
  const shows = Object.keys(WITH).flatMap((habit) => [
    atMost(
      `8 ${habit}, run`,
      `healthy run_ms p99 beside one that ${habit}, against alone`,
      ratio(habit, "run"),
      1.5,
    ),
    atMost(
      `8 ${habit}, queue`,
      `healthy queue_ms p99 beside one that ${habit}, against alone`,
      ratio(habit, "queue"),
      1.5,
    ),
  ]);
  return {
    title: "Neighbours",
    tables: [table("The healthy extension's own times, kinds apart", columns, rows), ...shared.tables],
    shows: [...shows, ...shared.shows],
  };
}

/** The healthy one's own share of an event: how long it waited for its turn, and how long it then took. */
async function healthyCalls(host, kind, calls, chain) {
  const run = [];
  const queue = [];
  for (let n = 0; n < calls; n += 1) {
    const { votes } = await host.emit({ kind, ...TOOL }, chain ? { chain } : {});
    const own = votes.find(({ extension }) => extension === "healthy");
    if (own.status !== "voted") throw new Error(JSON.stringify(own));
    run.push(own.runMs);
    // Who does not wait at all waits for less than the clock can tell.
    queue.push(Math.max(own.queueMs, 0.001));
  }
  return { run, queue };
}

/** Keeps the neighbour at it while `work` runs. */
async function beside(host, habit, work) {
  let going = true;
  const emit = (/** @type {string} */ kind, /** @type {any} */ data = null) =>
    host.emit({ kind, ...TOOL, data });
  const keep = async (kind) => {
    while (going) await emit(kind);
  };
  const flood = { stderr: habit.includes("stderr"), notify: habit.includes("notifications") };
  /** @type {Promise<unknown>} */
  let kept = Promise.resolve();
  if (habit === "never answers") kept = Promise.all([keep("bench.never"), keep("bench.never")]);
  if (habit === "sleeps") kept = Promise.all([keep("bench.sleep"), keep("bench.sleep")]);
  if (habit.startsWith("floods")) await emit("bench.flood", { on: true, ...flood });
  const result = await work();
  going = false;
  if (habit.startsWith("floods")) await emit("bench.flood", { on: false });
  await kept;
  return result;
}

/** All on one kind as parallel vetoes: the healthy one's own wait must not grow because others are slow. */
async function vetoes(rounds, log) {
  log("neighbours as vetoes of one kind");
  const slow = { ...VETO, timeout_ms: 20 };
  const bad = (kind) => ({ hooks: [slow, kind] });
  const alone = await startHost({ healthy: { hooks: [VETO] } }, { limits: LIMITS });
  const three = { never: bad("bench.never"), sleep: bad("bench.sleep"), healthy: { hooks: [VETO] } };
  const main = new URL("../contestants/children/stuck.mjs", import.meta.url).pathname;
  three.never.main = main;
  three.sleep.main = main;
  const together = await startHost(three, { limits: LIMITS });
  const measure = (host, pauseMs) => async () => {
    const parts = [];
    for (let n = 0; n < 20; n += 1) {
      parts.push(await healthyCalls(host, "bench.shared", 1, "rewrite_then_veto"));
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    return parts.flatMap(({ queue }) => queue);
  };
  // Alone it rests between two events as long as the others would make it rest: a cold cache is slower.
  const contestants = [
    { name: "alone", measure: measure(alone, 20) },
    { name: "with two that never answer", measure: measure(together, 0) },
  ];
  await interleave(contestants, 1);
  const samples = await interleave(contestants, Math.max(5, rounds ?? 11));
  await Promise.all([alone.stop(), together.stop()]);
  const p99 = (one) => microseconds(samples.pooled(one).p99 * 1000);
  const names = contestants.map((one) => one.name);
  const ratio = samples.pooledRatio(names[1], "alone", 0.99);
  const rows = names.map((one) => [one, p99(one), ratioText(samples.pooledRatio(one, "alone", 0.99))]);
  return {
    tables: [table("Parallel vetoes on one kind", ["healthy", "queue p99", "against alone"], rows)],
    shows: [
      atMost(
        "8 vetoes, queue",
        "healthy queue_ms p99 beside two vetoes that never answer, against alone",
        ratio,
        1.5,
      ),
    ],
  };
}
