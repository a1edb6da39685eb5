import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { child } from "../lib/places.mjs";
import { interleave, median } from "../lib/rounds.mjs";
import { atMost, megabytes, table } from "../lib/tables.mjs";
import { bundled } from "./start-up.mjs";

export const name = "memory";

const COUNTS = [1, 10, 50];
const MB = 1024 * 1024;

/** Resident memory of hosts in processes of their own, and of their children. Linux only: it reads /proc. */
export async function run({ rounds, log }) {
  const main = await bundled();
  const contestants = COUNTS.map((count) => ({ name: String(count), measure: () => measure(count, main) }));
  log("memory of 1, 10 and 50");
  const samples = await interleave(contestants, Math.max(5, rounds ?? 5));
  const rows = COUNTS.map((count) => {
    const of = (figure) => megabytes(samples.of(String(count), figure).median);
    const children = (key) => of((block) => median(block.children.map((one) => one[key])));
    return [count, of((block) => block.rss), of((block) => block.heapUsed), children("rss"), children("pss")];
  });
  const [small, large] = [samples.blocks("1"), samples.blocks("50")];
  const each = small.map((one, round) => (large[round].rss - one.rss) / 49 / MB).sort((a, b) => a - b);
  const figure = { median: median(each), low: each[1], high: each.at(-2), rounds: each.length };
  const columns = ["extensions", "host, resident", "host, heap", "child, resident", "child, own share (PSS)"];
  return {
    title: "Memory",
    tables: [table("When nothing happens", columns, rows)],
    shows: [atMost("6b", "MB of host memory for each extension, 50 against 1", figure, 1)],
  };
}

async function measure(count, main) {
  const args = ["--expose-gc", child("memory-host.mjs"), String(count), main];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}
