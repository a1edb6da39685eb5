import { existsSync, readFileSync } from "node:fs";
import { startHost, startSdk } from "./contestants/ours.mjs";
import { startRaw } from "./contestants/raw.mjs";
import { writeResults } from "./lib/docs.mjs";
import { eventOf, SIZES } from "./lib/payload.mjs";
import { BASELINE } from "./lib/places.mjs";
import { interleave, median, throughput, timeCalls } from "./lib/rounds.mjs";

const ROUNDS = 7;
/** Runs that the baseline and the noise are taken from. */
const CALIBRATION_RUNS = 7;
/** A figure may be worse than its baseline by this many times the widest that calm runs differed, but at least by all of it. */
const NOISE_FACTOR = 3;
const LEAST_SLACK = 1;

/**
 * A short look at whether the road of an event has decayed: a few ratios against things that cannot decay with it, a
 * bare pipe and the JavaScript engine. Returns the exit code. Fails only far outside of the noise, and only when a
 * second look says the same.
 */
export async function guard({ calibrate, log, write }) {
  if (calibrate) return calibration(log, write);
  if (!existsSync(BASELINE)) throw new Error("no baseline: run with --calibrate first");
  const baseline = JSON.parse(readFileSync(BASELINE, "utf8"));
  for (const attempt of [1, 2]) {
    const found = await measure();
    const worse = Object.entries(baseline.figures).filter(([name, { limit }]) => found[name] > limit);
    for (const [name, { median: usual, limit }] of Object.entries(baseline.figures)) {
      write(
        `${name}: ${found[name].toFixed(2)}, usually ${usual.toFixed(2)}, fails above ${limit.toFixed(2)}\n`,
      );
    }
    if (worse.length === 0) return 0;
    log(
      `worse than the noise: ${worse.map(([name]) => name).join(", ")}${attempt === 1 ? "; looks again" : ""}`,
    );
  }
  return 1;
}

async function calibration(log, write) {
  const runs = [];
  for (let n = 0; n < CALIBRATION_RUNS; n += 1) {
    log(`calibration ${n + 1} of ${CALIBRATION_RUNS}`);
    runs.push(await measure());
  }
  const figures = Object.fromEntries(
    Object.keys(runs[0]).map((name) => {
      const all = runs.map((run) => run[name]);
      const usual = median(all);
      const noise = Math.max(...all.map((one) => Math.abs(one / usual - 1)));
      const limit = usual * (1 + Math.max(LEAST_SLACK, NOISE_FACTOR * noise));
      return [name, { median: usual, noise, limit }];
    }),
  );
  await writeResults(BASELINE, { runs: CALIBRATION_RUNS, figures });
  for (const [name, { median: usual, noise }] of Object.entries(figures)) {
    write(`${name}: ${usual.toFixed(2)}, noise ${(noise * 100).toFixed(0)} %\n`);
  }
  return 0;
}

/** Every figure is "times as long as": more is worse. */
async function measure() {
  const raw = startRaw();
  const ours = await startSdk();
  const filtering = await startHost({ one: { hooks: [{ hook: "bench.other", tool: "other" }] } });
  const small = eventOf(300);
  const large = eventOf(SIZES["32 KB"]);
  const pair = (name, work) =>
    [raw, ours].map((one) => ({ name: `${one.name} ${name}`, measure: () => work(one) }));
  const p50 = (event, calls) => async (one) => {
    const prepared = one.prepare(event);
    return median(await timeCalls(() => one.call(prepared), calls));
  };
  const perCall = async (one) => {
    const prepared = one.prepare(small);
    return 1 / (await throughput(() => one.call(prepared), 2_000, 200));
  };
  const empty = async () => {};
  const each = (work) => async () => {
    const from = performance.now();
    for (let n = 0; n < 10_000; n += 1) await work();
    return performance.now() - from;
  };
  const filtered = { kind: "bench.other", tool_name: "bash", tool_input: { command: "ls" } };
  const contestants = [
    ...pair("300 B", p50(small, 400)),
    ...pair("32 KB", p50(large, 50)),
    ...pair("pipelined", perCall),
    { name: "nothing", measure: each(empty) },
    { name: "nobody", measure: each(() => filtering.emit({ kind: "bench.nobody" })) },
    { name: "filtered", measure: each(() => filtering.emit(filtered)) },
  ];
  await interleave(contestants, 2);
  const samples = await interleave(contestants, ROUNDS);
  raw.stop();
  await Promise.all([ours.stop(), filtering.stop()]);
  // The lower quartile of the rounds: decay is in every round, and where the kernel puts the two processes is not.
  const least = (one, other) => samples.ratio(one, other).low;
  const against = (name) => least(`${ours.name} ${name}`, `${raw.name} ${name}`);
  return {
    "round trip of 300 B against a raw pipe": against("300 B"),
    "round trip of 32 KB against a raw pipe": against("32 KB"),
    "pipelined gates against a raw pipe": against("pipelined"),
    "emit without a subscriber against an empty async function": least("nobody", "nothing"),
    "emit filtered by tool against an empty async function": least("filtered", "nothing"),
  };
}
