import { fork } from "node:child_process";
import { once } from "node:events";
import { CHILD_ENV, child } from "../lib/places.mjs";
import { interleave } from "../lib/rounds.mjs";
import { atMost, microseconds, ratioText, table } from "../lib/tables.mjs";

export const name = "metrics";

const GATES = 200_000;
const WARM_UP = 5_000;
const MODES = { without: "without", counting: "counting", scraped: "counting, a scrape every 100 ms" };

/** A host that counts verdicts, outcomes and times against one that does not, and one that is scraped meanwhile. */
export async function run({ rounds, log }) {
  log("metrics: gates with and without numbers about them");
  const hosts = await Promise.all(Object.keys(MODES).map(start));
  for (const host of hosts) await host.measure(WARM_UP);
  const contestants = hosts.map(({ name: mode, measure }) => ({ name: mode, measure: () => measure(GATES) }));
  const samples = await interleave(contestants, rounds ?? 9);
  for (const host of hosts) host.stop();
  const figure = (of) => (block) => block[of];
  const rows = Object.entries(MODES).map(([mode, text]) => [
    text,
    microseconds(samples.of(mode, figure("cpu")).median),
    ratioText(samples.ratio(mode, "without", figure("cpu"))),
    microseconds(samples.of(mode, figure("p50")).median),
    microseconds(samples.of(mode, figure("p99")).median),
    ratioText(samples.ratio(mode, "without", figure("p99"))),
  ]);
  const ratio = (mode, of) => samples.ratio(mode, "without", figure(of));
  return {
    title: "Numbers about hooks",
    tables: [
      table(
        `${GATES.toLocaleString("en-US")} gates of 300 B in each round, each host in a process of its own`,
        ["host", "host CPU of a gate", "against without", "p50", "p99", "p99 against without"],
        rows,
      ),
    ],
    plots: [],
    shows: [
      atMost("13a", "host CPU of a gate with metrics against one without", ratio("counting", "cpu"), 1.05),
      atMost(
        "13b",
        "p50 of a gate with a scrape every 100 ms against one without metrics",
        ratio("scraped", "p50"),
        1.1,
      ),
    ],
  };
}

async function start(mode) {
  const host = fork(child("metrics-host.mjs"), [mode], { env: CHILD_ENV });
  await once(host, "message");
  return {
    name: mode,
    measure: async (/** @type {number} */ gates) => {
      host.send(gates);
      const [block] = await once(host, "message");
      return block;
    },
    stop: () => host.disconnect(),
  };
}
