// Lets several processes change the same files under a base folder, kills them at random, and counts: changes that were
// acknowledged and are lost, torn files, and stale locks with another number of winners than one. Each must be 0.
//     node scripts/records.mjs [--rounds 20] [--processes 4] [--changes 200] [--kills 5] [--takeovers 200]
//         [--seed N]
// Kills are those of each process in a round.
import { parseArgs } from "node:util";
import { seeded } from "../test/chaos/random.mjs";
import { runRound } from "../test/chaos/records/round.mjs";
import { runTakeovers } from "../test/chaos/records/takeovers.mjs";

/** Longest that a stale lock may cost more than no lock. */
const STALE_MS = 1_000;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    processes: { type: "string", default: "4" },
    changes: { type: "string", default: "200" },
    kills: { type: "string", default: "5" },
    takeovers: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const processes = Number(values.processes);
const random = seeded(Number(values.seed)).next;
const sizes = { processes, changes: Number(values.changes), mostKills: Number(values.kills), random };
const rounds = [];
for (let n = 0; n < Number(values.rounds); n += 1) rounds.push(await runRound(sizes));
const { firstMs, controlMs, ...takeovers } = await runTakeovers({
  processes,
  tries: Number(values.takeovers),
});

const sum = (count) => rounds.reduce((all, round) => all + count(round), 0);
const spread = (list) => {
  const sorted = list.toSorted((a, b) => a - b);
  return { p50: Math.round(sorted[Math.floor(sorted.length / 2)]), max: Math.round(sorted.at(-1)) };
};
const summary = {
  seed: Number(values.seed),
  rounds: rounds.length,
  processes,
  acknowledged: sum(({ acknowledged }) => acknowledged),
  kills: sum(({ kills }) => kills),
  lost: sum(({ lost }) => lost.length),
  torn: sum(({ torn }) => torn.length),
  errors: sum(({ errors }) => errors.length),
  left_over: sum(({ litter }) => litter),
  takeovers,
  stale_lock_ms: spread(firstMs),
  no_lock_ms: spread(controlMs),
};
process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
for (const { lost, torn, errors } of rounds)
  for (const one of [...lost, ...torn, ...errors].slice(0, 5)) process.stderr.write(`${one}\n`);
const wrong = summary.lost + summary.torn + summary.errors + takeovers.withoutOneWinner + takeovers.notAlone;
// The largest of all is the machine's own doing on a busy one.
if (wrong > 0 || summary.stale_lock_ms.p50 - summary.no_lock_ms.p50 > STALE_MS) process.exitCode = 1;
