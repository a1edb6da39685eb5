import { readFileSync } from "node:fs";
import { startHost } from "./contestants/ours.mjs";
import { child } from "./lib/places.mjs";
import { eventOf, SIZES } from "./lib/payload.mjs";
import { throughput } from "./lib/rounds.mjs";
import { median, slope } from "./lib/stats.mjs";
import { atMost, fixed, perSecond, table } from "./lib/tables.mjs";

const TICK_MS = 10;
const SAMPLE_MS = 2_000;
const RESTART_MS = 15_000;
const LARGE_MS = 1_000;
const MB = 1024 * 1024;
/** Growth from the second fifth to the last: more than this is a leak, less is what a heap does. */
const MOST_GROWTH_MB = 10;

/** Half the maximal rate for minutes, with an event of 1 MB each second and a killed child every 15 s. */
export async function soak({ minutes, log }) {
  const extensions = {
    sdk: {},
    second: {},
    python: { protocol: 1, command: "python3", main: child("plain.py") },
  };
  // Kills are what is tested here, so they must not add up to a quarantine.
  const host = await startHost(extensions, {
    limits: { crashBudget: 1e9, restartAttempts: 1e9, restartCapMs: 250 },
  });
  const small = eventOf(300);
  const large = eventOf(SIZES["1 MB"]);
  const emit = (event) => host.emit(event, { chain: "rewrite_then_veto" });
  const maximal = await throughput(() => emit(small), 5_000, 100);
  const rate = maximal / 2;
  log(`soak: ${minutes} min at ${Math.round(rate)}/s, half of the maximal rate`);

  const counts = { sent: 0, answered: 0, abstained: 0, restarts: 0, large: 0 };
  const settle = ({ votes }) => {
    counts.answered += 1;
    counts.abstained += votes.filter(({ status }) => status === "abstained").length;
  };
  const send = (event) => {
    counts.sent += 1;
    void emit(event).then(settle);
  };
  const from = performance.now();
  const seconds = () => (performance.now() - from) / 1000;
  let due = 0;
  const feeding = setInterval(() => {
    // What a lagging loop could not send is not made up for: that would be more than half the rate.
    due = Math.min(due + (rate * TICK_MS) / 1000, 200);
    while (due >= 1 && counts.sent - counts.answered < 500) {
      send(small);
      due -= 1;
    }
  }, TICK_MS);
  const bigger = setInterval(() => {
    counts.large += 1;
    send(large);
  }, LARGE_MS);
  const killing = setInterval(() => {
    const ids = Object.keys(extensions);
    if (kill(host, ids[counts.restarts % ids.length])) counts.restarts += 1;
  }, RESTART_MS);
  const memory = [];
  const sampling = setInterval(() => memory.push(sample(host, seconds())), SAMPLE_MS);
  await new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
  for (const timer of [feeding, bigger, killing, sampling]) clearInterval(timer);
  while (counts.answered < counts.sent) await new Promise((resolve) => setTimeout(resolve, 20));
  const took = seconds();
  await host.stop();
  return reported({ counts, memory, rate, took });
}

function kill(host, id) {
  const pid = host.snapshot().extensions.find((one) => one.id === id)?.process?.pid;
  if (typeof pid !== "number") return false;
  process.kill(pid, "SIGKILL");
  return true;
}

function sample(host, at) {
  const children = host.snapshot().extensions.map(({ id, process: one }) => [id, residentOf(one?.pid)]);
  const { rss, heapUsed } = process.memoryUsage();
  return { at, host: rss / MB, heap: heapUsed / MB, ...Object.fromEntries(children) };
}

function residentOf(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return Number.NaN; // It is being restarted.
  }
}

function reported({ counts, memory, rate, took }) {
  const part = (key, low, high) => {
    const slice = memory.slice(Math.floor(memory.length * low), Math.floor(memory.length * high));
    return median(slice.map((one) => one[key]).filter(Number.isFinite));
  };
  const keys = Object.keys(memory[0]).filter((key) => key !== "at");
  const rows = keys.map((key) => {
    const points = memory.filter((one) => Number.isFinite(one[key])).map((one) => [one.at / 60, one[key]]);
    const settled = points.slice(Math.floor(points.length / 5));
    return [
      key,
      `${fixed(part(key, 0.2, 0.4))} MB`,
      `${fixed(part(key, 0.8, 1))} MB`,
      `${slope(settled).toFixed(2)} MB/min`,
    ];
  });
  const growth = part("host", 0.8, 1) - part("host", 0.2, 0.4);
  const lost = counts.sent - counts.answered;
  const one = (value) => ({ median: value, low: value, high: value, rounds: 1 });
  const work = [
    ["asked for", perSecond(rate)],
    ["reached", perSecond(counts.sent / took)],
    ["events", counts.sent.toLocaleString("en-US")],
    ["of these, 1 MB", counts.large],
    ["killed children", counts.restarts],
    ["votes that abstained, in the time of restarts", counts.abstained],
  ];
  const lineOf = (name) => ({
    name,
    points: memory.filter((row) => Number.isFinite(row[name])).map((row) => [row.at, row[name]]),
  });
  return {
    title: "Soak",
    tables: [
      table(`${fixed(took / 60)} minutes`, ["what", "how much"], work),
      table(
        "Resident memory",
        ["process", "second fifth, median", "last fifth, median", "trend after the first fifth"],
        rows,
      ),
    ],
    plots: [
      {
        file: "soak",
        title: "Resident memory during the soak",
        x: "seconds",
        y: "MB",
        linear: true,
        lines: ["host", "sdk", "python"].map(lineOf),
      },
    ],
    shows: [
      atMost(
        "10a",
        "growth of the host from the second fifth of the soak to the last, MB",
        one(growth),
        MOST_GROWTH_MB,
      ),
      atMost("10b", "events without an outcome", one(lost), 0),
    ],
  };
}
