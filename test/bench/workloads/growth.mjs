import { startSdk } from "../contestants/ours.mjs";
import { startRaw } from "../contestants/raw.mjs";
import { eventOf } from "../lib/payload.mjs";
import { cpuMs, interleave, median, timeCalls } from "../lib/rounds.mjs";
import { microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "growth";

const KB = 1024;
/** @type {[string, number][]} */
const SIZES = [
  ["300 B", 300],
  ["1 KB", KB],
  ["4 KB", 4 * KB],
  ["16 KB", 16 * KB],
  ["64 KB", 64 * KB],
  ["256 KB", 256 * KB],
  ["1 MB", KB * KB],
  ["4 MB", 4 * KB * KB],
];

/** The round trip by size of the event, ours and the raw pipe's. */
export async function run({ rounds, log }) {
  log("growth with the size of the event");
  const all = [startRaw(), await startSdk()];
  const contestants = SIZES.flatMap(([size, bytes]) =>
    all.map((one) => {
      const prepared = one.prepare(eventOf(bytes));
      const calls = bytes <= 4 * KB ? 200 : bytes <= 64 * KB ? 40 : 4;
      const measure = async () => {
        let took;
        const cpu = await cpuMs(async () => (took = await timeCalls(() => one.call(prepared), calls, 1)));
        return { p50: median(took), cpu: (cpu * 1000) / (calls + 1) };
      };
      return { name: `${one.name} ${size}`, measure };
    }),
  );
  const samples = await interleave(contestants, Math.max(5, rounds ?? 11));
  for (const one of all) await one.stop();
  const [raw, ours] = all.map((one) => one.name);
  const p50 = (block) => block.p50;
  const rows = SIZES.map(([size]) => [
    size,
    microseconds(samples.of(`${ours} ${size}`, p50).median),
    microseconds(samples.of(`${ours} ${size}`, (block) => block.cpu).median),
    ratioText(samples.ratio(`${ours} ${size}`, `${raw} ${size}`, p50)),
  ]);
  const lines = [raw, ours].map((one) => ({
    name: one,
    points: SIZES.map(([size, bytes]) => [bytes, samples.of(`${one} ${size}`, p50).median]),
  }));
  return {
    title: "Growth with the size of the event",
    tables: [table("Round trip by size", ["event", "ours, p50", "ours, host CPU", "p50 / raw pipe"], rows)],
    plots: [{ file: "sizes", title: "Round trip by size of the event", x: "bytes", y: "µs, p50", lines }],
    shows: [],
  };
}
