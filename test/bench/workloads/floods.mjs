import { startHost } from "../contestants/ours.mjs";
import { child } from "../lib/places.mjs";
import { interleave, timeCalls } from "../lib/rounds.mjs";
import { quantile } from "../lib/stats.mjs";
import { atMost, microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "floods";

const ROUNDS = 15;
const CALLS = 2_000;
const TOOL = { tool_name: "bash", tool_input: { command: "ls -la" } };
const ALONE = "alone";
/** Breaker and restart are out of the way: the neighbour misbehaves from the first event to the last. */
const LIMITS = { breakerTimeouts: 1e9, hungDeadlines: 1e9 };
const FLOOD = { hooks: ["bench.flood"] };
const sidecar = { command: child("sidecar.mjs"), lifecycle: { command: "noise" } };
const HABITS = {
  "standard error": talking({ stderr: true }),
  notifications: talking({ notify: true }),
  "answers nobody asked for": talking({ answers: true }),
  "a sidecar's output": {
    extension: { ...FLOOD, manifest: { provides: { sidecar } } },
    async start(host) {
      (await host.sidecars.start("flood")).press();
    },
    async stop(host) {
      (await host.sidecars.start("flood")).release();
    },
  },
};

/** A healthy extension's gates beside a neighbour that floods the host, against the same gates alone. */
export async function run({ rounds, log }) {
  const alone = await startHost({ healthy: { hooks: ["bench.healthy"] } }, { limits: LIMITS });
  const hosts = [alone];
  const contestants = [{ name: ALONE, measure: () => calls(alone) }];
  for (const [habit, { extension, start, stop }] of Object.entries(HABITS)) {
    const extensions = { healthy: { hooks: ["bench.healthy"] }, flood: extension };
    const host = await startHost(extensions, { limits: LIMITS });
    hosts.push(host);
    contestants.push({
      name: habit,
      async measure() {
        await start(host);
        const took = await calls(host);
        await stop(host);
        return took;
      },
    });
  }
  await interleave(contestants, 1);
  log("gates beside floods");
  const samples = await interleave(contestants, Math.max(5, rounds ?? ROUNDS));
  for (const host of hosts) await host.stop();
  const of = (q) => (block) => quantile(block, q);
  const rows = contestants.map(({ name: one }) => [
    one,
    microseconds(samples.of(one, of(0.5)).median),
    ratioText(samples.ratio(one, ALONE, of(0.5))),
    microseconds(samples.of(one, of(0.99)).median),
    ratioText(samples.ratio(one, ALONE, of(0.99))),
  ]);
  const columns = ["beside a flood of", "p50", "against alone", "p99", "against alone"];
  const shows = Object.keys(HABITS).flatMap((habit) => [
    atMost(`p9 ${habit}, p50`, `p50 beside a flood of ${habit}`, samples.ratio(habit, ALONE, of(0.5)), 1.5),
    atMost(`p9 ${habit}, p99`, `p99 beside a flood of ${habit}`, samples.ratio(habit, ALONE, of(0.99)), 3),
  ]);
  return {
    title: "Floods",
    tables: [table(`Gates of a healthy extension, blocks of ${CALLS}`, columns, rows)],
    shows,
  };
}

function talking(what) {
  const tell = (host, on) => host.emit({ kind: "bench.flood", ...TOOL, data: { on, ...what } });
  return { extension: FLOOD, start: (host) => tell(host, true), stop: (host) => tell(host, false) };
}

function calls(host) {
  return timeCalls(async () => {
    const { votes } = await host.emit({ kind: "bench.healthy", ...TOOL });
    if (votes[0].status !== "voted") throw new Error(JSON.stringify(votes[0]));
  }, CALLS);
}
