// Runs seeded mixes of hostile and healthy extensions under load and checks what must hold for every one of them:
// the accounting of votes, deadlines against a bare timer, healthy verdicts untouched, nothing left behind.
// Usage: chaos [--count 20] [--events 50000 in all] [--seed first] [--only one seed] [--record]
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  accounting,
  cleanEnd,
  MOST_EXCESS_MS,
  punctuality,
  sameAsWithout,
  wasStarved,
} from "../test/chaos/checks.mjs";
import { planOf } from "../test/chaos/plan.mjs";
import { runPlan } from "../test/chaos/run.mjs";

const RESULTS = fileURLToPath(new URL("../test/chaos/results.json", import.meta.url));
const text = /** @type {const} */ ({ type: "string" });
const { values } = parseArgs({
  options: { only: text, seed: text, count: text, events: text, record: { type: "boolean" } },
});
const count = values.only === undefined ? Number(values.count ?? 20) : 1;
const first = Number(values.only ?? values.seed ?? 1);
const each = Math.ceil(Number(values.events ?? 50_000) / Number(values.count ?? 20));

const seeds = [];
const excesses = [];
const controls = [];
/** Of votes that timed out at their own deadline, and of bare timers of the same length. */
const deadlines = [];
const bare = [];
for (let seed = first; seed < first + count; seed += 1) {
  const result = await runSeed(seed);
  seeds.push(result);
  print(result);
}
const summary = {
  seeds: seeds.length,
  events: seeds.reduce((sum, { events }) => sum + events, 0),
  votes: seeds.reduce((sum, { votes }) => sum + votes, 0),
  violations: seeds.reduce((sum, { violations }) => sum + violations.length, 0),
  not_compared_because_the_machine_was_starved: seeds.reduce((sum, one) => sum + one.not_compared, 0),
  most_excess_allowed_ms: MOST_EXCESS_MS,
  excess_over_control_ms: spread(excesses),
  control_timer_late_ms: spread(controls),
  deadline_late_ms: spread(deadlines),
  bare_timer_late_ms: spread(bare),
};
const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
if (values.record) writeFileSync(RESULTS, `${JSON.stringify({ machine, summary, seeds }, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
const failed = seeds.filter(({ violations }) => violations.length > 0);
for (const { seed, violations } of failed) {
  process.stderr.write(`seed ${seed}: ${violations.length} violations, for instance:\n`);
  for (const one of violations.slice(0, 5)) process.stderr.write(`  ${one.slice(0, 600)}\n`);
  process.stderr.write(
    `  replay: node scripts/chaos.mjs --only ${seed} --count ${String(values.count ?? 20)} --events ${String(values.events ?? 50_000)}\n`,
  );
}
process.exit(failed.length > 0 ? 1 : 0);

async function runSeed(seed) {
  const plan = planOf(seed, each);
  const all = [...plan.healthy, ...plan.hostile];
  const mixed = await runPlan(plan, all);
  const alone = await runPlan(plan, plan.healthy);
  for (const { excessMs, controlMs } of mixed.records) {
    if (excessMs !== undefined) excesses.push(excessMs);
    if (controlMs !== undefined) controls.push(controlMs);
  }
  bare.push(...mixed.bareLateMs);
  for (const { outcome } of mixed.records)
    for (const { reason, runMs } of outcome.votes)
      if (reason === "timeout" && runMs > 0) deadlines.push(runMs - plan.hostileMs);
  const late = mixed.records.map(({ excessMs }) => excessMs).filter((ms) => ms !== undefined);
  return {
    seed,
    policy: plan.policy,
    budget_ms: plan.budgetMs,
    hostile_deadline_ms: plan.hostileMs,
    in_flight: plan.inFlight,
    hostile: plan.hostile.map(({ habit, args }) => [habit, ...args].join(" ")),
    events: mixed.records.length,
    votes: mixed.records.reduce((sum, { outcome }) => sum + outcome.votes.length, 0),
    abstained: reasons(mixed),
    states: Object.fromEntries(mixed.snapshot.extensions.map(({ id, state }) => [id, state])),
    not_compared: mixed.records.filter((one) => wasStarved(plan, one, mixed.starved)).length,
    at_budget: late.length,
    excess_ms: spread(late),
    took_ms: Math.round(mixed.tookMs),
    took_without_hostile_ms: Math.round(alone.tookMs),
    stop_ms: Math.round(mixed.stopMs),
    peak_rss_mb: mixed.peakRssMb,
    violations: [
      ...accounting(plan, all, mixed),
      ...accounting(plan, plan.healthy, alone),
      ...punctuality(mixed),
      ...sameAsWithout(plan, mixed, alone),
      ...cleanEnd(plan, mixed),
      ...cleanEnd(plan, alone),
    ],
  };
}

function reasons({ snapshot }) {
  const total = {};
  for (const { reasons: own } of snapshot.subscriptions)
    for (const [reason, times] of Object.entries(own)) total[reason] = (total[reason] ?? 0) + times;
  return total;
}

function spread(values) {
  if (values.length === 0) return { n: 0 };
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 10) / 10;
  return { n: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

function print(result) {
  const {
    seed,
    policy,
    budget_ms,
    hostile_deadline_ms,
    in_flight,
    events,
    at_budget,
    excess_ms,
    took_ms,
    stop_ms,
  } = result;
  const { violations, hostile } = result;
  const verdict = violations.length === 0 ? "ok" : `${violations.length} VIOLATIONS`;
  process.stdout.write(
    `seed ${seed}: ${verdict}; ${policy}, budget ${budget_ms} ms, hostile deadline ${hostile_deadline_ms} ms, ` +
      `${in_flight} in flight, ${events} events in ${took_ms} ms, ${at_budget} at the budget (excess max ` +
      `${excess_ms.max ?? 0} ms), stop ${stop_ms} ms; ${hostile.join(", ")}\n`,
  );
}
