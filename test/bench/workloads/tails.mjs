import { startSdk } from "../contestants/ours.mjs";
import { JSON_PIPE, startJsonPipe } from "../contestants/json-pipe.mjs";
import { eventOf } from "../lib/payload.mjs";
import { interleave, timeCalls } from "../lib/rounds.mjs";
import { atMost, fixed, microseconds, table } from "../lib/tables.mjs";

export const name = "tails";

const ROUNDS = 110;
const CALLS = 2_000;

/** The slowest thousandth of gates of 300 B against the bare JSON pipe's, over 220,000 calls each. */
export async function run({ rounds, log }) {
  const all = [startJsonPipe(), await startSdk()];
  const event = eventOf(300);
  const contestants = all.map((one) => ({
    name: one.name,
    measure: () => timeCalls(() => one.call(event), CALLS),
  }));
  await interleave(contestants, 2);
  log("p99.9 of gates of 300 B");
  const samples = await interleave(contestants, Math.max(5, rounds ?? ROUNDS));
  for (const one of all) await one.stop();
  const rows = all.map(({ name: one }) => {
    const { p50, p99, p999, calls } = samples.pooled(one);
    return [one, microseconds(p50), microseconds(p99), microseconds(p999), calls];
  });
  const ratio = samples.pooledRatio(all[1].name, JSON_PIPE, 0.999);
  return {
    title: "The slowest gates",
    tables: [table("One event of 300 B", ["contestant", "p50", "p99", "p99.9", "calls"], rows)],
    shows: [
      {
        ...atMost("p2", `p99.9 of a gate of 300 B against the ${JSON_PIPE}`, ratio, 3),
        detail: `95 % bootstrap interval ${fixed(ratio.low)}–${fixed(ratio.high)}, ${samples.pooled(all[1].name).calls} calls each`,
      },
    ],
  };
}
